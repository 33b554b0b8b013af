import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newSelfCode, readSelfCode, selfPageSchema, selfSecretHash } from '../../src/wire/self-check.ts'
import { random } from '../store/contract.ts'

const RANDOM = { ...random, unit: () => 0.5 }
const KEY = '0'.repeat(40)

describe('the code of a self-check', () => {
  it('is 160 bits that a person may paste in any case, with the letters that look alike', () => {
    const codes = new Set(Array.from({ length: 200 }, () => newSelfCode(RANDOM)))
    expect(codes.size).toBe(200)
    for (const code of codes) {
      expect(code).toMatch(/^dsm_[0-9A-HJKMNP-TV-Z]{32}$/)
      expect(readSelfCode(` ${code.toLowerCase()}\r`)).toBe(code)
      expect(readSelfCode(code.replace('dsm_', 'DSM_').replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(code)
    }
  })

  it.each([
    '',
    'dsm_',
    `dsm_${'0'.repeat(31)}`,
    `dsm_${'0'.repeat(33)}`,
    `dsm_${'U'.repeat(32)}`,
    `dse_a_${'0'.repeat(32)}`,
  ])('is not “%s”', (text) => {
    expect(readSelfCode(text)).toBeNull()
  })

  it('is read from any text or from none, always in one spelling', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((tail) => `dsm_${tail}`),
        ),
        (text) => {
          const code = readSelfCode(text)
          if (code !== null) expect(readSelfCode(code)).toBe(code)
        },
      ),
    )
  })

  it('is stored as a hash that does not lead back', () => {
    expect(selfSecretHash('dsm_x')).toMatch(/^[0-9a-f]{64}$/)
    expect(selfSecretHash('dsm_x')).not.toBe(selfSecretHash('dsm_y'))
  })
})

describe('what a page posts', () => {
  const page = (over: object) => ({ key: KEY, timeZone: 'Europe/London', doors: [], ...over })

  it.each([
    ['an address of its own', { egress: ['203.0.113.7'] }],
    ['a time that is none', { doors: [{ name: 'teams', kind: 'answered', ms: Number.NaN }] }],
    ['a time before it began', { doors: [{ name: 'teams', kind: 'answered', ms: -1 }] }],
    ['a time of hours', { doors: [{ name: 'teams', kind: 'answered', ms: 3_600_000 }] }],
    ['an answer without a time', { doors: [{ name: 'teams', kind: 'answered' }] }],
    ['silence with a time', { doors: [{ name: 'teams', kind: 'silent', ms: 5 }] }],
    ['a word of its own', { doors: [{ name: 'teams', kind: 'well' }] }],
    ['too many doors', { doors: Array.from({ length: 11 }, () => ({ name: 'teams', kind: 'silent' })) }],
    ['a zone of 65 letters', { timeZone: 'x'.repeat(65) }],
    ['a zone with a line end', { timeZone: 'a\nb' }],
    ['a key of another shape', { key: 'x' }],
  ])('is refused with %s', (_what, over) => {
    expect(selfPageSchema.safeParse(page(over)).success).toBe(false)
  })

  it('is refused or of its shape, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(selfPageSchema.safeParse(value).success).toBe(false)
        expect(selfPageSchema.safeParse(page({ doors: value })).success).toBe(
          Array.isArray(value) && value.length === 0,
        )
      }),
    )
  })
})
