import type { RenderedCard } from '../../cards/render-card.ts'
import {
  selfExpiredCard,
  selfForgottenCard,
  selfResultCard,
  selfRunningCard,
} from '../../cards/self-check-card.ts'
import type { SelfCheck } from '../../core/self-check.ts'
import type { OfferButton } from '../offer-button.ts'

/** What drawing needs besides the check. */
export interface DrawParts {
  readonly offer: OfferButton
  readonly hours: number
  /** How an office is called in a command; null: it is gone. */
  readonly officeName: (officeId: string) => Promise<string | null>
}

/** The card of a self-check as it stands; null while it is only an invitation, which its command has drawn. */
export async function drawSelf(check: SelfCheck, parts: DrawParts): Promise<RenderedCard | null> {
  const { person, conversation, timeZone, state, result, plan } = check
  const button = (title: string, command: string) =>
    parts.offer(conversation.conversationId, title, 'me', command, { onlyFor: person.objectId })
  const named = check.officeId === null ? null : await parts.officeName(check.officeId)
  const again = named === null ? 'me' : `me office ${named}`
  const whose = { name: person.name, timeZone, keptHours: parts.hours }
  if (state === 'invited') return null
  if (state === 'done' && result !== null) {
    const buttons = [await button('Check again', again), await button('My self-checks', 'me history')]
    return selfResultCard({ ...whose, result, buttons })
  }
  if (state === 'running') return selfRunningCard({ ...whose, way: plan === null ? 'page' : 'command' })
  const started = check.keyHash !== null
  return selfExpiredCard({ ...whose, started, buttons: [await button('Make a new link', again)] })
}

/** In the place of what somebody had forgotten. */
export async function drawForgotten(
  { conversation, person }: SelfCheck,
  offer: OfferButton,
): Promise<RenderedCard> {
  const { conversationId } = conversation
  const onlyFor = person.objectId
  return selfForgottenCard({
    buttons: [await offer(conversationId, 'Check my connection', 'me', 'me', { onlyFor })],
  })
}
