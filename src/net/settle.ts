import { setMaxListeners } from 'node:events'
import { failed, type Outcome } from '../core/failure.ts'

/** How long something may take, and the signal that ends it sooner. */
export interface Limits {
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** What `begin` is given: the first call decides, later ones are ignored. */
export type Settle<R> = (outcome: Outcome<R>) => void

/**
 * Turns something that ends by events into one outcome. `begin` starts it and returns what tidies up; that runs
 * exactly once, whoever ends it. Out of time: `late()`. Ended by the signal: `deadline-passed`. When the signal has
 * ended already nothing begins, and `abandon` lets go of what was opened for it.
 */
export function settleOnce<R>(
  limits: Limits,
  begin: (settle: Settle<R>) => () => void,
  late: () => Outcome<R> = () => failed('timeout'),
  abandon: () => void = () => {},
): Promise<Outcome<R>> {
  const { signal, timeoutMs } = limits
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      abandon()
      resolve(failed('deadline-passed'))
      return
    }
    let tidy: (() => void) | null = null
    let settled = false
    const settle: Settle<R> = (outcome) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      signal.removeEventListener('abort', aborted)
      tidy?.()
      resolve(outcome)
    }
    const aborted = (): void => settle(failed('deadline-passed'))
    const timer = setTimeout(() => settle(late()), timeoutMs)
    // A train of datagrams waits for many answers under one signal: that is no leak.
    setMaxListeners(0, signal)
    signal.addEventListener('abort', aborted, { once: true })
    try {
      const end = begin(settle)
      if (settled) end()
      else tidy = end
    } catch (error) {
      clearTimeout(timer)
      signal.removeEventListener('abort', aborted)
      reject(error)
    }
  })
}
