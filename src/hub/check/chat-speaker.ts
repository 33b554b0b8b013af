import type { RenderedCard } from '../../cards/render-card.ts'
import type { CardJson, ChatPort, Outgoing, SendOutcome } from '../../core/chat.ts'
import type { Speaker, Told } from './speaker.ts'

/** Statuses with which Teams asks to try again; nothing was posted, and the chat has tried some times. */
const TRY_LATER = new Set([412, 429])

/** No connection was made at all: the chat is away for a moment, and an edit may be repeated. */
const NOT_REACHED = 0

/** Pause where Teams names none: its shortest rate window is one second. */
const LATER_MS = 1_500

/** A card as a message of ours. */
export function outgoing(card: RenderedCard): Outgoing {
  return { summary: card.summary, card: card.card as CardJson }
}

/** The check's way to people over a chat. */
export function chatSpeaker(chat: ChatPort): Speaker {
  return {
    post: async (conversation, replyTo, card) =>
      told(await chat.post(conversation, outgoing(card), replyTo ?? undefined), true),
    edit: async (conversation, activityId, card, kind) =>
      told(await chat.update(conversation, activityId, outgoing(card), kind), false),
  }
}

function told(sent: SendOutcome, isPost: boolean): Told {
  switch (sent.outcome) {
    case 'sent':
      return { kind: 'sent', activityId: sent.activityId }
    case 'unknown':
      return { kind: 'unknown' }
    case 'refused':
      if (TRY_LATER.has(sent.status)) return { kind: 'later', afterMs: sent.retryAfterMs ?? LATER_MS }
      if (sent.status === NOT_REACHED) return { kind: 'later', afterMs: LATER_MS }
      // An edit may find its message gone while the conversation still stands; a post that is refused has nowhere to go.
      return { kind: 'refused', gone: isPost || sent.gone === 'conversation', lost: sent.gone === 'message' }
  }
}
