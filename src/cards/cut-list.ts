import { t } from '../core/t.ts'

/** A list of a card that may be shown in part. What is not shown is counted, never dropped in silence. */
export interface CutList<T> {
  readonly items: readonly T[]
  readonly hidden: number
  /** `+2 more`; empty when everything is shown. */
  readonly more: string
  readonly hasMore: boolean
}

/** What share of a list goes at once while a card is too large: few rounds, little lost. */
const CUT_SHARE = 0.2

/** Shows the first `most` items. */
export function cutList<T>(all: readonly T[], most = Number.POSITIVE_INFINITY): CutList<T> {
  return withHidden(all.slice(0, most), Math.max(0, all.length - most))
}

function withHidden<T>(items: readonly T[], hidden: number): CutList<T> {
  return { items, hidden, more: hidden > 0 ? t`+${hidden} more` : '', hasMore: hidden > 0 }
}

function isCutList(value: unknown): value is CutList<unknown> {
  return typeof value === 'object' && value !== null && 'hidden' in value && 'items' in value
}

/** The data with its largest cuttable list (in characters) shortened; null when no list can give anything up. */
export function cutLongest<D extends object>(data: D): D | null {
  const lists = Object.entries(data).flatMap(([key, value]) =>
    isCutList(value) && value.items.length > 1
      ? [{ key, value, size: JSON.stringify(value.items).length }]
      : [],
  )
  const longest = lists.sort((a, b) => b.size - a.size)[0]
  if (longest === undefined) return null
  const gone = Math.max(1, Math.ceil(longest.value.items.length * CUT_SHARE))
  const kept = longest.value.items.slice(0, -gone)
  return {
    ...data,
    [longest.key]: withHidden(kept, longest.value.hidden + longest.value.items.length - kept.length),
  }
}
