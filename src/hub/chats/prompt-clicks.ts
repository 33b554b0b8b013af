import type { CardClick, ClickAnswer } from '../../core/chat.ts'
import type { Clock } from '../../core/ports.ts'
import { t } from '../../core/t.ts'
import type { DeskLog } from '../check/check-desk.ts'

export interface PromptClicksDeps {
  readonly click: (click: CardClick) => Promise<ClickAnswer>
  readonly clock: Clock
  readonly log: Pick<DeskLog, 'error'>
}

/** An invoke is answered within 2 s: what is not done by then goes on, and its card comes when it is. */
export const CLICK_ANSWER_MS = 1_500

/** Clients send one click again with a new id while they wait; a person who means it twice takes longer. */
export const SAME_CLICK_MS = 3_000

/** Clicks remembered at once: what everybody of a large tenant presses within three seconds. */
const REMEMBERED = 5_000

/**
 * Answers clicks in time and never throws. The same click (card, action, fields, person) within three seconds is one,
 * whatever its id, and gets the same answer.
 */
export function promptClicks({
  click,
  clock,
  log,
}: PromptClicksDeps): (click: CardClick) => Promise<ClickAnswer> {
  const recent = new Map<string, { readonly at: number; readonly answer: Promise<ClickAnswer> }>()

  const answered = async (pressed: CardClick): Promise<ClickAnswer> => {
    const work = Promise.resolve()
      .then(() => click(pressed))
      .catch((error: unknown): ClickAnswer => {
        log.error({ err: error }, 'a click could not be handled')
        return { kind: 'error', text: WENT_WRONG }
      })
    const { promise, resolve } = Promise.withResolvers<ClickAnswer>()
    const cancel = clock.after(CLICK_ANSWER_MS, () => resolve({ kind: 'message', text: STILL_AT_IT }))
    const first = await Promise.race([work, promise])
    cancel()
    return first
  }

  return (pressed) => {
    const key = JSON.stringify([
      pressed.conversation.tenantId,
      pressed.conversation.conversationId,
      pressed.cardId,
      pressed.person.objectId,
      pressed.actionId,
      Object.entries(pressed.inputs).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ])
    const now = clock.monotonic()
    const before = recent.get(key)
    if (before && now - before.at < SAME_CLICK_MS) return before.answer
    const answer = answered(pressed)
    recent.delete(key)
    recent.set(key, { at: now, answer })
    for (const [old, { at }] of recent) {
      if (recent.size <= REMEMBERED && now - at < SAME_CLICK_MS) break
      recent.delete(old)
    }
    return answer
  }
}

const WENT_WRONG = t`Something went wrong on our side. Nothing was changed. Please try again.`
const STILL_AT_IT = t`I am at it. The answer comes as a card in a moment.`
