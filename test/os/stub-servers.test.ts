import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameservers, withAskedByStub } from '../../src/os/stub-servers.ts'

const FILE = `# This is /run/systemd/resolve/resolv.conf managed by man:systemd-resolved(8).
nameserver 10.1.0.53
nameserver\t2001:db8::53
nameserver 127.0.0.53
nameserver 10.1.0.53
search corp.example
`

describe('withAskedByStub', () => {
  it.each(['127.0.0.53', '127.0.0.54'])('adds the servers that the stub %s asks itself', (stub) => {
    expect(withAskedByStub([stub], () => FILE)).toEqual([stub, '10.1.0.53', '2001:db8::53'])
  })

  it.each([
    ['where servers are named themselves', ['10.1.0.53']],
    ['where there is another server beside the stub', ['127.0.0.53', '10.9.0.53']],
    ['where another forwarder listens', ['127.0.0.1']],
    ['where none is', []],
  ])('reads nothing %s', (_name, servers) => {
    const read = () => {
      throw new Error('was read')
    }
    expect(withAskedByStub(servers, read)).toEqual(servers)
  })

  it('knows the stub alone where there is no such file', () => {
    expect(withAskedByStub(['127.0.0.53'], () => null)).toEqual(['127.0.0.53'])
  })
})

describe('nameservers', () => {
  it('takes literal addresses of whole lines, and nothing else', () => {
    const lines = [
      ' nameserver 192.0.2.1',
      '#nameserver 192.0.2.2',
      'nameserver192.0.2.3',
      'nameserver 192.0.2.4 # here',
      'nameserver 192.0.2.5:5353',
      'nameserver fe80::1%eth0',
      'nameserver dns.example',
      'nameserver 192.0.2.999',
      'nameserver 192.0.2.6\r',
      'NAMESERVER 192.0.2.7',
    ]
    expect(nameservers(lines.join('\n'))).toEqual(['192.0.2.6'])
  })

  it('reads any text, and gives nothing but addresses, each once', () => {
    const line = fc.oneof(
      fc.string(),
      fc
        .tuple(
          fc.constantFrom('nameserver ', 'nameserver\t', 'search '),
          fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()),
        )
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const found = nameservers(lines.join('\n'))
        expect(found.filter((address) => isIP(address) === 0 || address.includes('%'))).toEqual([])
        expect(new Set(found).size).toBe(found.length)
      }),
    )
  })

  it('finds every address that is named in a line of its own', () => {
    const addresses = fc.uniqueArray(fc.oneof(fc.ipV4(), fc.ipV6()), { maxLength: 20 })
    fc.assert(
      fc.property(addresses, (named) => {
        expect(nameservers(named.map((one) => `nameserver ${one}\n`).join(''))).toEqual(named)
      }),
    )
  })
})
