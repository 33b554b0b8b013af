import type { CardClick, ConversationChange, InboundMessage } from '../../core/chat.ts'
import type { Clock } from '../../core/ports.ts'
import type { DeskLog } from '../check/check-desk.ts'
import type { Conversation } from '../conversation.ts'
import type { AdminTeller } from '../dead-conversations.ts'
import type { Arrivals } from './arrivals.ts'
import { promptClicks } from './prompt-clicks.ts'

export interface ChatHandlersDeps {
  readonly conversation: Conversation
  readonly arrivals: Arrivals
  readonly teller: AdminTeller
  readonly clock: Clock
  readonly log: DeskLog
}

/** What is done with all that comes from the chat: whoever speaks is alive, arrivals are greeted, then it is answered. */
export function chatHandlers({ conversation, arrivals, teller, clock, log }: ChatHandlersDeps) {
  return {
    message: async (message: InboundMessage) => {
      await teller.heard(message.conversation, message.person)
      await arrivals.heard(message.conversation, message.at, message.person)
      await conversation.message(message)
    },
    click: promptClicks({
      click: async (click: CardClick) => {
        await teller.heard(click.conversation, click.person)
        await arrivals.heard(click.conversation, click.at, click.person)
        return conversation.click(click)
      },
      clock,
      log,
    }),
    change: async (change: ConversationChange) => {
      if (change.what !== 'removed') await teller.heard(change.conversation, change.person)
      await arrivals.change(change)
    },
  }
}
