import type { SetTurned } from '../core/list-change.ts'
import type { EndpointChange } from './changes.ts'
import { differences } from './differences.ts'
import type { EndpointList, EndpointSet } from './list.ts'

/**
 * What a new list changed, set by set: from both lists, and the days from Microsoft's own changes, which may be missing.
 */
export function setsTurned(
  before: EndpointList,
  after: EndpointList,
  changes: readonly EndpointChange[],
): readonly SetTurned[] {
  const { added, removed, changed } = differences(before, after)
  const ofSet = new Map([...before.sets, ...after.sets].map((set) => [set.id, set]))
  const days = daysOf(changes)
  const whole = (set: EndpointSet) => [...set.urls, ...set.ips]
  const about = (id: number) => ({
    set: id,
    serviceArea: ofSet.get(id)?.serviceArea ?? '',
    required: ofSet.get(id)?.required ?? false,
    effectiveOn: days.get(id) ?? null,
  })
  return [
    ...added.map(
      (set): SetTurned => ({
        ...about(set.id),
        kind: 'new',
        added: whole(set),
        removed: [],
        category: null,
      }),
    ),
    ...removed.map(
      (set): SetTurned => ({
        ...about(set.id),
        kind: 'gone',
        added: [],
        removed: whole(set),
        category: null,
      }),
    ),
    ...changed.map(
      ({ id, urls, ips, category }): SetTurned => ({
        ...about(id),
        kind: 'changed',
        added: [...urls.added, ...ips.added],
        removed: [...urls.removed, ...ips.removed],
        category,
      }),
    ),
  ]
}

/** The earliest day per set. */
function daysOf(changes: readonly EndpointChange[]): ReadonlyMap<number, string> {
  const days = new Map<number, string>()
  for (const { setId, effectiveOn } of changes) {
    if (effectiveOn === null) continue
    const had = days.get(setId)
    if (had === undefined || effectiveOn < had) days.set(setId, effectiveOn)
  }
  return days
}
