import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listMonth, listShown } from '../../src/core/list-version.ts'

describe('how a list is named', () => {
  it.each([
    ['2024040100', 'April 2024'],
    ['2026123101', 'December 2026'],
    ['0000000000', null],
    ['2024130100', null],
    ['2024000100', null],
    ['', null],
  ])('the month of %j is %s', (version, month) => {
    expect(listMonth(version)).toBe(month)
  })

  it('says that it is the snapshot, and of when, where it was never fetched', () => {
    expect(listShown({ hub: '2024040100', refreshedAt: 1 })).toBe('2024040100')
    expect(listShown({ hub: '2024040100', refreshedAt: null })).toBe(
      '2024040100, snapshot of April 2024, never refreshed',
    )
    expect(listShown({ hub: '0000000000', refreshedAt: null })).toBe('none yet')
  })

  it('has a month or none for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const month = listMonth(text)
        return month === null || / 20\d\d$/.test(month)
      }),
    )
  })
})
