import { describe, expect, it } from 'vitest'
import { done, failed } from '../../src/core/failure.ts'
import {
  atOnceFor,
  quietMoment,
  SERIES_MAX,
  series,
  steadied,
  succeeded,
  warmed,
} from '../../src/probes/shared/steps.ts'

const NEVER = new AbortController().signal

/** Tries that take a turn of the loop each; `most` is how many were in flight together. */
const counted = (ms: number) => {
  let now = 0
  let most = 0
  let tried = 0
  const attempt = async () => {
    tried += 1
    now += 1
    most = Math.max(most, now)
    await new Promise((soon) => setImmediate(soon))
    now -= 1
    return done({ ms })
  }
  return { attempt, most: () => most, tried: () => tried }
}

describe('a warmed series', () => {
  it.each([
    [5, 1],
    [100, 1],
    [101, 4],
  ])('on a path of %d ms has %d in flight', async (ms, atOnce) => {
    const { attempt, most, tried } = counted(ms)
    const { first, tried: kept } = await warmed(7, NEVER, attempt, (one) => one.ms)
    expect([most(), tried(), kept.length, first !== undefined]).toEqual([atOnce, 8, 7, true])
  })

  it('ends after two timeouts, the first try counted', async () => {
    let asked = 0
    const silent = async () => {
      asked += 1
      return failed<{ ms: number }>('timeout')
    }
    await warmed(7, NEVER, silent, (one) => one.ms)
    expect(asked).toBe(2)
  })

  it('goes one at a time where nothing is known', () => {
    expect(atOnceFor(null)).toBe(1)
  })
})

describe('a series of several at once', () => {
  it('keeps the order and the number', async () => {
    const tried = await series(6, NEVER, async (index) => done(index), { atOnce: 4 })
    expect(tried).toEqual([0, 1, 2, 3, 4, 5].map((ok) => ({ ok })))
  })
})

describe('a steadied series', () => {
  /** A runner whose pauses are counted and over at once; `times` are what tries take, in order, then the last for ever. */
  const timed = (times: readonly number[], signal = NEVER) => {
    let at = 0
    const pauses: number[] = []
    const after = (ms: number, run: () => void) => {
      pauses.push(ms)
      queueMicrotask(run)
      return () => undefined
    }
    const clock = { now: () => 0, monotonic: () => 0, after }
    const attempt = async () => done(times[Math.min(at++, times.length - 1)] ?? 0)
    const run = () => steadied(7, { signal, ports: { clock } }, attempt, (ms) => ms)
    return { run, pauses }
  }
  /** Looks at the runner's own timer, 20 ms apart, that make a quiet moment. */
  const LOOKS = 5
  const late = [55, 30, 52, 41, 38, 47, 60, 44]

  it('is one series where times agree', async () => {
    const { run, pauses } = timed([9, 1, 1.5, 2, 1, 1.2, 3, 1.1])
    expect(succeeded((await run()).tried)).toEqual([1, 1.5, 2, 1, 1.2, 3, 1.1])
    expect(pauses).toEqual([])
  })

  it('goes on until a moment in which the runner was busy is outvoted, and keeps what it saw', async () => {
    const { run, pauses } = timed([...late, 1])
    const kept = succeeded((await run()).tried)
    expect(kept).toHaveLength(21)
    expect(kept.slice(0, 7)).toEqual(late.slice(1))
    expect(kept.toSorted((a, b) => a - b)[10]).toBe(1)
    expect(pauses).toHaveLength(2 * LOOKS)
  })

  it('has an end on a way that never agrees', async () => {
    const { pauses, run } = timed(Array.from({ length: 200 }, (_, at) => (at % 3 === 0 ? 1 : 50)))
    expect((await run()).tried).toHaveLength(7 * SERIES_MAX)
    expect(pauses).toHaveLength((SERIES_MAX - 1) * LOOKS)
  })

  it('does not ask again where nobody answers, nor after its probe was ended', async () => {
    const ended = timed([...late, 1], AbortSignal.abort())
    expect((await ended.run()).tried).toEqual([])
    const clock = { now: () => 0, monotonic: () => 0, after: () => () => undefined }
    const silent = async () => failed<number>('timeout')
    const { tried } = await steadied(7, { signal: NEVER, ports: { clock } }, silent, (ms) => ms)
    expect(tried).toHaveLength(1)
  })

  it('ends its pause with its probe', async () => {
    const stop = new AbortController()
    const after = () => {
      queueMicrotask(() => stop.abort())
      return () => undefined
    }
    const clock = { now: () => 0, monotonic: () => 0, after }
    let at = 0
    const attempt = async () => done(late[at++] ?? 1)
    const { tried } = await steadied(6, { signal: stop.signal, ports: { clock } }, attempt, (ms) => ms)
    expect(tried.length).toBeLessThanOrEqual(7)
  })
})

describe('a quiet moment', () => {
  /** A clock whose timers come late by what is given, in order, then on time. */
  const clockOf = (lateness: readonly number[]) => {
    let at = 0
    let now = 0
    const after = (ms: number, run: () => void) => {
      now += ms + (lateness[at++] ?? 0)
      queueMicrotask(run)
      return () => undefined
    }
    return { now: () => now, monotonic: () => now, after }
  }
  const waited = async (lateness: readonly number[], signal = NEVER) => {
    const clock = clockOf(lateness)
    await quietMoment(clock, signal)
    return clock.now()
  }

  it('is a tenth of a second in which every timer came on time', async () => {
    expect(await waited([])).toBe(100)
    expect(await waited([1, 2, 1, 4, 1])).toBe(109)
  })

  it('begins again where a timer comes late', async () => {
    expect(await waited([0, 0, 0, 0, 30])).toBe(100 + 30 + 100)
  })

  it('is not waited for longer than a second by a runner that is always busy', async () => {
    const ms = await waited(Array.from({ length: 100 }, () => 15))
    expect(ms).toBeGreaterThanOrEqual(1_000)
    expect(ms).toBeLessThan(1_035)
  })

  it('ends with its probe', async () => {
    expect(await waited([], AbortSignal.abort())).toBe(0)
  })
})
