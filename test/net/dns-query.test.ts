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
