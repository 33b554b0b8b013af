import type { RenderedCard } from '../../cards/render-card.ts'
import type { ConversationRef, EditKind } from '../../core/chat.ts'

/** What became of a message: sent, refused for good, or nobody knows. */
export type Told =
  | { readonly kind: 'sent'; readonly activityId: string }
  /** `gone`: the conversation no longer takes messages from us. `lost`: only this message is gone. */
  | { readonly kind: 'refused'; readonly gone: boolean; readonly lost: boolean }
  /** Not taken now: nothing was posted, and it may be tried again after this many ms. */
  | { readonly kind: 'later'; readonly afterMs: number }
  | { readonly kind: 'unknown' }

/** The way to people: posts are made once, edits may be repeated. */
export interface Speaker {
  post(conversation: ConversationRef, replyTo: string | null, card: RenderedCard): Promise<Told>
  /** `final` unless said. A newer edit may overtake one that waits; both then get the same answer. */
  edit(conversation: ConversationRef, activityId: string, card: RenderedCard, kind?: EditKind): Promise<Told>
}
