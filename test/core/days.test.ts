import { describe, expect, it } from 'vitest'
import { dayOf, lastDays } from '../../src/core/days.ts'

const HOUR = 3_600_000

describe('days in a zone', () => {
  it('follow each other without a gap, also when clocks change', () => {
    const days = lastDays(Date.UTC(2026, 10, 20, 12), 30, 'America/Los_Angeles')
    expect(days.slice(1).every((day, index) => day.from === days[index]?.to)).toBe(true)
    expect(new Set(days.map(({ from, to }) => (to - from) / HOUR))).toEqual(new Set([24, 25]))
    expect(new Date(days.at(-1)?.from ?? 0).toISOString()).toBe('2026-11-20T08:00:00.000Z')
  })

  it('are read as they are written, and there is no 30 February', () => {
    expect(dayOf('2026-03-29', 'Europe/London')).toEqual({
      from: Date.UTC(2026, 2, 29),
      to: Date.UTC(2026, 2, 29, 23),
    })
    for (const text of ['2026-02-30', '2026-13-01', '26-1-1', '']) expect(dayOf(text, 'UTC')).toBeNull()
  })
})
