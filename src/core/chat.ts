/**
 * Words of the chat, free of any platform: what comes in, what goes out, and the port it goes out through. Texts in
 * here come from people outside and are never to be shown as markup.
 */

/** A person as the authenticated activity names them. Identity is the object id alone; the name is for showing. */
export interface Person {
  /** Entra object id, a GUID in lower case. */
  readonly objectId: string
  readonly name: string
  /** Why they are no member of the tenant; missing: they are one, or nobody has looked yet. */
  readonly outsider?: Outsider
}

/**
 * Somebody who is no member of the tenant: a guest account in it, a person of another tenant (shared channel,
 * federated chat), one who joined a meeting without any account, or one of whom Teams did not say who they are.
 */
export type Outsider = 'guest' | 'external' | 'anonymous' | 'unknown'

export type ConversationKind = 'personal' | 'group' | 'channel'

/** Where to send: everything that a later message or edit needs, as it came with the newest activity. */
export interface ConversationRef {
  /** As the platform names it; in a channel it names the thread (`19:...;messageid=...`). */
  readonly conversationId: string
  readonly kind: ConversationKind
  readonly tenantId: string
  /** The platform's address for answers. It changes: keep the newest, and it is checked again at each send. */
  readonly serviceUrl: string
  /** The bot as this conversation knows it. */
  readonly bot: { readonly id: string; readonly name: string }
  /** The team and the channel, in a channel. */
  readonly teamId: string | null
  readonly channelId: string | null
}

/** Somebody other than the bot who was mentioned. `text` stands in the message where the mention was, `@Ana Diaz`. */
export interface Mention {
  /** The platform's id of the mentioned, to be resolved with {@link ChatPort.member}. */
  readonly id: string
  readonly name: string
  readonly text: string
}

/** What somebody said to the bot. */
export interface InboundMessage {
  /** Unique within its conversation; the platform repeats it when it delivers again. */
  readonly id: string
  /** When it was said, epoch ms, by the platform's clock. */
  readonly at: number
  /** Without the mention of the bot, markup characters decoded, trimmed; empty when only the bot was mentioned. */
  readonly text: string
  readonly person: Person
  readonly conversation: ConversationRef
  readonly mentions: readonly Mention[]
  /** The zone that the person's client names, as it came; null when it names none. */
  readonly timeZone: string | null
}

/** A button that somebody pressed. */
export interface CardClick {
  readonly id: string
  readonly at: number
  /** The id of the stored action; empty when the card sent none that could be one (the card is too old). */
  readonly actionId: string
  /** What the card's input fields held. Texts only, at most 50, each cut at what a pasted file may have; names as the card gave them. */
  readonly inputs: Readonly<Record<string, string>>
  readonly person: Person
  readonly conversation: ConversationRef
  /** The message that holds the card. */
  readonly cardId: string | null
  /** As in {@link InboundMessage}. */
  readonly timeZone: string | null
  /** `invoke` waits for an answer; `submit` (old clients) comes as a message and gets none. */
  readonly via: 'invoke' | 'submit'
}

/** The bot came to a conversation, left it, or something about it changed (a new reference to keep). */
export interface ConversationChange {
  readonly id: string
  readonly at: number
  /** `restored`: a deleted or archived team or channel is back, or the app was upgraded. `changed`: a new name, say. */
  readonly what: 'added' | 'removed' | 'restored' | 'changed'
  /** Where it happened; for a bot that came to a team, the channel that the team wants it in. */
  readonly conversation: ConversationRef
  /** A team's change is one of all its channels. */
  readonly scope: 'conversation' | 'team'
  /** The names that came along; null: none did. Outside text. */
  readonly teamName: string | null
  readonly name: string | null
  readonly person: Person | null
}

/** An Adaptive Card as JSON. */
export type CardJson = Readonly<Record<string, unknown>>

/** One message of ours. The summary is what notifications and screen readers say. */
export interface Outgoing {
  readonly summary: string
  /** Plain text, or a card; a card wins where both are given. */
  readonly text?: string
  readonly card?: CardJson
}

/** What a person who pressed a button gets at once. */
export type ClickAnswer =
  | { readonly kind: 'card'; readonly card: CardJson }
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string }

/** What became of a message that was handed over once. */
export type SendOutcome = { readonly outcome: 'sent'; readonly activityId: string } | NotSent

/** Why something was not sent, or may not have been. */
export type NotSent =
  /**
   * The platform said no: nothing was posted. `retryAfterMs` where it named a time (429). `gone`: the conversation takes
   * nothing from us any more, or only the message that was to be changed or answered is no longer there.
   */
  | {
      readonly outcome: 'refused'
      readonly status: number
      readonly retryAfterMs: number | null
      readonly gone?: 'conversation' | 'message'
    }
  /** Nobody knows: it may have been posted. A post must not be repeated; an edit may. */
  | { readonly outcome: 'unknown'; readonly why: string; readonly retryAfterMs?: number }

/** An edit that only shows progress gives way to everything else, and to a newer one of the same message. */
export type EditKind = 'progress' | 'final'

/**
 * The chat as the hub writes to it. No method throws for what the platform does. Each keeps to the platform's limits, so
 * that it may take a minute, and does again what may be done again; an outcome is the last word on that message.
 */
export interface ChatPort {
  /** Posts a new message, as a reply to `replyToId` where given. */
  post(ref: ConversationRef, message: Outgoing, replyToId?: string): Promise<SendOutcome>
  /**
   * Replaces a message of ours; `final` unless said. While it waits, a newer one of the same message takes its place, and
   * both get the newer one's outcome. Idempotent, so that a caller may try again with its newest content.
   */
  update(ref: ConversationRef, activityId: string, message: Outgoing, kind?: EditKind): Promise<SendOutcome>
  /** Who a member of the conversation is, by the platform's id or the object id; null when the platform does not say. */
  member(ref: ConversationRef, id: string): Promise<Person | null>
}

/** The conversations that take nothing from us any more, kept over restarts. */
export interface DeadConversations {
  /** Reports whether this conversation, or the channel it is a thread of, is dead. */
  isDead(conversationId: string): Promise<boolean>
  /** Marks one; false when it was marked before. */
  mark(conversationId: string, at: number): Promise<boolean>
}

/** The conversation without its thread: Teams counts all threads of a channel together, and leaves them together. */
export function withoutThread(conversationId: string): string {
  return conversationId.replace(/;messageid=.*$/s, '')
}
