import type { Office } from '../core/office.ts'
import type { TableStore } from '../core/table-store.ts'
import { seededKey } from './keys.ts'
import { officeIn, propsOf } from './office-row.ts'

/** Offices as local mode registered them last, by world: what differs by now was changed by a person. */
export interface SeededStore {
  /** The office of that id and world as it was registered; null: it never was, or the row cannot be read. */
  of(office: Office): Promise<Office | null>
  put(office: Office): Promise<void>
}

/** The table `seeded`. */
export function seededStore(store: TableStore): SeededStore {
  return {
    async of({ id, world }) {
      const row = await store.get(seededKey(world, id))
      return (row && officeIn(row.props)) ?? null
    },
    async put(office) {
      await store.upsert(seededKey(office.world, office.id), propsOf(office), 'replace')
    },
  }
}
