import { performance } from 'node:perf_hooks'

/** Node's timers count whole milliseconds of a clock read once per loop: they may fire this early and still be in order. */
const EARLY_MS = 0.4

/** Timers that end with the world, and never fire noticeably early. */
export interface Timers {
  after(ms: number, run: () => void): void
  sleep(ms: number): Promise<void>
  close(): void
}

export const createTimers = (): Timers => {
  const pending = new Set<NodeJS.Timeout>()
  let closed = false
  const arm = (due: number, run: () => void): void => {
    if (closed) return
    const left = due - performance.now()
    if (left <= EARLY_MS) {
      run()
      return
    }
    const timer = setTimeout(() => {
      pending.delete(timer)
      arm(due, run)
    }, Math.round(left))
    pending.add(timer)
  }
  const after = (ms: number, run: () => void): void => {
    if (ms <= EARLY_MS) setImmediate(() => closed || run())
    else arm(performance.now() + ms, run)
  }
  return {
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    close: () => {
      closed = true
      for (const timer of pending) clearTimeout(timer)
      pending.clear()
    },
  }
}

/** A repeatable stream of numbers in [0, 1): mulberry32, public domain, good enough to lose packets with. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
