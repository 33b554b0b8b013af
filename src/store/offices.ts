import { z } from 'zod'
import type { Office } from '../core/office.ts'
import type { OfficeRows } from '../core/registry.ts'
import { everyRow, type TableStore } from '../core/table-store.ts'
import { CRITERIA } from '../core/verdict.ts'
import { allShards, officeKey } from './keys.ts'
import { pack, unpack } from './packed.ts'

const criterion = z.enum(CRITERIA)

/** An office as its row holds it; a row that does not fit is left out and reported, the others are not harmed. */
const OFFICE = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,24}$/),
  name: z.string().min(1),
  aliases: z.array(z.string()),
  tags: z.array(z.string()),
  at: z.object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) }),
  placed: z.boolean(),
  timeZone: z.string(),
  egress: z.array(z.string()),
  resolvers: z.array(z.string()),
  doors: z.array(z.string()),
  targets: z.object({ rttMs: z.number().optional(), downloadMBps: z.number().optional() }),
  overrides: z.array(
    z.object({
      criterion,
      value: z.number(),
      author: z.string(),
      authorId: z.string().optional(),
      reason: z.string(),
      setAt: z.number().optional(),
      expiresAt: z.number(),
    }),
  ),
  attestations: z.array(
    z.object({
      criterion,
      by: z.string(),
      byId: z.string().optional(),
      reason: z.string(),
      setAt: z.number().optional(),
      until: z.number(),
    }),
  ),
  world: z.string().nullable(),
  onlyWhenNamed: z.boolean(),
})

/** The registry of offices. */
export interface OfficeStore extends OfficeRows {
  /** All offices by name; rows that cannot be read are named to `onDamaged`, those of removed offices are left out. */
  all(): Promise<readonly Office[]>
  /** Stores an office whatever there was: for those that a file describes. */
  put(office: Office): Promise<void>
}

/** The registry of offices in the table `offices`. */
export function officeStore(store: TableStore, onDamaged: (officeId: string) => void): OfficeStore {
  return {
    async all() {
      const shards = await Promise.all(allShards().map((pk) => rowsOf(store, 'offices', pk)))
      const offices = shards.flat().flatMap((row): readonly Office[] => {
        if (row.props['retired'] === true) return []
        const read = OFFICE.safeParse(unpack(row.props))
        if (read.success) return [read.data as Office]
        onDamaged(row.rk)
        return []
      })
      return offices.sort((a, b) => a.name.localeCompare(b.name, 'en'))
    },
    async put(office) {
      await store.upsert(officeKey(office.id), propsOf(office), 'replace')
    },
    async row(id) {
      const row = await store.get(officeKey(id))
      if (!row || row.props['retired'] === true) return null
      const read = OFFICE.safeParse(unpack(row.props))
      return read.success ? { office: read.data as Office, etag: row.etag } : null
    },
    async add(office) {
      const written = await store.insert(officeKey(office.id), propsOf(office))
      return written.ok ? { office, etag: written.etag } : 'taken'
    },
    async change(office, etag) {
      const written = await store.update(officeKey(office.id), propsOf(office), 'replace', etag)
      return written.ok ? { office, etag: written.etag } : 'stale'
    },
    async retire(id, etag, at) {
      return (await store.update(officeKey(id), { retired: true, retiredAt: at }, 'replace', etag)).ok
    },
    async discard(id, etag) {
      return (await store.remove(officeKey(id), etag)).ok
    },
  }
}

function propsOf(office: Office) {
  return { name: office.name, ...pack(office) }
}

/** Every row of one partition in memory: for partitions that are known to be small. */
export async function rowsOf(store: TableStore, table: string, pk: string) {
  return Array.fromAsync(everyRow(store, { table, pk }))
}
