import { z } from 'zod'
import { type ConversationRef, type DeadConversations, withoutThread } from '../core/chat.ts'
import { everyRow, type TableStore } from '../core/table-store.ts'
import { ADMIN_CHATS, adminChatKey, deadKey } from './keys.ts'

/** The personal conversation of somebody, as it was when they last said something there. */
export interface AdminChat {
  readonly objectId: string
  readonly ref: ConversationRef
  /** Epoch ms. */
  readonly at: number
}

/** Which conversations are dead, and where admins are told. */
export interface DeadConversationStore extends DeadConversations {
  /** Since when a conversation, or the channel it is a thread of, is dead, epoch ms; null: it lives. */
  deadSince(conversationId: string): Promise<number | null>
  /** Takes the mark from a conversation and from its channel: something came from there. */
  revive(conversationId: string): Promise<void>
  /** Keeps where an admin can be told something. */
  putAdminChat(chat: AdminChat): Promise<void>
  /** All that were kept, newest first. */
  adminChats(): Promise<readonly AdminChat[]>
}

const REF = z.object({
  conversationId: z.string().min(1),
  kind: z.literal('personal'),
  tenantId: z.string(),
  serviceUrl: z.string(),
  bot: z.object({ id: z.string(), name: z.string() }),
  teamId: z.string().nullable(),
  channelId: z.string().nullable(),
})

/** Tables `dead` and `adminchats`. Rows that cannot be read are named to `onDamaged` and left out. */
export function deadConversationStore(
  store: TableStore,
  onDamaged: (objectId: string) => void = () => undefined,
): DeadConversationStore {
  /** A thread of a dead channel is dead as well. */
  const rowsOf = (conversationId: string) =>
    [...new Set([conversationId, withoutThread(conversationId)])].map(deadKey)

  const deadSince = async (conversationId: string): Promise<number | null> => {
    const rows = await Promise.all(rowsOf(conversationId).map((row) => store.get(row, ['at'])))
    const times = rows.flatMap((row) => (row === undefined ? [] : [Number(row.props['at'] ?? 0)]))
    return times.length === 0 ? null : Math.min(...times)
  }

  return {
    deadSince,
    isDead: async (conversationId) => (await deadSince(conversationId)) !== null,
    async mark(conversationId, at) {
      return (await store.insert(deadKey(conversationId), { conversationId, at })).ok
    },
    async revive(conversationId) {
      for (const row of rowsOf(conversationId)) {
        // Nearly every message finds none: a read is cheaper than a removal.
        if (await store.get(row, ['at'])) await store.remove(row)
      }
    },
    async putAdminChat({ objectId, ref, at }) {
      await store.upsert(adminChatKey(objectId), { at, ref: JSON.stringify(ref) }, 'replace')
    },
    async adminChats() {
      const chats: AdminChat[] = []
      for await (const { rk, props } of everyRow(store, { table: 'adminchats', pk: ADMIN_CHATS })) {
        const ref = REF.safeParse(parsed(props['ref']))
        if (ref.success && typeof props['at'] === 'number')
          chats.push({ objectId: rk, ref: ref.data, at: props['at'] })
        else onDamaged(rk)
      }
      return chats.toSorted((a, b) => b.at - a.at)
    },
  }
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
