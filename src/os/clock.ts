import type { Clock } from '../core/ports.ts'

/** The host's clock, `offsetMs` wrong: a world says by how much its hosts' clocks are. */
export function systemClock(offsetMs = 0): Clock {
  return {
    now: () => Date.now() + offsetMs,
    monotonic: () => performance.now(),
    after: (ms, run) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  }
}
