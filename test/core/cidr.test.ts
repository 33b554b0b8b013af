import { BlockList, isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyHolds, holds, overlap, parseIp, parseRange } from '../../src/core/cidr.ts'

describe('parseIp', () => {
  it.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4.5',
    ':::',
    '1::2::3',
    'fe80::1%eth0',
    '12345::',
    '::g',
    ' 1.2.3.4',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8:9',
    '0x7f.1',
    'localhost',
  ])('refuses %j', (text) => {
    expect(parseIp(text)).toBeNull()
  })

  it('takes an IPv4 address in IPv6 clothes for what it is', () => {
    expect(parseIp('::ffff:192.0.2.1')).toEqual(parseIp('192.0.2.1'))
    expect(parseIp('::FFFF:c000:201')).toEqual(parseIp('192.0.2.1'))
  })

  it('accepts exactly what the platform accepts', () => {
    const odd = fc.string({ unit: fc.constantFrom(...'0123456789abcdef:.'), maxLength: 20 })
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), odd), (text) => {
        expect(parseIp(text) !== null).toBe(isIP(text) !== 0)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('parseRange', () => {
  it.each(['1.2.3.4/33', '::/129', '1.2.3.4/', '1.2.3.4/08', '1.2.3.4/-1', '1.2.3.4/8/8', '/8', 'x/8'])(
    'refuses %j',
    (text) => {
      expect(parseRange(text)).toBeNull()
    },
  )

  it('tells a text that names the first address from one that does not', () => {
    expect(parseRange('10.0.0.0/8')?.exact).toBe(true)
    expect(parseRange('10.0.0.1/8')?.exact).toBe(false)
    expect(parseRange('::ffff:10.0.0.0/104')).toEqual(parseRange('10.0.0.0/8'))
  })

  it('holds what the platform says it holds', () => {
    const v4 = fc.tuple(
      fc.ipV4(),
      fc.integer({ min: 0, max: 32 }),
      fc.ipV4(),
      fc.constant<'ipv4' | 'ipv6'>('ipv4'),
    )
    fc.assert(
      fc.property(v4, ([net, bits, address, family]) => {
        const list = new BlockList()
        list.addSubnet(net, bits, family)
        expect(anyHolds([`${net}/${bits}`], address)).toBe(list.check(address, family))
      }),
    )
  })

  it('keeps the families apart and finds overlaps both ways', () => {
    const at = (text: string) => parseRange(text) ?? expect.fail(text)
    expect(holds(at('0.0.0.0/0'), parseIp('::1') ?? expect.fail())).toBe(false)
    expect(overlap(at('203.0.113.0/24'), at('203.0.113.16/28'))).toBe(true)
    expect(overlap(at('203.0.113.16/28'), at('203.0.113.0/24'))).toBe(true)
    expect(overlap(at('203.0.113.16/28'), at('203.0.113.32/28'))).toBe(false)
    expect(overlap(at('2001:db8::/32'), at('2001:db8:1::/48'))).toBe(true)
    expect(overlap(at('::/0'), at('0.0.0.0/0'))).toBe(false)
  })
})
