import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newId, shortId } from '../../src/core/ids.ts'
import { officeIdOf } from '../../src/core/office-id.ts'
import { idField, officeIdField } from '../../src/wire/fields.ts'

const randomOf = (hex: string) => ({ hex: () => hex, unit: () => 0 })
const moment = fc.integer({ min: 0, max: 32 ** 9 - 1 })
const nineBytes = fc
  .uint8Array({ minLength: 9, maxLength: 9 })
  .map((bytes) => Buffer.from(bytes).toString('hex'))

describe('an id', () => {
  it('has 22 characters that can be read aloud and that every table and message takes', () => {
    fc.assert(
      fc.property(moment, nineBytes, (now, hex) => {
        const id = newId(now, randomOf(hex))
        expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{22}$/)
        expect(idField.safeParse(id).success).toBe(true)
      }),
    )
  })

  it('sorts by its time', () => {
    fc.assert(
      fc.property(moment, moment, nineBytes, nineBytes, (a, b, x, y) => {
        const [first, second] = [newId(a, randomOf(x)), newId(b, randomOf(y))]
        if (a !== b) expect(first < second).toBe(a < b)
      }),
    )
  })

  it('differs wherever the first 65 random bits differ', () => {
    const ids = Array.from({ length: 72 }, (_, bit) =>
      newId(1, randomOf((1n << BigInt(bit)).toString(16).padStart(18, '0'))),
    )
    expect(new Set(ids).size).toBe(66)
  })

  it('is shown by its last six characters', () => {
    expect(shortId('0123456789abcdefghjk4m')).toBe('GHJ-K4M')
    expect(shortId('x')).toBe('X-')
  })
})

describe('the id of an office', () => {
  it.each([
    ['Seattle', 'seattle'],
    ['New York', 'new-york'],
    ['Zürich', 'zurich'],
    ['  São Paulo / Centro ', 'sao-paulo-centro'],
    ['St. John’s', 'st-john-s'],
    ['Ｏｓａｋａ', 'osaka'],
    ['A name that is far too long to keep', 'a-name-that-is-far-too-l'],
    ['twenty-three-characters x', 'twenty-three-characters'],
    ['../../etc', 'etc'],
    ['__proto__', 'proto'],
  ])('of %s is %s', (name, id) => {
    expect(officeIdOf(name)).toBe(id)
  })

  it.each(['東京', '🏢', 'x', '!!!', ''])('of %j is made of a number, the same each time', (name) => {
    expect(officeIdOf(name)).toMatch(/^office-\d{1,10}$/)
    expect(officeIdOf(name)).toBe(officeIdOf(name))
  })

  it('differs between names in other scripts', () => {
    expect(officeIdOf('東京')).not.toBe(officeIdOf('大阪'))
  })

  it('is one that every message and every table takes, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(officeIdField.safeParse(officeIdOf(name)).success).toBe(true)
      }),
    )
  })
})
