import { alertCard } from '../../cards/alert-card.ts'
import type { CardButton } from '../../cards/buttons.ts'
import { clockText } from '../../cards/formats.ts'
import { alertButtons } from '../../commands/alerts/buttons.ts'
import { type Alert, type AlertOrder, isOver, isQuiet } from '../../core/alert.ts'
import type { Clock } from '../../core/ports.ts'
import type { AlertStore, StoredAlert } from '../../store/alerts.ts'
import type { DeskLog } from '../check/check-desk.ts'
import type { Speaker, Told } from '../check/speaker.ts'
import type { OfferButton } from '../offer-button.ts'

export interface PosterDeps {
  readonly alerts: AlertStore
  readonly speaker: Pick<Speaker, 'post' | 'edit'>
  readonly offer: OfferButton
  readonly clock: Clock
  readonly log: DeskLog
}

/**
 * Brings the cards of one order up to what its alerts say: posts each once, and edits it until it is over. False where
 * its conversation takes nothing now: the rest of them would wait there as well.
 */
export async function bringUp(
  deps: PosterDeps,
  order: AlertOrder,
  open: readonly StoredAlert[],
): Promise<boolean> {
  const isHushed = isQuiet(order.plan, clockText(deps.clock.now(), order.plan.timeZone))
  for (const stored of open) {
    const { state, isBehind } = stored.alert
    const isToPost = (state === 'waiting' && !isHushed) || state === 'posting'
    const isToEdit = state === 'standing' && isBehind
    const told = isToPost
      ? await post(deps, order, stored)
      : isToEdit
        ? await edit(deps, order, stored)
        : null
    if (told?.kind === 'later') return false
  }
  return true
}

/** What became of it; null: nothing was to be posted any more. */
async function post(deps: PosterDeps, order: AlertOrder, stored: StoredAlert): Promise<Told | null> {
  const { alerts, speaker } = deps
  // Whoever was posting it died, and nobody knows how far they came.
  const again = stored.alert.state === 'posting'
  const mine = await alerts.change(stored, { ...stored.alert, state: 'posting', isBehind: false })
  if (mine === null) return null
  const card = await draw(deps, order, mine.alert, again)
  const told = await speaker.post(order.conversation, null, card)
  note(deps, order, mine.alert, told, 'posted')
  await alerts.change(mine, { ...mine.alert, ...afterPost(told, mine.alert) })
  return told
}

function afterPost(told: Told, alert: Alert): Partial<Alert> {
  switch (told.kind) {
    case 'sent':
      return { state: isOver(alert) ? 'closed' : 'standing', activityId: told.activityId }
    case 'later':
      return { state: 'waiting' }
    // It may stand there: a second one would be worse than one that is never edited.
    case 'unknown':
    case 'refused':
      return { state: 'closed' }
  }
}

async function edit(deps: PosterDeps, order: AlertOrder, stored: StoredAlert): Promise<Told | null> {
  const { alerts, speaker } = deps
  const { alert } = stored
  if (alert.activityId === null) {
    await alerts.change(stored, { ...alert, state: 'closed' })
    return null
  }
  const card = await draw(deps, order, alert, false)
  const told = await speaker.edit(order.conversation, alert.activityId, card)
  note(deps, order, alert, told, 'edited')
  // An edit may be repeated: what was not taken or is not known is tried again at the next look.
  if (told.kind === 'later' || told.kind === 'unknown') return told
  const state = told.kind === 'refused' || isOver(alert) ? 'closed' : 'standing'
  await alerts.change(stored, { ...alert, state, isBehind: false })
  return told
}

async function draw({ offer }: PosterDeps, order: AlertOrder, alert: Alert, again: boolean) {
  const { conversation, plan } = order
  const buttons: readonly CardButton[] = await alertButtons(alert, order.id, (title, verb, command, how) =>
    offer(conversation.conversationId, title, verb, command, how),
  )
  return alertCard({ alert, timeZone: plan.timeZone, again, buttons })
}

function note({ log }: PosterDeps, order: AlertOrder, alert: Alert, told: Told, done: string): void {
  const fields = { alert: alert.id, order: order.id, outcome: told.kind }
  if (told.kind === 'sent') log.info(fields, `an alert was ${done}`)
  else if (told.kind === 'later') log.warn(fields, 'an alert waits')
  else log.warn(fields, `an alert was not ${done}, as far as is known`)
}
