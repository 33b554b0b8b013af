import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseIp, parseRange } from '../../src/core/cidr.ts'
import { ipText } from '../../src/core/ip-text.ts'
import { embedIn, NAT64_LENGTHS } from '../../src/core/nat64.ts'
import { addressPolicy } from '../../src/net/address-policy.ts'
import { nat64Policy } from '../../src/net/nat64-policy.ts'

const OWN = '2001:db8:64:ff00::/56'

const behind = (prefix: string, ipv4: string): string => {
  const range = parseRange(prefix)
  if (range === null) throw new Error(prefix)
  return ipText(embedIn(range, parseIp(ipv4)?.value ?? 0n))
}

const TOLD = [behind(OWN, '192.0.0.170'), behind(OWN, '192.0.0.171')]

describe('what may be contacted behind a NAT64', () => {
  it.each(NAT64_LENGTHS)('is what its IPv4 address may be, at a prefix of %d bits', (length) => {
    const prefix = `2001:db8::/${length}`
    const policy = nat64Policy()
    policy.note('ipv4only.arpa', [behind(prefix, '192.0.0.170')])
    for (const refused of ['10.0.0.1', '127.0.0.1', '169.254.169.254', '168.63.129.16', '100.64.0.1'])
      expect(policy.judge(behind(prefix, refused)), refused).toMatchObject({ allowed: false })
    expect(policy.judge(behind(prefix, '52.97.1.2'))).toEqual({ allowed: true })
    expect(policy.judge('2603:1016::1')).toEqual({ allowed: true })
  })

  it('is learned from that one name, however it is written', () => {
    const policy = nat64Policy()
    policy.note('outlook.office365.com', TOLD)
    expect(policy.judge(behind(OWN, '10.0.0.1'))).toEqual({ allowed: true })
    policy.note('IPV4only.arpa.', TOLD)
    expect(policy.judge(behind(OWN, '10.0.0.1'))).toEqual({ allowed: false, why: 'private behind NAT64' })
  })

  it('never grows, whatever a resolver says of the prefix', () => {
    const text = fc.oneof(
      fc.ipV6(),
      fc.ipV4().map((one) => `64:ff9b::${one}`),
      fc.constantFrom(...TOLD),
    )
    fc.assert(
      fc.property(fc.array(text), text, (told, address) => {
        const policy = nat64Policy()
        policy.note('ipv4only.arpa', [...told, behind('fd00::/96', '192.0.0.170')])
        if (!addressPolicy(address).allowed) expect(policy.judge(address).allowed).toBe(false)
      }),
    )
    const policy = nat64Policy()
    policy.note('ipv4only.arpa', [behind('fd00::/96', '192.0.0.170')])
    expect(policy.judge(behind('fd00::/96', '52.97.1.2')).allowed).toBe(false)
  })
})
