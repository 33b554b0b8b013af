import type { CardClick, ClickAnswer, ConversationChange, InboundMessage } from '../core/chat.ts'
import { activitySchema } from './activity.ts'
import type { Gate } from './gate.ts'
import { readInbound } from './inbound.ts'
import { invokeAnswer } from './invoke-answer.ts'
import { refusalLog } from './refusal-log.ts'

/** Who hears of what came in. Each must return soon: Teams delivers again after 15 s, and a click waits for its answer. */
export interface ChatHandlers {
  message(message: InboundMessage): Promise<void>
  /** The answer is shown to the person who clicked; for `submit` clicks it is not sent anywhere. */
  click(click: CardClick): Promise<ClickAnswer>
  change(change: ConversationChange): Promise<void>
}

export interface TeamsGateOptions {
  readonly gate: Gate
  readonly handlers: ChatHandlers
  readonly log: {
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
  /** Epoch ms. */
  readonly now: () => number
}

/** The answer to one POST /api/messages: a status, and a body for invokes alone. */
export interface TeamsAnswer {
  readonly status: number
  readonly body?: object
}

/**
 * Makes the receiver of POST /api/messages: shape (400), proof (401, 403, 503), meaning, handler. What is not for us is
 * answered 200 and forgotten; an invoke that we do not know is 501. A handler that throws is a bug: a click is answered
 * with an error that the person sees, everything else with 500, so that Teams delivers again.
 */
export function createTeamsGate(
  options: TeamsGateOptions,
): (body: unknown, authorization: string | undefined) => Promise<TeamsAnswer> {
  const { gate, handlers, log, now } = options
  const turnedAway = refusalLog(log, now)

  const answerClick = async (click: CardClick): Promise<TeamsAnswer> => {
    try {
      const answer = await handlers.click(click)
      return click.via === 'submit' ? { status: 200 } : { status: 200, body: invokeAnswer(answer) }
    } catch (error) {
      log.error({ err: error }, 'a click could not be handled')
      if (click.via === 'submit') return { status: 500 }
      return { status: 200, body: invokeAnswer({ kind: 'error', text: WENT_WRONG }) }
    }
  }

  return async (body, authorization) => {
    const shaped = activitySchema.safeParse(body)
    if (!shaped.success) return { status: 400 }
    const proof = await gate.authenticate(shaped.data, authorization)
    if (!proof.ok) {
      turnedAway(proof.why)
      return { status: proof.status }
    }
    const inbound = readInbound(shaped.data, now())
    switch (inbound.kind) {
      case 'ignored':
        return { status: 200 }
      case 'ignored-invoke': {
        const text = inbound.why === 'nobody' ? NOBODY : CARD_TOO_OLD
        return { status: 200, body: invokeAnswer({ kind: 'error', text }) }
      }
      case 'refresh':
        return { status: 200, body: invokeAnswer({ kind: 'message', text: UP_TO_DATE }) }
      case 'unknown-invoke':
        return { status: 501 }
      case 'bad-invoke':
        return { status: 200, body: invokeAnswer({ kind: 'error', text: CARD_TOO_OLD }) }
      case 'click':
        return answerClick(inbound.click)
      case 'message':
        return told(() => handlers.message(inbound.message))
      case 'change':
        return told(() => handlers.change(inbound.change))
    }
  }

  async function told(tell: () => Promise<void>): Promise<TeamsAnswer> {
    try {
      await tell()
      return { status: 200 }
    } catch (error) {
      log.error({ err: error }, 'an activity could not be handled')
      return { status: 500 }
    }
  }
}

const WENT_WRONG = 'Something went wrong on our side. Nothing was changed.'
const NOBODY = 'I cannot tell who you are, so nothing was changed. Guests and people outside cannot use this.'
const UP_TO_DATE = 'This card is kept up to date without a refresh.'
const CARD_TOO_OLD = 'This card is too old. Nothing was changed.'
