import type { Failure } from '../../core/failure.ts'
import type { SampleLine, SamplePiece, Theirs } from '../../core/sampled.ts'
import { t } from '../../core/t.ts'
import type { ServerAnswer, SystemSample } from './lookup.ts'
import { distinct, round2 } from './numbers.ts'

/** Times that one line shows: as many as fit beside two names on a card; the rest is counted. */
const TIMES_MAX = 32

/** Names and addresses that one line shows; real answers seldom have more. */
const TEXTS_MAX = 4

/** Marks a text that somebody else wrote. */
export function theirs(text: string): Theirs {
  return { theirs: text }
}

/** Times in the order in which they were taken, e.g. `4.31, 4.4 ms`; a long series ends with how many more there are. */
export function timesText(all: readonly number[]): string {
  if (all.length === 0) return t`no time`
  const shown = all.slice(0, TIMES_MAX).map((ms) => String(round2(ms)))
  return t`${shown.join(', ')} ms${moreText(all.length - shown.length)}`
}

/** Failure words with how often each came, e.g. `timeout (3 times), reset`. */
export function failuresText(all: readonly Failure[]): string {
  return distinct(all)
    .map((word) => {
      const count = all.filter((one) => one === word).length
      return count === 1 ? word : t`${word} (${count} times)`
    })
    .join(', ')
}

/** Other people's texts, joined by a comma; what is beyond the fourth is counted. */
export function theirList(all: readonly string[]): readonly SamplePiece[] {
  const shown = all.slice(0, TEXTS_MAX).flatMap((text, index) => [...(index > 0 ? [', '] : []), theirs(text)])
  return [...shown, moreText(all.length - TEXTS_MAX)]
}

/** One line per group of samples, in the order in which the groups were first seen. */
export function grouped<T>(
  all: readonly T[],
  keyOf: (sample: T) => string,
  line: (samples: readonly [T, ...T[]]) => SampleLine,
): readonly SampleLine[] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const sample of all) {
    const group = groups.get(keyOf(sample))
    if (group) group.push(sample)
    else groups.set(keyOf(sample), [sample])
  }
  return [...groups.values()].map(line)
}

/** What the system's own lookups and each configured server said of a host: a line per answer, with its times. */
export function lookupLines(
  about: string,
  system: readonly SystemSample[],
  answers: readonly ServerAnswer[] = [],
): readonly SampleLine[] {
  const bySystem = grouped(
    system,
    (one) => ('failure' in one ? one.failure : `${one.server} ${one.addresses.join(' ')}`),
    (samples): SampleLine => {
      const [first] = samples
      const of = t`System lookup`
      if ('failure' in first) return { of, about, says: [failuresText(failuresOf(samples))] }
      const via = first.server === null ? [] : [t` by `, theirs(first.server)]
      return {
        of,
        about,
        says: [...addressesText(first.addresses), ...via, `: ${timesText(timesOf(samples))}`],
      }
    },
  )
  const byServer = grouped(
    answers,
    (one) =>
      'failure' in one ? `${one.server} ${one.failure}` : `${one.server} ${one.chain} ${one.addresses}`,
    (samples): SampleLine => {
      const [first] = samples
      const of = theirs(first.server)
      if ('failure' in first) return { of, about, says: [failuresText(failuresOf(samples))] }
      const last = first.chain.at(-1)
      const through = last === undefined ? [] : [t` through `, theirs(last)]
      return {
        of,
        about,
        says: [...addressesText(first.addresses), ...through, `: ${timesText(timesOf(samples))}`],
      }
    },
  )
  return [...bySystem, ...byServer]
}

function addressesText(addresses: readonly string[]): readonly SamplePiece[] {
  return addresses.length === 0 ? [t`no address`] : theirList(addresses)
}

function moreText(hidden: number): string {
  return hidden > 0 ? t` +${hidden} more` : ''
}

/** The failure words among samples, in order. */
export function failuresOf(all: readonly (object | { readonly failure: Failure })[]): readonly Failure[] {
  return all.flatMap((one) => ('failure' in one ? [one.failure] : []))
}

/** The times among samples, in order. */
export function timesOf(all: readonly (object | { readonly ms: number })[]): readonly number[] {
  return all.flatMap((one) => ('ms' in one ? [one.ms] : []))
}
