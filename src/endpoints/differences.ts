import type { Category, EndpointList, EndpointSet, PortRange } from './list.ts'

/** What came and what went. */
export interface Delta {
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/** A field before and after; null where it is the same. */
export type Turned<T> = { readonly from: T; readonly to: T } | null

/** How one set that both lists have differs. */
export interface SetChange {
  readonly id: number
  readonly category: Turned<Category>
  readonly required: Turned<boolean>
  readonly serviceArea: Turned<string>
  readonly urls: Delta
  readonly ips: Delta
  readonly tcp: Turned<readonly PortRange[]>
  readonly udp: Turned<readonly PortRange[]>
}

/** A host pattern or range that some sets lost and others gained. */
export interface Moved {
  readonly what: string
  readonly from: readonly number[]
  readonly to: readonly number[]
}

/** How one list became another. Ids ascend; patterns and ranges keep the order of the list that has them. */
export interface ListDifferences {
  readonly added: readonly EndpointSet[]
  readonly removed: readonly EndpointSet[]
  readonly changed: readonly SetChange[]
  /** What {@link added}, {@link removed} and {@link changed} say too, seen from the pattern or range. */
  readonly movedUrls: readonly Moved[]
  readonly movedIps: readonly Moved[]
}

/** What differs between the list held and the next, by meaning: the order within a list is none. */
export function differences(held: EndpointList, next: EndpointList): ListDifferences {
  const before = byId(held)
  const after = byId(next)
  const changed = [...before.values()].flatMap((set) => {
    const other = after.get(set.id)
    const change = other === undefined ? null : changeOf(set, other)
    return change === null ? [] : [change]
  })
  return {
    added: [...after.values()].filter((set) => !before.has(set.id)),
    removed: [...before.values()].filter((set) => !after.has(set.id)),
    changed,
    movedUrls: movedOf(before, after, ({ urls }) => urls),
    movedIps: movedOf(before, after, ({ ips }) => ips),
  }
}

function byId(list: EndpointList): ReadonlyMap<number, EndpointSet> {
  return new Map(list.sets.toSorted((a, b) => a.id - b.id).map((set) => [set.id, set]))
}

function changeOf(from: EndpointSet, to: EndpointSet): SetChange | null {
  const change = {
    category: turned(from.category, to.category),
    required: turned(from.required, to.required),
    serviceArea: turned(from.serviceArea, to.serviceArea),
    urls: delta(from.urls, to.urls),
    ips: delta(from.ips, to.ips),
    tcp: turnedPorts(from.tcp, to.tcp),
    udp: turnedPorts(from.udp, to.udp),
  }
  const { urls, ips, ...fields } = change
  const same =
    [urls, ips].every(({ added, removed }) => added.length + removed.length === 0) &&
    Object.values(fields).every((field) => field === null)
  return same ? null : { id: from.id, ...change }
}

function turned<T>(from: T, to: T): Turned<T> {
  return from === to ? null : { from, to }
}

function turnedPorts(from: readonly PortRange[], to: readonly PortRange[]): Turned<readonly PortRange[]> {
  const text = (ports: readonly PortRange[]) =>
    ports
      .map((run) => `${run.from}-${run.to}`)
      .toSorted()
      .join()
  return text(from) === text(to) ? null : { from, to }
}

function delta(from: readonly string[], to: readonly string[]): Delta {
  const had = new Set(from)
  const has = new Set(to)
  return {
    added: [...has].filter((one) => !had.has(one)),
    removed: [...had].filter((one) => !has.has(one)),
  }
}

type Sets = ReadonlyMap<number, EndpointSet>

function movedOf(before: Sets, after: Sets, of: (set: EndpointSet) => readonly string[]): readonly Moved[] {
  const had = holders(before, of)
  const has = holders(after, of)
  return [...had].flatMap(([what, ids]) => {
    const now = has.get(what) ?? new Set<number>()
    const from = [...ids].filter((id) => !now.has(id))
    const to = [...now].filter((id) => !ids.has(id))
    return from.length > 0 && to.length > 0 ? [{ what, from, to }] : []
  })
}

/** The ids of the sets that have each pattern or range. */
function holders(sets: Sets, of: (set: EndpointSet) => readonly string[]): ReadonlyMap<string, Set<number>> {
  const found = new Map<string, Set<number>>()
  for (const set of sets.values()) {
    for (const what of of(set)) found.set(what, (found.get(what) ?? new Set()).add(set.id))
  }
  return found
}
