import type { Outcome } from '../core/failure.ts'
import { countdown } from './stopwatch.ts'

/** The first try has half of the time for itself, and goes on listening while the second is under way. */
const FIRST_SHARE = 1 / 2

/**
 * Makes one try, and a second beside it when the first was not answered within half of the time: one lost datagram is
 * not the end of a question. The first answer counts, also a late one to the first try. For questions that are not
 * timed: who measures loss or time must send once.
 */
export async function resent<R>(
  ask: (timeoutMs: number, signal: AbortSignal) => Promise<Outcome<R>>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Outcome<R>> {
  const left = countdown(timeoutMs)
  const over = new AbortController()
  const ended = AbortSignal.any([signal, over.signal])
  try {
    const first = ask(timeoutMs, ended)
    const early = await within(first, timeoutMs * FIRST_SHARE)
    if (early !== null) return early
    return await firstAnswer([first, ask(left(), ended)])
  } finally {
    over.abort()
  }
}

/** What comes in time; null when nothing does. */
function within<T>(work: Promise<T>, ms: number): Promise<T | null> {
  const { promise, resolve, reject } = Promise.withResolvers<T | null>()
  const timer = setTimeout(() => resolve(null), ms)
  work.then(resolve, reject).finally(() => clearTimeout(timer))
  return promise
}

/** The first outcome that is no timeout; where all are, the first's. */
function firstAnswer<R>(tries: readonly Promise<Outcome<R>>[]): Promise<Outcome<R>> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome<R>>()
  for (const one of tries) {
    one.then((outcome) => {
      if (outcome.ok || outcome.failure !== 'dns-timeout') resolve(outcome)
    }, reject)
  }
  Promise.all(tries).then(([first]) => {
    if (first !== undefined) resolve(first)
  }, reject)
  return promise
}
