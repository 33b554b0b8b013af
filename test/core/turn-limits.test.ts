import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Buckets,
  CONVERSATION_FACTOR,
  PERSON_PER_MINUTE,
  REMEMBERED_KEYS,
  TurnLimits,
} from '../../src/core/turn-limits.ts'
import { testClock } from '../support/test-clock.ts'

const MINUTE = 60_000

describe('a turn', () => {
  it('is allowed twenty times at once and then again at the time that was named, not a millisecond before', () => {
    const clock = testClock()
    const limits = new TurnLimits(clock)
    for (let asked = 0; asked < PERSON_PER_MINUTE; asked++) expect(limits.take('ana', 'c').ok).toBe(true)
    const refused = limits.take('ana', 'c')
    expect(refused).toEqual({
      ok: false,
      whose: 'person',
      burst: 20,
      againAt: clock.now() + 3_000,
      tell: true,
    })
    clock.advance(2_999)
    expect(limits.take('ana', 'c').ok).toBe(false)
    clock.advance(1)
    expect(limits.take('ana', 'c').ok).toBe(true)
    expect(limits.take('ana', 'c').ok).toBe(false)
  })

  it('of one person is not taken by another, but all of a conversation share its own', () => {
    const clock = testClock()
    const limits = new TurnLimits(clock)
    let allowed = 0
    for (let person = 0; person < 10; person++) {
      for (let asked = 0; asked < PERSON_PER_MINUTE; asked++) if (limits.take(`p${person}`, 'c').ok) allowed++
    }
    expect(allowed).toBe(PERSON_PER_MINUTE * CONVERSATION_FACTOR)
    expect(limits.take('p9', 'c')).toMatchObject({ whose: 'conversation', burst: 60 })
    expect(limits.take('p9', 'elsewhere').ok).toBe(true)
  })

  it('that is refused takes nothing, and is told once a minute', () => {
    const clock = testClock()
    const limits = new TurnLimits(clock, 6)
    for (let asked = 0; asked < 6; asked++) limits.take('ana', 'c')
    const told: boolean[] = []
    for (let second = 0; second < 70; second++) {
      const turn = limits.take('ana', 'c')
      if (!turn.ok) told.push(turn.tell)
      clock.advance(1_000)
    }
    expect(told.filter(Boolean)).toHaveLength(2)
    expect(told).toHaveLength(70 - 6)
  })

  it('comes back soon when the clock was set back an hour', () => {
    let now = 1_763_640_000_000
    const limits = new TurnLimits({ now: () => now })
    for (let asked = 0; asked <= PERSON_PER_MINUTE; asked++) limits.take('ana', 'c')
    now -= 3_600_000
    const turn = limits.take('ana', 'c')
    expect(turn.ok || turn.againAt - now <= MINUTE).toBe(true)
    now += MINUTE
    expect(limits.take('ana', 'c').ok).toBe(true)
  })
})

describe('any order of turns', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 1, maxLength: 300 })

  it('allows at most the burst and one per pace in any stretch of time, in whole milliseconds', () => {
    fc.assert(
      fc.property(gaps, fc.integer({ min: 6, max: 1_000 }), (waits, perMinute) => {
        const clock = testClock()
        const limits = new TurnLimits(clock, perMinute)
        const everyMs = Math.ceil(MINUTE / perMinute)
        const allowed: number[] = []
        for (const wait of waits) {
          clock.advance(wait)
          const turn = limits.take('ana', 'c')
          if (turn.ok) allowed.push(clock.now())
          else expect(Number.isInteger(turn.againAt) && turn.againAt > clock.now()).toBe(true)
        }
        for (const [from, start] of allowed.entries()) {
          for (const [to, end] of allowed.entries()) {
            if (to < from) continue
            expect(to - from + 1).toBeLessThanOrEqual(perMinute + Math.floor((end - start) / everyMs))
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('says "20 times in a minute" only where that is so, and the time that it names works', () => {
    fc.assert(
      fc.property(gaps, (waits) => {
        const clock = testClock()
        const limits = new TurnLimits(clock)
        const allowed: number[] = []
        for (const wait of waits) {
          clock.advance(Math.floor(wait / 8))
          const turn = limits.take('ana', 'c')
          if (turn.ok) {
            allowed.push(clock.now())
            continue
          }
          expect(allowed.filter((at) => at > clock.now() - MINUTE).length).toBeGreaterThanOrEqual(turn.burst)
          clock.advance(turn.againAt - clock.now())
          expect(limits.take('ana', 'c').ok).toBe(true)
          allowed.push(clock.now())
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('memory', () => {
  it('is bounded, whoever asks, and forgets those first whose bucket is full', () => {
    const buckets = new Buckets({ burst: 2, everyMs: 1_000 })
    buckets.take('old', 0)
    buckets.take('new', 5_000)
    buckets.take('new', 5_000)
    for (let key = 0; key < REMEMBERED_KEYS + 50; key++) buckets.take(`k${key}`, 5_000)
    expect(buckets.size).toBeLessThanOrEqual(REMEMBERED_KEYS)
    expect(buckets.nextAt('old', 5_000)).toBeLessThanOrEqual(5_000)
  })
})
