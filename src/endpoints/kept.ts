import * as z from 'zod'
import type { EndpointList } from './list.ts'
import { readEndpoints } from './parse.ts'

const instant = z.number().min(0)
const version = z.string().regex(/^20\d{8}$/)

/** What of an endpoint list outlives a restart. Times are epoch ms. */
export const keptSchema = z.object({
  /** The web service and instance that it is from: another's is of no use. */
  from: z.string().max(500),
  /** The list fetched last, as the web service sent it; null: none yet. */
  fetched: z.object({ version, entries: z.array(z.unknown()) }).nullable(),
  /** When that list was last known to be the newest; null: never. */
  newestAt: instant.nullable(),
  /** What the version method answered last, and when. */
  latest: z.object({ version, at: instant }).nullable(),
  /** The version whose list was refused while `held` was held, and why; null: none, or a program of before kept this. */
  refused: z
    .object({ version, held: z.string().max(10), problem: z.string().max(300) })
    .nullable()
    .default(null),
  /** The web service asked to be left alone until then; 0: it did not. */
  notBefore: instant,
})
export type Kept = Readonly<z.infer<typeof keptSchema>>

/** Where what is kept lies: the hub's store, the runner's folder. `save` may be called again with the same. */
export interface ListMemory {
  /** What was saved last, unread; null when nothing was. May throw: then the list is fetched as if nothing was. */
  load(): Promise<unknown>
  save(kept: Kept): Promise<void>
}

/** What was kept, and the list in it; null when it cannot be read or is another web service's. */
export function readKept(
  value: unknown,
  from: string,
): { readonly kept: Kept; readonly list: EndpointList | null } | null {
  const read = keptSchema.safeParse(value)
  if (!read.success || read.data.from !== from) return null
  const kept = read.data
  if (kept.fetched === null) return { kept, list: null }
  // Read as strictly as when it came: what lies in a file may have been changed there.
  const list = readEndpoints(kept.fetched.entries, kept.fetched.version)
  return list.ok ? { kept, list: list.list } : null
}
