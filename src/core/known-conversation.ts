import type { ConversationChange, ConversationRef } from './chat.ts'

/** A conversation that the bot has heard of: what is needed to write there without being asked. */
export interface KnownConversation {
  /** The channel's id, or the chat's own; never a thread's. Unique within a tenant. */
  readonly id: string
  /** The newest reference, to the conversation itself and to no thread of it. */
  readonly ref: ConversationRef
  /** The first message of the thread that was written in last; null outside of channels. */
  readonly thread: string | null
  /** What the platform called the team, and the channel or the chat, when it last said. Outside text. */
  readonly teamName: string | null
  readonly name: string | null
  /** Whose personal chat it is: an object id; null elsewhere. */
  readonly personId: string | null
  /** `gone`: the bot was removed or the conversation deleted, so nothing is sent there unasked. */
  readonly state: 'alive' | 'gone'
  /** The time of the activity that decided the state, epoch ms: an older one that comes late decides nothing. */
  readonly stateAt: number
  /** When the bot introduced itself, epoch ms; null: never. */
  readonly welcomedAt: number | null
}

/** Somebody who reinstalls within a day has seen the welcome and is busy with something else. */
export const WELCOME_AGAIN_MS = 24 * 3600_000

/** The conversation that a reference belongs to: a channel's thread is a part of its channel. */
export function homeId(ref: Pick<ConversationRef, 'conversationId'>): string {
  return ref.conversationId.split(';messageid=')[0] ?? ref.conversationId
}

/** What is known after somebody said or clicked something: the bot is there, and this is how to answer. */
export function heardFrom(
  before: KnownConversation | null,
  ref: ConversationRef,
  at: number,
  personId: string,
): KnownConversation {
  const known = before ?? unknown(ref, at)
  return {
    ...known,
    ...whereabouts(known, ref),
    personId: ref.kind === 'personal' ? personId : null,
    ...(known.state === 'gone' && at > known.stateAt ? { state: 'alive', stateAt: at } : {}),
  }
}

/** What is known after a change, and whether the bot is to introduce itself. Pure; `before` null: never heard of. */
export function changedBy(
  before: KnownConversation | null,
  change: ConversationChange,
): { readonly after: KnownConversation; readonly welcome: boolean } {
  const { conversation, at, what, person } = change
  const known = before ?? unknown(conversation, at)
  const isNews = before === null || at >= known.stateAt
  const state = what === 'removed' ? 'gone' : what === 'changed' ? known.state : 'alive'
  const welcome = what === 'added' && isNews && isWelcomeDue(known, at)
  const after: KnownConversation = {
    ...known,
    ...whereabouts(known, conversation),
    teamName: change.teamName ?? known.teamName,
    name: change.name ?? known.name,
    personId: conversation.kind === 'personal' ? (person?.objectId ?? known.personId) : null,
    ...(isNews && (before === null || state !== known.state) ? { state, stateAt: at } : {}),
    ...(welcome ? { welcomedAt: at } : {}),
  }
  return { after, welcome }
}

/** Marks what belongs to a team that the bot left, or came back to. */
export function withTeam(known: KnownConversation, what: 'gone' | 'alive', at: number): KnownConversation {
  return known.state === what || at < known.stateAt ? known : { ...known, state: what, stateAt: at }
}

/** Once; again only for a conversation that the bot had left, and not on the same day. */
function isWelcomeDue({ welcomedAt, state }: KnownConversation, at: number): boolean {
  if (welcomedAt === null) return true
  return state === 'gone' && at - welcomedAt >= WELCOME_AGAIN_MS
}

function unknown(ref: ConversationRef, at: number): KnownConversation {
  return {
    id: homeId(ref),
    ref,
    thread: null,
    teamName: null,
    name: null,
    personId: null,
    state: 'alive',
    stateAt: at,
    welcomedAt: null,
  }
}

function whereabouts(known: KnownConversation, ref: ConversationRef) {
  const [, thread = known.thread] = ref.conversationId.split(';messageid=')
  return {
    ref: {
      ...ref,
      conversationId: homeId(ref),
      teamId: ref.teamId ?? known.ref.teamId,
      channelId: ref.channelId ?? known.ref.channelId,
    },
    thread,
  }
}
