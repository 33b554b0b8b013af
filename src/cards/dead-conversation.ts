import type { ConversationKind } from '../core/chat.ts'
import { t } from '../core/t.ts'

const NAMES: Readonly<Record<ConversationKind, string>> = {
  personal: t`a personal chat`,
  group: t`a group chat`,
  channel: t`a channel`,
}

const REASONS: Readonly<Record<number, string>> = {
  403: t`Teams answers that Doorstep may not write there: it was removed, or blocked.`,
  404: t`Teams answers that the conversation is gone.`,
}

/** What an admin is told, once, when a conversation takes nothing any more. Plain text; the reference is in the log. */
export function deadConversationText(kind: ConversationKind, status: number, reference: string): string {
  return [
    t`Doorstep can no longer write to ${NAMES[kind]}. ${REASONS[status] ?? t`Teams answered ${status}.`}`,
    t`Nothing more is sent there. To bring it back, add Doorstep there again, or say something to it there.`,
    t`Reference: ${reference}`,
  ].join('\n\n')
}

/** What an admin is told when Teams refused a digest, though the conversation lives. Plain text; the reference is in the log. */
export function digestNotSentText(kind: ConversationKind, reference: string): string {
  return [
    t`A digest could not be sent to ${NAMES[kind]}: Teams refused it.`,
    t`It is tried again when it is next due. Say digest list there to see it, and look at the log of the hub.`,
    t`Reference: ${reference}`,
  ].join('\n\n')
}
