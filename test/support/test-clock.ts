import type { Clock } from '../../src/core/ports.ts'

export interface TestClock extends Clock {
  /** Moves time and runs what was due, in order. */
  advance(ms: number): void
  /** How many calls are waiting. */
  readonly waiting: number
  /** How long until the next call, ms; null when none waits. */
  readonly next: number | null
}

/** A clock that stands still until it is told otherwise. */
export function testClock(start = 1_763_640_000_000): TestClock {
  let time = start
  const due = new Map<symbol, { at: number; run: () => void }>()
  const first = () => [...due].toSorted(([, a], [, b]) => a.at - b.at)[0]
  return {
    now: () => time,
    monotonic: () => time - start,
    after: (ms, run) => {
      const key = Symbol('timer')
      due.set(key, { at: time + ms, run })
      return () => void due.delete(key)
    },
    advance: (ms) => {
      const end = time + ms
      for (let timer = first(); timer && timer[1].at <= end; timer = first()) {
        time = Math.max(time, timer[1].at)
        due.delete(timer[0])
        timer[1].run()
      }
      time = end
    },
    get waiting() {
      return due.size
    },
    get next() {
      const timer = first()
      return timer ? timer[1].at - time : null
    },
  }
}

/** The real one, for tests in which only order matters. */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
