import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differences } from '../../src/endpoints/differences.ts'
import type { EndpointList, EndpointSet } from '../../src/endpoints/list.ts'
import { setOf } from '../../src/endpoints/list.ts'
import { snapshotList } from '../../src/endpoints/snapshot.ts'

const held = snapshotList()
const NONE = { added: [], removed: [], changed: [], movedUrls: [], movedIps: [] }

/** The list with some sets replaced, left out (null) or added. */
function withSets(change: Readonly<Record<number, Partial<EndpointSet> | null>>): EndpointList {
  const known = held.sets.flatMap((set) => {
    const over = change[set.id]
    return over === null ? [] : [{ ...set, ...over }]
  })
  return { version: '2026110200', sets: known }
}

describe('the differences of two lists', () => {
  it('are none for one that is the same in another order', () => {
    const shuffled = held.sets.toReversed().map((set) => ({
      ...set,
      urls: set.urls.toReversed(),
      ips: set.ips.toReversed(),
      tcp: set.tcp.toReversed(),
    }))
    expect(differences(held, held)).toEqual(NONE)
    expect(differences(held, { version: '2026110200', sets: shuffled })).toEqual(NONE)
  })

  it('are sets that came and went', () => {
    const fresh: EndpointSet = { ...held.sets[0], id: 999 } as EndpointSet
    const next = withSets({ 64: null })
    const found = differences(held, { ...next, sets: [fresh, ...next.sets] })
    expect([found.added.map(({ id }) => id), found.removed.map(({ id }) => id), found.changed]).toEqual([
      [999],
      [64],
      [],
    ])
  })

  it('are names, ranges, ports, category and need of a set', () => {
    const { changed } = differences(
      held,
      withSets({
        11: { ips: ['52.112.0.0/14', '52.120.0.0/14'], udp: [{ from: 3478, to: 3481 }] },
        12: { category: 'Optimize', required: false },
        31: { urls: ['*.sharepoint.com', '*.sharepoint.example'] },
      }),
    )
    expect(changed.map(({ id }) => id)).toEqual([11, 12, 31])
    expect(changed[0]).toMatchObject({
      ips: { added: ['52.120.0.0/14'], removed: ['13.107.64.0/18', '52.122.0.0/15', '2603:1063::/38'] },
      udp: { to: [{ from: 3478, to: 3481 }] },
      tcp: null,
      category: null,
    })
    expect(changed[1]).toMatchObject({
      category: { from: 'Allow', to: 'Optimize' },
      required: { from: true, to: false },
    })
    expect(changed[2]?.urls).toEqual({ added: ['*.sharepoint.example'], removed: [] })
  })

  it('are names and ranges that moved from set to set', () => {
    const from = setOf(held, 46)?.urls ?? []
    const to = setOf(held, 56)?.urls ?? []
    const [name = ''] = from
    const { movedUrls, movedIps } = differences(
      held,
      withSets({ 46: { urls: from.slice(1) }, 56: { urls: [...to, name] } }),
    )
    expect([movedUrls, movedIps]).toEqual([[{ what: name, from: [46], to: [56] }], []])
  })

  const setWith = (id: number) =>
    fc.record({
      id: fc.constant(id),
      serviceArea: fc.constantFrom('Common', 'Exchange'),
      category: fc.constantFrom('Optimize' as const, 'Allow' as const, 'Default' as const),
      required: fc.boolean(),
      urls: fc.uniqueArray(fc.constantFrom('a.example', 'b.example', '*.c.example'), { maxLength: 3 }),
      ips: fc.uniqueArray(fc.constantFrom('52.96.0.0/14', '40.96.0.0/13'), { maxLength: 2 }),
      tcp: fc.constantFrom([], [{ from: 443, to: 443 }]),
      udp: fc.constantFrom([], [{ from: 3478, to: 3481 }]),
    })
  const list = fc
    .uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 6 })
    .chain((ids) => fc.tuple(...ids.map(setWith)))
    .map((sets): EndpointList => ({ version: '2026110200', sets }))

  it('turn around when the lists do', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        const there = differences(a, b)
        const back = differences(b, a)
        expect(back.added).toEqual(there.removed)
        expect(back.removed).toEqual(there.added)
        expect(back.changed.map(({ id, category }) => [id, category?.to])).toEqual(
          there.changed.map(({ id, category }) => [id, category?.from]),
        )
        expect(back.movedUrls.map(({ what }) => what).toSorted()).toEqual(
          there.movedUrls.map(({ what }) => what).toSorted(),
        )
      }),
    )
  })

  it('make the next list out of the one held', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        const { added, removed, changed } = differences(a, b)
        const gone = new Set(removed.map(({ id }) => id))
        const made = [...a.sets.filter(({ id }) => !gone.has(id)), ...added].map((set) => {
          const change = changed.find(({ id }) => id === set.id)
          if (change === undefined) return set
          const apply = (own: readonly string[], { added: more, removed: less }: typeof change.urls) => [
            ...own.filter((one) => !less.includes(one)),
            ...more,
          ]
          return {
            ...set,
            category: change.category?.to ?? set.category,
            required: change.required?.to ?? set.required,
            serviceArea: change.serviceArea?.to ?? set.serviceArea,
            urls: apply(set.urls, change.urls),
            ips: apply(set.ips, change.ips),
            tcp: change.tcp?.to ?? set.tcp,
            udp: change.udp?.to ?? set.udp,
          }
        })
        expect(differences({ ...b, sets: made }, b)).toEqual(NONE)
      }),
    )
  })
})
