import packet from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeQuery, normalName } from '../../src/net/dns-guard.ts'

describe('encodeQuery', () => {
  it.each([
    ['outlook.office365.com', 'outlook.office365.com'],
    ['Outlook.Office365.COM.', 'outlook.office365.com'],
    ['_dns.resolver.arpa', '_dns.resolver.arpa'],
    ['büro.example', 'xn--bro-hoa.example'],
    [`${'a'.repeat(63)}.b`, `${'a'.repeat(63)}.b`],
  ])('asks for %s as %s', (name, wire) => {
    const encoded = encodeQuery({ name, type: 'A' }, 7)
    expect(encoded).toMatchObject({ ok: true, result: { asked: { name: wire, id: 7 } } })
    if (!encoded.ok) return
    const { questions, additionals, flag_rd } = packet.decode(encoded.result.bytes)
    expect(questions).toEqual([{ name: wire, type: 'A', class: 'IN' }])
    expect(additionals).toMatchObject([{ type: 'OPT', udpPayloadSize: 1232, flag_do: false }])
    expect(flag_rd).toBe(true)
  })

  it.each([
    ['nothing', ''],
    ['only a dot', '.'],
    ['an empty label', 'a..b'],
    ['a leading dot', '.a'],
    ['a label of 64', `${'a'.repeat(64)}.b`],
    ['254 bytes', `${'a'.repeat(63)}.`.repeat(3) + 'b'.repeat(62)],
    ['a blank', 'a b.c'],
    ['NUL', 'a\0.b'],
    ['a line break', 'a\n.b'],
    ['what IDNA refuses', 'xn--\u0080.test'],
  ])('refuses %s', (_, name) => {
    expect(encodeQuery({ name, type: 'A' }, 1)).toMatchObject({ ok: false, failure: 'params-refused' })
  })

  it('never yields a name that breaks the rules, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const name = normalName(text)
        if (name === null) return
        expect(name.length).toBeLessThanOrEqual(253)
        expect(name).toMatch(/^[\x21-\x7e]+$/)
        expect(name.split('.').every((label) => label.length >= 1 && label.length <= 63)).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('encodeQuery with more than a name', () => {
  const optionOf = (bytes: Buffer): unknown => {
    const [opt] = packet.decode(bytes).additionals ?? []
    return opt?.type === 'OPT' ? opt.options : undefined
  }

  it.each([
    ['203.0.113.0/24', { family: 1, ip: '203.0.113.0', sourcePrefixLength: 24 }],
    ['203.0.113.255/28', { family: 1, ip: '203.0.113.240', sourcePrefixLength: 28 }],
    ['203.0.113.77/32', { family: 1, ip: '203.0.113.77', sourcePrefixLength: 32 }],
    ['0.0.0.0/0', { family: 1, ip: '0.0.0.0', sourcePrefixLength: 0 }],
    ['2001:db8:1:2ff::/56', { family: 2, ip: '2001:db8:1:200::', sourcePrefixLength: 56 }],
  ])('sends the subnet %s, with the bits beyond it cleared', (clientSubnet, option) => {
    const encoded = encodeQuery({ name: 'a.test', type: 'A', clientSubnet }, 7)
    expect(encoded.ok && optionOf(encoded.result.bytes)).toMatchObject([{ ...option, scopePrefixLength: 0 }])
  })

  it.each([
    '',
    '203.0.113.0',
    '203.0.113.0/33',
    '203.0.113.0/-1',
    '203.0.113.0/24/0',
    '::/129',
    'a/8',
    '::1%x/64',
  ])('refuses the subnet "%s"', (clientSubnet) => {
    const encoded = encodeQuery({ name: 'a.test', type: 'A', clientSubnet }, 7)
    expect(encoded).toMatchObject({ ok: false, failure: 'params-refused' })
  })

  it('asks in class CH', () => {
    const encoded = encodeQuery({ name: 'id.server', type: 'TXT', chaos: true }, 7)
    expect(encoded.ok && packet.decode(encoded.result.bytes).questions).toEqual([
      { name: 'id.server', type: 'TXT', class: 'CH' },
    ])
  })

  it('sends no option for any text that is no subnet, and throws for none', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.tuple(fc.ipV4(), fc.nat(40)).map((at) => at.join('/')),
        ),
        (text) => {
          const encoded = encodeQuery({ name: 'a.test', type: 'A', clientSubnet: text }, 7)
          if (encoded.ok) expect(optionOf(encoded.result.bytes)).toHaveLength(1)
          else expect(encoded.failure).toBe('params-refused')
        },
      ),
    )
  })
})
