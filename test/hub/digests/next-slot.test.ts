import { describe, expect, it } from 'vitest'
import { EVERY_DAY, WORK_DAYS } from '../../../src/core/digest.ts'
import { newestSlot, nextSlot } from '../../../src/hub/digests/next-slot.ts'

const at = (iso: string) => Date.parse(iso)
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16)
const daily = (time: string, timeZone = 'Europe/London') => ({ days: EVERY_DAY, time, timeZone })

/** So many times in a row, from a moment on. */
function run(plan: ReturnType<typeof daily>, from: string, count: number): readonly string[] {
  const slots: string[] = []
  for (let now = at(from); slots.length < count; ) {
    now = nextSlot(plan, now)
    slots.push(iso(now))
  }
  return slots
}

describe('when a digest is due', () => {
  it('is by the clocks of its zone, whatever UTC says', () => {
    expect(run(daily('08:00'), '2026-03-27T12:00Z', 3)).toEqual([
      '2026-03-28T08:00',
      '2026-03-29T07:00',
      '2026-03-30T07:00',
    ])
    expect(run(daily('08:00'), '2026-10-23T12:00Z', 3)).toEqual([
      '2026-10-24T07:00',
      '2026-10-25T08:00',
      '2026-10-26T08:00',
    ])
  })

  it('is the end of the gap for a time that a day in March leaves out, once', () => {
    expect(run(daily('01:30'), '2026-03-28T12:00Z', 2)).toEqual(['2026-03-29T01:00', '2026-03-30T00:30'])
  })

  it('is once for a time that a day in October has twice', () => {
    const slots = run(daily('01:30'), '2026-10-24T12:00Z', 2)
    expect(slots).toEqual(['2026-10-25T00:30', '2026-10-26T01:30'])
  })

  it('is on the days that were chosen alone, Sunday among them', () => {
    expect(run({ ...daily('07:30', 'Europe/Paris'), days: WORK_DAYS }, '2026-11-20T12:00Z', 2)).toEqual([
      '2026-11-23T06:30',
      '2026-11-24T06:30',
    ])
    expect(run({ ...daily('07:30', 'UTC'), days: [7] }, '2026-11-20T12:00Z', 2)).toEqual([
      '2026-11-22T07:30',
      '2026-11-29T07:30',
    ])
  })

  it('after an outage is the newest one, and the others are counted', () => {
    const plan = daily('08:00')
    const from = at('2026-11-20T08:00Z')
    expect(newestSlot(plan, from, at('2026-11-23T09:00Z'))).toEqual({
      slot: at('2026-11-23T08:00Z'),
      missed: 3,
    })
    expect(newestSlot(plan, from, from)).toEqual({ slot: from, missed: 0 })
  })
})
