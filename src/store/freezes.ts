import { z } from 'zod'
import type { Freeze } from '../core/freeze.ts'
import { ANY_ETAG, type TableStore } from '../core/table-store.ts'
import { STORED_REF } from './conversations.ts'
import { rowsOf } from './offices.ts'
import { FREEZES, freezeKey } from './order-keys.ts'
import { pack, unpack } from './packed.ts'

const FREEZE = z.looseObject({
  officeId: z.string().min(1),
  until: z.number(),
  reason: z.string(),
  by: z.looseObject({ objectId: z.string(), name: z.string() }),
  at: z.number(),
  conversation: STORED_REF,
})

/** Freezes (table `freezes`), one per office. Those that ran out stay until their end was told. */
export interface FreezeStore {
  all(): Promise<readonly Freeze[]>
  /** Takes the place of the one before. */
  put(freeze: Freeze): Promise<void>
  /** False when there was none. */
  remove(officeId: string): Promise<boolean>
}

/** The table of freezes behind its port. A row that cannot be read is named to `onDamaged` and left out. */
export function freezeStore(
  store: TableStore,
  onDamaged: (officeId: string) => void = () => undefined,
): FreezeStore {
  return {
    async all() {
      const rows = await rowsOf(store, 'freezes', FREEZES)
      return rows.flatMap(({ rk, props }) => {
        const freeze = FREEZE.safeParse(unpack(props))
        if (freeze.success) return [freeze.data as unknown as Freeze]
        onDamaged(rk)
        return []
      })
    },
    async put(freeze) {
      await store.upsert(freezeKey(freeze.officeId), pack(freeze), 'replace')
    },
    async remove(officeId) {
      return (await store.remove(freezeKey(officeId), ANY_ETAG)).ok
    },
  }
}
