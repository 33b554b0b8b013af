import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseIp, type Range } from '../../src/core/cidr.ts'
import { ipText } from '../../src/core/ip-text.ts'
import {
  embeddedIn,
  embedIn,
  ipv4Behind,
  NAT64_LENGTHS,
  parsePrefix,
  prefixesIn,
  WELL_KNOWN_PREFIX,
} from '../../src/core/nat64.ts'

const numberOf = (address: string): bigint => parseIp(address)?.value ?? -1n

/** The tables of RFC 6052 2.4, written down from there. */
const EXAMPLES: readonly (readonly [prefix: string, address: string])[] = [
  ['2001:db8::/32', '2001:db8:c000:221::'],
  ['2001:db8:100::/40', '2001:db8:1c0:2:21::'],
  ['2001:db8:122::/48', '2001:db8:122:c000:2:2100::'],
  ['2001:db8:122:300::/56', '2001:db8:122:3c0:0:221::'],
  ['2001:db8:122:344::/64', '2001:db8:122:344:c0:2:2100::'],
  ['2001:db8:122:344::/96', '2001:db8:122:344::192.0.2.33'],
  [WELL_KNOWN_PREFIX, '64:ff9b::192.0.2.33'],
]

const ipv4 = fc.bigInt({ min: 0n, max: 0xffff_ffffn })

/** Any prefix that a NAT64 may have. */
const prefixes: fc.Arbitrary<Range> = fc
  .tuple(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.constantFrom(...NAT64_LENGTHS))
  .map(([value, bits]): Range => {
    const rest = BigInt(128 - bits)
    const plain = value & ~(0xffn << 56n)
    // Outside ::/8, where IPv4-mapped addresses would be read as IPv4.
    return { family: 6, first: ((plain | (1n << 125n)) >> rest) << rest, bits, exact: true }
  })

const textOf = ({ first, bits }: Range): string => `${ipText({ family: 6, value: first })}/${bits}`

describe('an IPv4 address behind a prefix', () => {
  it.each(EXAMPLES)('of %s is where RFC 6052 has it', (text, address) => {
    const prefix = parsePrefix(text)
    if (prefix === null) throw new Error(text)
    const made = embedIn(prefix, numberOf('192.0.2.33'))
    expect(made.value).toBe(numberOf(address))
    expect(embeddedIn(prefix, made)).toBe(numberOf('192.0.2.33'))
    expect(ipv4Behind([text], address)).toBe('192.0.2.33')
  })

  it('is what was put there, for every prefix and address', () => {
    fc.assert(
      fc.property(prefixes, ipv4, (prefix, value) => {
        const made = embedIn(prefix, value)
        expect(embeddedIn(prefix, made)).toBe(value)
        expect((made.value >> 56n) & 0xffn).toBe(0n)
        expect(ipv4Behind([textOf(prefix)], ipText(made))).toBe(ipText({ family: 4, value }))
      }),
    )
  })

  it('is read whatever stands after it, and never where the u octet is in use', () => {
    const prefix = parsePrefix('2001:db8:122::/48') as Range
    const made = embedIn(prefix, numberOf('192.0.2.33')).value
    expect(embeddedIn(prefix, { family: 6, value: made | 0xffn })).toBe(numberOf('192.0.2.33'))
    expect(embeddedIn(prefix, { family: 6, value: made | (1n << 56n) })).toBeNull()
  })

  it('is in no address that is not behind it, and in none of IPv4', () => {
    expect(ipv4Behind([], '2001:db8::1')).toBeNull()
    expect(ipv4Behind(['2001:db8:1::/96'], '2001:db8:2::192.0.2.1')).toBeNull()
    expect(ipv4Behind(['2001:db8:1::/96'], '192.0.2.1')).toBeNull()
    expect(ipv4Behind(['nonsense', '::/97'], '::ffff:192.0.2.1')).toBeNull()
    expect(ipv4Behind([], '64:ff9b:1::192.0.2.1')).toBeNull()
  })

  it('never throws, whatever the texts are', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.oneof(fc.string(), fc.ipV6()), (texts, address) => {
        const found = ipv4Behind(texts, address)
        expect(found === null || parseIp(found)?.family === 4).toBe(true)
      }),
    )
  })
})

describe('a prefix', () => {
  it.each(['2001:db8::/33', '2001:db8::/128', '10.0.0.0/32', '2001:db8:0:0:100::/96', '2001:db8::1/96', 'x'])(
    '%s is none',
    (text) => {
      expect(parsePrefix(text)).toBeNull()
    },
  )

  it('is told by the answers for the name that has IPv4 alone', () => {
    expect(prefixesIn(['64:ff9b::c000:aa', '64:ff9b::c000:ab'])).toEqual([WELL_KNOWN_PREFIX])
    expect(prefixesIn(['2001:db8:122:c000:0:aa00::'])).toEqual(['2001:db8:122::/48'])
    expect(prefixesIn([])).toEqual([])
    expect(prefixesIn(['192.0.0.170', '2001:db8::1', 'x'])).toEqual([])
  })

  it('is the one at which both addresses stand, where one of them stands at two places', () => {
    // The prefix itself holds 192.0.0.170 where a /32 would have it.
    const prefix = parsePrefix('2001:db8:c000:aa::/96') as Range
    const both = ['192.0.0.170', '192.0.0.171'].map((one) => ipText(embedIn(prefix, numberOf(one))))
    expect(prefixesIn(both)).toEqual(['2001:db8:c000:aa::/96'])
    expect(prefixesIn(both.slice(0, 1))).toEqual([])
  })

  it('is found again from the addresses that it makes, whichever it is', () => {
    fc.assert(
      fc.property(prefixes, (prefix) => {
        const both = ['192.0.0.170', '192.0.0.171'].map((one) => ipText(embedIn(prefix, numberOf(one))))
        expect(prefixesIn(both)).toContain(textOf(prefix))
      }),
    )
  })
})
