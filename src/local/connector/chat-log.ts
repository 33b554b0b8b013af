import { DEMO_CONVERSATIONS } from './people.ts'

/** One message as it stands now. */
export interface ChatMessage {
  readonly id: string
  readonly conversationId: string
  /** The first message of its thread, in a channel; null elsewhere and for that message itself. */
  readonly threadId: string | null
  /** Object id of the person, or null for the bot. */
  readonly personId: string | null
  readonly text: string
  readonly cards: readonly unknown[]
  readonly summary: string
  /** Epoch ms. */
  readonly at: number
  readonly editedAt: number | null
}

export type ChatChange =
  | { readonly kind: 'message' | 'edit'; readonly seq: number; readonly message: ChatMessage }
  | { readonly kind: 'delete'; readonly seq: number; readonly conversationId: string; readonly id: string }
  | { readonly kind: 'typing'; readonly seq: number; readonly conversationId: string }

export type NewMessage = Omit<ChatMessage, 'id' | 'at' | 'editedAt'>

/** The conversations of the stand-in, in memory, with a feed of what changes. */
export interface ChatLog {
  add(message: NewMessage): ChatMessage
  /** Replaces content; undefined when there is no such message. */
  edit(
    conversationId: string,
    id: string,
    content: Pick<ChatMessage, 'text' | 'cards' | 'summary'>,
  ): ChatMessage | undefined
  remove(conversationId: string, id: string): boolean
  typing(conversationId: string): void
  find(conversationId: string, id: string): ChatMessage | undefined
  messages(): readonly ChatMessage[]
  /** The number of the last change. */
  seq(): number
  /** Calls back for each change until the returned function is called. */
  follow(listener: (change: ChatChange) => void): () => void
}

/** A day of demonstrations is a few hundred messages; beyond this the oldest go. */
const MAX_MESSAGES = 2_000

/** Splits Teams' name of a thread, `<channel>;messageid=<first message>`. */
export function splitThread(conversationId: string): { base: string; threadId: string | null } {
  const [base = '', threadId] = conversationId.split(';messageid=')
  return { base, threadId: threadId ?? null }
}

/** Reports whether the stand-in has this conversation. */
export function isKnownConversation(base: string): boolean {
  return DEMO_CONVERSATIONS.some((conversation) => conversation.id === base)
}

/** Makes an empty log. `now` is epoch ms; ids are times, as Teams' are, made unique. */
export function createChatLog(now: () => number): ChatLog {
  const byId = new Map<string, ChatMessage>()
  const listeners = new Set<(change: ChatChange) => void>()
  let seq = 0
  let lastId = 0
  const tell = (make: (seq: number) => ChatChange): void => {
    seq += 1
    const change = make(seq)
    for (const listener of listeners) listener(change)
  }
  const find: ChatLog['find'] = (conversationId, id) => {
    const message = byId.get(id)
    return message?.conversationId === conversationId ? message : undefined
  }
  return {
    find,
    add: (fresh) => {
      lastId = Math.max(lastId + 1, now())
      const message: ChatMessage = { ...fresh, id: String(lastId), at: now(), editedAt: null }
      byId.set(message.id, message)
      const [oldest] = byId.keys()
      if (byId.size > MAX_MESSAGES && oldest !== undefined) byId.delete(oldest)
      tell((number) => ({ kind: 'message', seq: number, message }))
      return message
    },
    edit: (conversationId, id, content) => {
      const before = find(conversationId, id)
      if (!before) return undefined
      const message = { ...before, ...content, editedAt: now() }
      byId.set(id, message)
      tell((number) => ({ kind: 'edit', seq: number, message }))
      return message
    },
    remove: (conversationId, id) => {
      if (!find(conversationId, id)) return false
      byId.delete(id)
      tell((number) => ({ kind: 'delete', seq: number, conversationId, id }))
      return true
    },
    typing: (conversationId) => tell((number) => ({ kind: 'typing', seq: number, conversationId })),
    messages: () => [...byId.values()],
    seq: () => seq,
    follow: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
