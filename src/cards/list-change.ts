import type { SetTurned } from '../core/list-change.ts'
import { t } from '../core/t.ts'
import { countText, dateText, listText } from './formats.ts'
import { outside } from './text.ts'

/** Patterns and ranges of one set that are named; the rest is counted. */
const NAMED_MAX = 3

/** Sets on one card: a large change has a dozen. */
const SETS_MAX = 12

/** A line per set that a new endpoint list changed, in the order given; the rest is counted. */
export function setTurnedFacts(
  turned: readonly SetTurned[],
): readonly { readonly label: string; readonly value: string }[] {
  const shown = turned.slice(0, SETS_MAX)
  const rest = turned.length - shown.length
  return [
    ...shown.map((one) => ({ label: t`Set ${one.set}`, value: sentenceOf(one) })),
    ...(rest > 0 ? [{ label: t`And`, value: t`${countText(rest, 'set')} more` }] : []),
  ]
}

/** What became of a set, in words, e.g. `Exchange: added 2 (a.example and 192.0.2.0/24), from 1 Dec 2026.` */
export function sentenceOf(one: SetTurned): string {
  const day = one.effectiveOn === null ? '' : t`, from ${dayText(one.effectiveOn)}`
  const parts = [
    ...(one.kind === 'new' ? ['new'] : one.kind === 'gone' ? ['gone'] : []),
    ...(one.added.length > 0 ? [t`added ${some(one.added)}${day}`] : []),
    ...(one.removed.length > 0 ? [t`removed ${some(one.removed)}`] : []),
    ...(one.category ? [t`moved from ${outside(one.category.from)} to ${outside(one.category.to)}`] : []),
  ]
  const says = parts.length === 0 ? t`ports or other fields changed` : parts.join('; ')
  const optional = one.required ? '' : t` (not required)`
  return `${outside(one.serviceArea)}${optional}: ${says}.`
}

/** A day as all cards write it; what is no day stays as it came. */
function dayText(day: string): string {
  const at = Date.parse(`${day}T00:00Z`)
  return Number.isNaN(at) ? outside(day) : dateText(at, 'UTC')
}

function some(all: readonly string[]): string {
  return `${all.length} (${listText(all.map(outside), NAMED_MAX)})`
}
