import type { Clock } from '../core/ports.ts'

/** The promise, or a rejection with `late` when it takes longer than `ms`. */
export async function within<T>(promise: Promise<T>, ms: number, late: string, clock: Clock): Promise<T> {
  const { promise: timeout, reject } = Promise.withResolvers<never>()
  const cancel = clock.after(ms, () => reject(new Error(late)))
  return Promise.race([promise, timeout]).finally(cancel)
}

/** Ends after `ms`. */
export function pause(clock: Clock, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  clock.after(ms, resolve)
  return promise
}

/** Looks every `everyMs` until `look` finds something; null when nothing was found within `ms`. */
export async function untilFound<T>(
  look: () => Promise<T | null>,
  { everyMs, ms, clock }: { readonly everyMs: number; readonly ms: number; readonly clock: Clock },
): Promise<T | null> {
  const until = clock.monotonic() + ms
  for (;;) {
    const found = await look()
    if (found !== null || clock.monotonic() > until) return found
    await pause(clock, everyMs)
  }
}
