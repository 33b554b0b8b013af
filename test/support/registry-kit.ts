import { readFileSync } from 'node:fs'
import { distanceKm } from '../../src/core/geography.ts'
import type { Office } from '../../src/core/office.ts'
import type { Geography, OfficeRow, OfficeRows } from '../../src/core/registry.ts'
import { citiesOf } from '../../src/places/cities.ts'

/** The registry in memory, with rows that change their ETag, as a store has them. */
export interface MemoryRegistry extends OfficeRows {
  all(): readonly Office[]
  /** Writes past every condition, as another admin would. */
  overwrite(office: Office): void
}

export function memoryRegistry(offices: readonly Office[]): MemoryRegistry {
  let count = 0
  const etag = () => `etag-${++count}`
  const rows = new Map<string, OfficeRow | 'retired'>(
    offices.map((office) => [office.id, { office, etag: etag() }]),
  )
  const at = (id: string, tag: string) => {
    const row = rows.get(id)
    return row !== undefined && row !== 'retired' && row.etag === tag
  }
  const undo = (before: typeof rows): 'stale' => {
    rows.clear()
    for (const [id, row] of before) rows.set(id, row)
    return 'stale'
  }
  return {
    all: () => [...rows.values()].flatMap((row) => (row === 'retired' ? [] : [row.office])),
    overwrite(office) {
      rows.set(office.id, { office, etag: etag() })
    },
    async row(id) {
      const row = rows.get(id)
      return row === undefined || row === 'retired' ? null : row
    },
    async add(office) {
      if (rows.has(office.id)) return 'taken'
      const row = { office, etag: etag() }
      rows.set(office.id, row)
      return row
    },
    async change(office, tag) {
      if (!at(office.id, tag)) return 'stale'
      const row = { office, etag: etag() }
      rows.set(office.id, row)
      return row
    },
    async retire(id, tag) {
      if (!at(id, tag)) return false
      rows.set(id, 'retired')
      return true
    },
    async apply(_name, changes) {
      const before = new Map(rows)
      for (const change of changes) {
        if (change.what === 'add') {
          const { ids, isSame } = change
          const id = ids.find((one) => !rows.has(one))
          const earlier = ids.slice(0, id === undefined ? ids.length : ids.indexOf(id))
          const holders = earlier.map((one) => rows.get(one))
          const isThere = holders.some((row) => row && row !== 'retired' && isSame(row.office))
          if (id !== undefined && !isThere) rows.set(id, { office: { ...change.office, id }, etag: etag() })
          else return undo(before)
        } else {
          const id = change.what === 'change' ? change.office.id : change.id
          if (!at(id, change.etag)) return undo(before)
          rows.set(id, change.what === 'change' ? { office: change.office, etag: etag() } : 'retired')
        }
      }
      return 'done'
    },
  }
}

const cities = citiesOf(JSON.parse(readFileSync('src/places/cities15k.json', 'utf8')))

/** Addresses of 198.18.0.0/15 stand in Seattle in these tests, all others nowhere. */
const SEATTLE = { latitude: 47.61, longitude: -122.33 }

/** The real cities; of front doors LHR, CDG and SEA alone; one range of addresses. */
export const testGeography: Geography = {
  cities: async (text) => cities.named(text),
  door: (_office, code) => (['LHR', 'CDG', 'SEA'].includes(code) ? `place of ${code}` : null),
  placeOf: (office, address) =>
    address.startsWith('198.18.') ? { label: 'Seattle', km: distanceKm(office.at, SEATTLE) } : null,
}
