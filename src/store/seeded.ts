import type { Office } from '../core/office.ts'
import type { TableStore } from '../core/table-store.ts'
import { seededHashKey, seededKey } from './keys.ts'
import { officeIn, propsOf } from './office-row.ts'

/** Offices as local mode registered them last, by world: what differs by now was changed by a person. */
export interface SeededStore {
  /** The office of that id and world as it was registered; null: it never was, or the row cannot be read. */
  of(office: Office): Promise<Office | null>
  put(office: Office): Promise<void>
  /** The hash of what the files of a world of that name said last; null: there is none. */
  hash(world: string): Promise<string | null>
  putHash(world: string, hash: string): Promise<void>
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
    async hash(world) {
      const hash = (await store.get(seededHashKey(world)))?.props['hash']
      return typeof hash === 'string' ? hash : null
    },
    async putHash(world, hash) {
      await store.upsert(seededHashKey(world), { hash }, 'replace')
    },
  }
}
