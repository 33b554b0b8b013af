import { z } from 'zod'
import type { ListChange } from '../core/list-change.ts'
import type { TableStore } from '../core/table-store.ts'
import { metaKey } from './keys.ts'
import { pack, unpack } from './packed.ts'

const ROW = metaKey('endpoint-changes')

/** New versions come about once a month: nearly a year. */
const KEPT_MAX = 10

/** Times that a row which another hub wrote meanwhile is read again. */
const TRIES = 5

const CHANGES = z.array(
  z.looseObject({
    version: z.string(),
    before: z.string(),
    at: z.number(),
    sets: z.array(
      z.looseObject({
        set: z.number(),
        serviceArea: z.string(),
        kind: z.enum(['new', 'gone', 'changed']),
        added: z.array(z.string()),
        removed: z.array(z.string()),
        category: z.object({ from: z.string(), to: z.string() }).nullable(),
        required: z.boolean(),
        effectiveOn: z.string().nullable(),
      }),
    ),
  }),
)

/** The newest endpoint lists that were taken, and what each changed. */
export interface ListChangeStore {
  /** Newest first. */
  all(): Promise<readonly ListChange[]>
  /** Adds one; false when this version is known already, as when another hub was first. */
  add(change: ListChange): Promise<boolean>
}

/** Row `endpoint-changes` of the table `meta`. */
export function listChangeStore(store: TableStore): ListChangeStore {
  const read = async () => {
    const row = await store.get(ROW)
    const changes = CHANGES.safeParse(row ? unpack(row.props) : [])
    return { row, changes: changes.success ? changes.data : [] }
  }
  return {
    all: async () => (await read()).changes,
    async add(change) {
      for (let tries = 0; tries < TRIES; tries++) {
        const { row, changes } = await read()
        if (changes.some(({ version }) => version === change.version)) return false
        const next = pack([change, ...changes].slice(0, KEPT_MAX))
        const written = row
          ? await store.update(ROW, next, 'replace', row.etag)
          : await store.insert(ROW, next)
        if (written.ok) return true
      }
      return false
    },
  }
}
