import { readFileSync } from 'node:fs'

/** One line of the table: what was measured, what came out, and the bound of the budget where it has one. */
export interface Row {
  readonly what: string
  readonly measured: string
  readonly budget: string
}

/** What one part of the bench found. */
export interface Part {
  readonly rows: readonly Row[]
  /** The numbers behind the rows, for the record. */
  readonly numbers: Readonly<Record<string, unknown>>
}

/** Order statistics of some samples, rounded to two places; the unit is the samples'. */
export interface Spread {
  readonly n: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** The nearest-rank percentiles of the samples that are numbers; of none, everything is NaN. */
export function spread(samples: readonly number[]): Spread {
  const sorted = samples.filter(Number.isFinite).sort((a, b) => a - b)
  const at = (share: number) => round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN)
  return { n: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) }
}

export const round = (value: number): number => Math.round(value * 100) / 100

/** `p50 12 ms, p99 40 ms (300 samples)`. */
export function msText({ n, p50, p99 }: Spread): string {
  return `p50 ${p50} ms, p99 ${p99} ms (${n} samples)`
}

/** Resident memory of a process in MB; null where the system does not tell. */
export function residentMb(pid: number): number | null {
  try {
    const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kb === undefined ? null : round(Number(kb) / 1024)
  } catch {
    return null
  }
}

export function mbText(mb: number | null): string {
  return mb === null ? 'not told by this system' : `${Math.round(mb)} MB`
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Looks every `everyMs` until `look` gives something else than null; throws after `withinMs`. */
export async function waitFor<T>(
  look: () => T | null | Promise<T | null>,
  withinMs: number,
  what: string,
  everyMs = 20,
): Promise<T> {
  const until = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== null) return found
    if (performance.now() > until) throw new Error(`waited ${withinMs} ms for ${what}`)
    await sleep(everyMs)
  }
}
