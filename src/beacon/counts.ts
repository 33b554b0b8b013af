import type { Clock } from '../core/ports.ts'
import type { Log } from './log.ts'

/** What is counted, since the last line about it. */
export type Counted =
  | 'answer'
  | 'truncated'
  | 'error'
  | 'silence'
  | 'limited'
  | 'stun'
  | 'unsent'
  | 'tcpRefused'

/** A line this often, and none where nothing happened. */
const EVERY_MS = 10 * 60_000

export interface Counts {
  add(what: Counted): void
  close(): void
}

/** Counts, and logs the sums from time to time: numbers about everybody, nothing about anybody. */
export function startCounts(clock: Clock, log: Log): Counts {
  let sums: Partial<Record<Counted, number>> = {}
  const tell = (): void => {
    if (Object.keys(sums).length > 0) log.info({ ...sums }, 'served')
    sums = {}
  }
  const round = (): (() => void) =>
    clock.after(EVERY_MS, () => {
      tell()
      cancel = round()
    })
  let cancel = round()
  return {
    add: (what) => {
      sums[what] = (sums[what] ?? 0) + 1
    },
    close: () => {
      cancel()
      tell()
    },
  }
}
