import type { Clock } from '../../../src/core/ports.ts'

export interface TestClock extends Clock {
  /** Moves time and runs what was due. */
  advance(ms: number): void
  /** How many calls are waiting. */
  readonly waiting: number
}

/** A clock that stands still until it is told otherwise. */
export function testClock(start = 1_763_640_000_000): TestClock {
  let time = start
  const due = new Map<symbol, { at: number; run: () => void }>()
  return {
    now: () => time,
    monotonic: () => time - start,
    after: (ms, run) => {
      const key = Symbol('timer')
      due.set(key, { at: time + ms, run })
      return () => void due.delete(key)
    },
    advance: (ms) => {
      time += ms
      for (const [key, timer] of [...due]) {
        if (timer.at > time) continue
        due.delete(key)
        timer.run()
      }
    },
    get waiting() {
      return due.size
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
