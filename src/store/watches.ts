import { z } from 'zod'
import type { TableStore } from '../core/table-store.ts'
import { CRITERIA } from '../core/verdict.ts'
import type { OfficeWatch } from '../core/watch.ts'
import { allShards } from './keys.ts'
import { rowsOf } from './offices.ts'
import { watchKey } from './order-keys.ts'
import { pack, unpack } from './packed.ts'

const CANDIDATE = <T extends z.ZodType>(value: T) =>
  z.object({ value, firstAt: z.number(), seen: z.number(), looked: z.number() }).nullable()

const SETTLED = <T extends z.ZodType>(value: T) =>
  z.object({ value: value.nullable(), since: z.number(), candidate: CANDIDATE(value) })

const CRITERION = z.enum(CRITERIA)

const WATCH = z.looseObject({
  officeId: z.string().min(1),
  checkId: z.string(),
  at: z.number(),
  criteria: z.partialRecord(CRITERION, SETTLED(z.enum(['pass', 'fail']))),
  troubles: z.array(
    z.object({
      criterion: CRITERION,
      code: z.string().nullable(),
      firstAt: z.number(),
      lastAt: z.number(),
      resolvedAt: z.number().nullable(),
    }),
  ),
  egress: z.object({
    addresses: SETTLED(z.array(z.string())),
    change: z.object({ from: z.array(z.string()), at: z.number() }).nullable(),
  }),
})

/** What is remembered of offices between their checks (table `watches`). */
export interface WatchStore {
  all(): Promise<readonly OfficeWatch[]>
  get(officeId: string): Promise<OfficeWatch | null>
  put(watch: OfficeWatch): Promise<void>
}

/** The table of watches behind its port. A row that cannot be read counts as none, and is named to `onDamaged`. */
export function watchStore(
  store: TableStore,
  onDamaged: (officeId: string) => void = () => undefined,
): WatchStore {
  const read = (rk: string, props: Parameters<typeof unpack>[0]): OfficeWatch | null => {
    const watch = WATCH.safeParse(unpack(props))
    if (watch.success) return watch.data as unknown as OfficeWatch
    onDamaged(rk)
    return null
  }
  return {
    async all() {
      const shards = await Promise.all(allShards().map((pk) => rowsOf(store, 'watches', pk)))
      return shards.flat().flatMap(({ rk, props }) => read(rk, props) ?? [])
    },
    async get(officeId) {
      const row = await store.get(watchKey(officeId))
      return row ? read(officeId, row.props) : null
    },
    async put(watch) {
      await store.upsert(watchKey(watch.officeId), pack(watch), 'replace')
    },
  }
}
