import type { ClickAnswer } from '../core/chat.ts'

/**
 * The body of an answer to `adaptiveCard/action`. Teams reads `statusCode` and `type` in it and wants HTTP 200 around
 * it; the error type is the one whose message it shows.
 * https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model
 */
export function invokeAnswer(answer: ClickAnswer): object {
  switch (answer.kind) {
    case 'card':
      return { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: answer.card }
    case 'message':
      return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: answer.text }
    case 'error':
      return {
        statusCode: 400,
        type: 'application/vnd.microsoft.error',
        value: { code: 'BadRequest', message: answer.text },
      }
  }
}
