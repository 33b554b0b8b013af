import type { Clock, Random } from '../core/ports.ts'

/** Ends after `ms`, or at once when `signal` aborts. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = clock.after(ms, end)
    signal.addEventListener('abort', end)
  })
}

/** First and longest pause between tries: a hub that restarts must not meet all of its runners in one second. */
const FIRST_MS = 1_000
const LONGEST_MS = 60_000
/** A hub may ask for more patience, up to this. */
const PATIENCE_MS = 300_000

/**
 * How long to wait after `failures` failures in a row (from 1): anything between nothing and a bound that doubles
 * from 1 s to 60 s ("full jitter"), on top of what the hub asked for.
 */
export function backoffMs(failures: number, random: Random, askedMs: number | null): number {
  const bound = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10))
  return Math.min(askedMs ?? 0, PATIENCE_MS) + random.unit() * bound
}
