import { z } from 'zod'
import type { KnownConversation } from '../core/known-conversation.ts'
import type { Row, TableStore } from '../core/table-store.ts'
import { allShards, conversationKey } from './keys.ts'
import { rowsOf } from './offices.ts'
import { pack, unpack } from './packed.ts'

/** A reference as rows hold it. */
export const STORED_REF = z.looseObject({
  conversationId: z.string(),
  kind: z.enum(['personal', 'group', 'channel']),
  tenantId: z.string(),
  serviceUrl: z.string(),
  bot: z.object({ id: z.string(), name: z.string() }),
  teamId: z.string().nullable(),
  channelId: z.string().nullable(),
})

const KNOWN = z.looseObject({
  id: z.string(),
  ref: STORED_REF,
  thread: z.string().nullable(),
  teamName: z.string().nullable(),
  name: z.string().nullable(),
  personId: z.string().nullable(),
  state: z.enum(['alive', 'gone']),
  stateAt: z.number(),
  welcomedAt: z.number().nullable(),
})

/** Tries of one change while other hubs change the same row: it is written a few times a minute at most. */
const MAX_TRIES = 8

/** The conversations that the bot knows (table `conversations`). */
export interface ConversationStore {
  get(tenantId: string, id: string): Promise<KnownConversation | null>
  all(): Promise<readonly KnownConversation[]>
  /**
   * Changes one row under its ETag: `next` may run more than once, and what its last run gave is stored. A row that
   * cannot be read counts as none. Throws when the row never stands still.
   */
  change(
    tenantId: string,
    id: string,
    next: (before: KnownConversation | null) => KnownConversation,
  ): Promise<void>
}

/** The table of conversations behind its port. */
export function conversationStore(
  store: TableStore,
  onDamaged: (id: string) => void = () => undefined,
): ConversationStore {
  const read = (row: Row): KnownConversation | null => {
    const known = KNOWN.safeParse(unpack(row.props))
    if (known.success) return known.data as KnownConversation
    onDamaged(row.rk)
    return null
  }
  return {
    async get(tenantId, id) {
      const row = await store.get(conversationKey(tenantId, id))
      return row ? read(row) : null
    },
    async all() {
      const shards = await Promise.all(allShards().map((pk) => rowsOf(store, 'conversations', pk)))
      return shards.flat().flatMap((row) => read(row) ?? [])
    },
    async change(tenantId, id, next) {
      const key = conversationKey(tenantId, id)
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const row = await store.get(key)
        const before = row ? read(row) : null
        const after = next(before)
        if (before === after) return
        const props = pack(after)
        const written = row
          ? await store.update(key, props, 'replace', row.etag)
          : await store.insert(key, props)
        if (written.ok) return
      }
      throw new Error('a conversation changed faster than it could be stored')
    },
  }
}
