import type { Office } from '../core/office.ts'
import type { OfficeRows } from '../core/registry.ts'
import { everyRow, type TableStore } from '../core/table-store.ts'
import { allShards, officeKey } from './keys.ts'
import { officeIn, propsOf, retiredProps } from './office-row.ts'
import { registryChanges } from './registry-changes.ts'

/** The registry of offices. */
export interface OfficeStore extends OfficeRows {
  /** All offices by name; rows that cannot be read are named to `onDamaged`, those of removed offices are left out. */
  all(): Promise<readonly Office[]>
  /** Stores an office whatever there was: for those that a file describes. */
  put(office: Office): Promise<void>
}

/** The registry of offices in the table `offices`. */
export function officeStore(store: TableStore, onDamaged: (officeId: string) => void): OfficeStore {
  const changes = registryChanges(store)
  return {
    async all() {
      const shards = await Promise.all(allShards().map((pk) => rowsOf(store, 'offices', pk)))
      const offices = (await changes.standing(shards.flat())).flatMap(({ rk, props }): readonly Office[] => {
        const office = officeIn(props)
        if (office === undefined) onDamaged(rk)
        return office ? [office] : []
      })
      return offices.sort((a, b) => a.name.localeCompare(b.name, 'en'))
    },
    async put(office) {
      await store.upsert(officeKey(office.id), propsOf(office), 'replace')
    },
    async row(id) {
      const row = await changes.settledRow(id)
      const office = row === undefined ? null : officeIn(row.props)
      return row && office ? { office, etag: row.etag } : null
    },
    async add(office) {
      const written = await store.insert(officeKey(office.id), propsOf(office))
      if (written.ok) return { office, etag: written.etag }
      // An import that broke off may hold the id.
      if ((await changes.settledRow(office.id)) !== undefined) return 'taken'
      const again = await store.insert(officeKey(office.id), propsOf(office))
      return again.ok ? { office, etag: again.etag } : 'taken'
    },
    async change(office, etag) {
      const written = await store.update(officeKey(office.id), propsOf(office), 'replace', etag)
      return written.ok ? { office, etag: written.etag } : 'stale'
    },
    async retire(id, etag, at) {
      return (await store.update(officeKey(id), retiredProps(at), 'replace', etag)).ok
    },
    apply: (name, all) => changes.apply(name, all),
  }
}

/** Every row of one partition in memory: for partitions that are known to be small. */
export async function rowsOf(store: TableStore, table: string, pk: string) {
  return Array.fromAsync(everyRow(store, { table, pk }))
}
