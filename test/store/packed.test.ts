import { deflateRawSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PACKED_NAMES, pack, TooLargeToPack, unpack } from '../../src/store/packed.ts'
import { checkProps, MAX_BINARY } from '../../src/store/row-rules.ts'

/** Text that no packing makes smaller: every character of its own. */
function noise(length: number): string {
  let state = 1
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647
    return String.fromCharCode(33 + (state % 90))
  }).join('')
}

describe('a packed value', () => {
  it('comes back as it was, whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const round = JSON.parse(JSON.stringify(value)) as unknown
        expect(unpack(pack(value))).toEqual(round)
      }),
    )
  })

  it('fits a row when it is large, and comes back', () => {
    const value = { text: noise(500_000) }
    const props = pack(value)
    expect(Object.keys(props).length).toBeGreaterThan(2)
    expect(() => checkProps('p', 'r', props)).not.toThrow()
    for (const chunk of Object.values(props)) expect((chunk as Uint8Array).length).toBeLessThan(MAX_BINARY)
    expect(unpack(props)).toEqual(value)
  })

  it('is refused when it does not fit a row', () => {
    expect(() => pack(noise(2_000_000))).toThrow(TooLargeToPack)
  })

  it('writes no property that a replacement does not clear', () => {
    const names = Object.keys(pack(noise(700_000)))
    expect(names.every((name) => PACKED_NAMES.includes(name))).toBe(true)
  })

  it.each<[string, Parameters<typeof unpack>[0]]>([
    ['never written', {}],
    ['text', { d: 'x' }],
    ['empty', { d: new Uint8Array() }],
    ['of a newer format', { d: new Uint8Array([2, 1, 2, 3]) }],
    ['not deflated', { d: new Uint8Array([1, 255, 255, 255]) }],
    ['not JSON', { d: new Uint8Array([1, ...deflateRawSync(Buffer.from('{'))]) }],
    ['without its first part', { d1: new Uint8Array([1, 2, 3]) }],
    ['a bomb', { d: new Uint8Array([1, ...deflateRawSync(Buffer.alloc(17 * 1024 * 1024, 32))]) }],
  ])('that is %s is read as nothing', (_name, props) => {
    expect(unpack(props)).toBeUndefined()
  })

  it('that is damaged anywhere is read as nothing or as JSON, and never throws', () => {
    const whole = pack({ a: [1, 2, 3], b: 'text that is long enough to have a few bytes' })['d'] as Uint8Array
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
        const bytes = new Uint8Array(whole)
        bytes[at] = byte
        unpack({ d: bytes.subarray(0, length) })
      }),
      { numRuns: 2000 },
    )
  })
})
