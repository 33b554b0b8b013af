import type { TableStore } from '../core/table-store.ts'
import { metaKey } from './keys.ts'

/** Who does a piece of work that one hub alone shall do. */
export interface LeaseStore {
  /**
   * Takes a lease or keeps it until `until`; reports whether the holder has it. An insert decides between two, a lease that
   * ran out is taken over under its ETag. Epoch ms.
   */
  hold(name: string, holder: string, now: number, until: number): Promise<boolean>
  /** Gives it back, so that another hub need not wait for its end. */
  release(name: string, holder: string): Promise<void>
}

/** Rows `leader:<name>` of the table `meta`. */
export function leaseStore(store: TableStore): LeaseStore {
  const keyOf = (name: string) => metaKey(`leader:${name}`)
  return {
    async hold(name, holder, now, until) {
      if ((await store.insert(keyOf(name), { holder, until })).ok) return true
      const row = await store.get(keyOf(name))
      // It was there a moment ago: the next round decides.
      if (!row) return false
      const { holder: holds, until: heldUntil } = row.props
      if (holds !== holder && typeof heldUntil === 'number' && heldUntil > now) return false
      return (await store.update(keyOf(name), { holder, until }, 'replace', row.etag)).ok
    },
    async release(name, holder) {
      const row = await store.get(keyOf(name))
      if (row?.props['holder'] === holder) await store.remove(keyOf(name), row.etag)
    },
  }
}
