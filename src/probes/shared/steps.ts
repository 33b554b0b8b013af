import type { Failure, Outcome } from '../../core/failure.ts'

/** One try in a series: the failed ones are kept too, because a failure is evidence. */
export type Tried<R> = { readonly ok: R } | { readonly failure: Failure }

/** A server that let two questions in a row go unanswered is not asked again: the rest would only cost time. */
const GIVE_UP_AFTER = 2

/**
 * Tries `times` times, one at a time, and stops early after two timeouts in a row or when the signal ends it.
 * Returns what was tried, in order.
 */
export async function series<R>(
  times: number,
  signal: AbortSignal,
  attempt: (index: number) => Promise<Outcome<R>>,
): Promise<Tried<R>[]> {
  const tried: Tried<R>[] = []
  let silent = 0
  for (let index = 0; index < times && silent < GIVE_UP_AFTER && !signal.aborted; index++) {
    const outcome = await attempt(index)
    tried.push(outcome.ok ? { ok: outcome.result } : { failure: outcome.failure })
    silent = !outcome.ok && isTimeout(outcome.failure) ? silent + 1 : 0
  }
  return tried
}

/** Runs `work` over all items, at most `limit` in flight; results keep the order of the items. */
export async function eachLimited<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++
      results[index] = await work(items[index] as T)
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane))
  return results
}

/** The results of the tries that succeeded. */
export function succeeded<R>(tried: readonly Tried<R>[]): R[] {
  return tried.flatMap((one) => ('ok' in one ? [one.ok] : []))
}

/** The failure words of the tries that did not. */
export function failures<R>(tried: readonly Tried<R>[]): Failure[] {
  return tried.flatMap((one) => ('failure' in one ? [one.failure] : []))
}

/** Reports whether a word means that nothing came back: the way there may give up before the question does. */
export function isTimeout(failure: Failure): boolean {
  return failure === 'timeout' || failure === 'dns-timeout'
}
