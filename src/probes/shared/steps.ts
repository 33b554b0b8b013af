import type { Failure, Outcome } from '../../core/failure.ts'
import type { Clock } from '../../core/ports.ts'
import { least, median } from './numbers.ts'

/** One try in a series: the failed ones are kept too, because a failure is evidence. */
export type Tried<R> = { readonly ok: R } | { readonly failure: Failure }

/** A server that let two questions in a row go unanswered is not asked again: the rest would only cost time. */
const GIVE_UP_AFTER = 2

/**
 * Above this a path is slow: four tries in flight then bias each other's times by less than 2 ms (probes.md 1g), which
 * no limit for such a path notices, and one at a time would take seconds.
 */
const SLOW_MS = 100

/** How many tries on a slow path are in flight together. */
const SLOW_AT_ONCE = 4

/** How many tries may be in flight on a path on which one took `ms`; null: not known, so one. */
export function atOnceFor(ms: number | null): number {
  return ms !== null && ms > SLOW_MS ? SLOW_AT_ONCE : 1
}

/**
 * Tries `times` times, `atOnce` at a time, and stops early after two timeouts in a row (`silentBefore` of them came
 * before) or when the signal ends it. Returns what was tried, in order.
 */
export async function series<R>(
  times: number,
  signal: AbortSignal,
  attempt: (index: number) => Promise<Outcome<R>>,
  { atOnce = 1, silentBefore = 0 }: { readonly atOnce?: number; readonly silentBefore?: number } = {},
): Promise<Tried<R>[]> {
  const tried: Tried<R>[] = []
  let silent = silentBefore
  while (tried.length < times && silent < GIVE_UP_AFTER && !signal.aborted) {
    const batch = Array.from({ length: Math.min(atOnce, times - tried.length) }, (_, at) => tried.length + at)
    for (const outcome of await Promise.all(batch.map(attempt))) {
      tried.push(outcome.ok ? { ok: outcome.result } : { failure: outcome.failure })
      silent = !outcome.ok && isTimeout(outcome.failure) ? silent + 1 : 0
    }
  }
  return tried
}

/** One try that is not kept, then `times` more: one at a time, or several where the first shows a slow path. */
export async function warmed<R>(
  times: number,
  signal: AbortSignal,
  attempt: () => Promise<Outcome<R>>,
  msOf: (result: R) => number,
): Promise<{ readonly first: Tried<R> | undefined; readonly tried: Tried<R>[] }> {
  const [first] = await series(1, signal, attempt)
  const ms = first !== undefined && 'ok' in first ? msOf(first.ok) : null
  const silentBefore = first !== undefined && 'failure' in first && isTimeout(first.failure) ? 1 : 0
  return { first, tried: await series(times, signal, attempt, { atOnce: atOnceFor(ms), silentBefore }) }
}

/** What a series of times may differ by and still be of one way, ms and by share of the least: probes.md 1g saw less. */
const UNSTEADY_MS = 3
const UNSTEADY_SHARE = 0.1

/** Series at most: four that were not disturbed outvote two that were, such as both before a busy start is over. */
export const SERIES_MAX = 6

/** Between two series: a busy moment of the runner, or of the way, is over by then more often than not. */
const QUIET_MS = 100

/** How often the runner's own timer is looked at meanwhile. */
const LOOK_MS = 20

/** A timer as late as this says that the runner is busy: an idle one's is late by one or two, by 16 on Windows. */
const LATE_MS = 5

/** A runner that is busy all the time measures as it can: what it waits for a better moment is bounded. */
const LONGEST_WAIT_MS = 1_000

/**
 * As {@link warmed}, and again after a pause while the median of all is well above the least: a moment in which the
 * runner itself was busy, or the way was, must not be all that was seen of it. Nothing is thrown away: a way that really
 * varies varies in what is kept.
 */
export async function steadied<R>(
  times: number,
  context: { readonly signal: AbortSignal; readonly ports: { readonly clock: Clock } },
  attempt: () => Promise<Outcome<R>>,
  msOf: (result: R) => number,
): Promise<{ readonly first: Tried<R> | undefined; readonly tried: Tried<R>[] }> {
  const { signal, ports } = context
  const { first, tried } = await warmed(times, signal, attempt, msOf)
  return { first, tried: await untilSteady(tried, times, { signal, ports }, attempt, msOf) }
}

/** The part of {@link steadied} after the first series, for one that was made otherwise. */
export async function untilSteady<R>(
  before: readonly Tried<R>[],
  times: number,
  { signal, ports }: { readonly signal: AbortSignal; readonly ports: { readonly clock: Clock } },
  attempt: () => Promise<Outcome<R>>,
  msOf: (result: R) => number,
): Promise<Tried<R>[]> {
  const tried = [...before]
  for (let round = 1; round < SERIES_MAX && !signal.aborted; round++) {
    const ms = succeeded(tried).map(msOf)
    if (isSteady(ms) || tried.length < times) break
    await quietMoment(ports.clock, signal)
    tried.push(...(await series(times, signal, attempt, { atOnce: atOnceFor(least(ms)) })))
  }
  return tried
}

function isSteady(ms: readonly number[]): boolean {
  const [low, middle] = [least(ms), median(ms)]
  if (low === null || middle === null) return true
  return middle - low <= Math.max(UNSTEADY_MS, low * UNSTEADY_SHARE)
}

/**
 * Waits until this runner was idle for a while, which it knows by its own timers: one that comes late would have made
 * the times of a series late as well. Ends after a second at most, or with the probe.
 */
export async function quietMoment(clock: Clock, signal: AbortSignal): Promise<void> {
  const until = clock.monotonic() + LONGEST_WAIT_MS
  for (let quiet = 0; quiet < QUIET_MS && clock.monotonic() < until && !signal.aborted; ) {
    const due = clock.monotonic() + LOOK_MS
    await pause(clock, signal, LOOK_MS)
    quiet = clock.monotonic() - due < LATE_MS ? quiet + LOOK_MS : 0
  }
}

/** Waits, or until the signal ends the probe. */
function pause(clock: Clock, signal: AbortSignal, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal.aborted) return Promise.resolve()
  const cancel = clock.after(ms, resolve)
  const end = (): void => {
    cancel()
    resolve()
  }
  signal.addEventListener('abort', end, { once: true })
  return promise.finally(() => signal.removeEventListener('abort', end))
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
