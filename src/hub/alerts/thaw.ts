import { freezeOverCard } from '../../cards/freeze-card.ts'
import type { AlertOrder } from '../../core/alert.ts'
import type { ConversationRef } from '../../core/chat.ts'
import type { Freeze } from '../../core/freeze.ts'
import { homeId } from '../../core/known-conversation.ts'
import type { Office } from '../../core/office.ts'
import type { Clock } from '../../core/ports.ts'
import type { FreezeStore } from '../../store/freezes.ts'
import type { CheckDesk, DeskLog } from '../check/check-desk.ts'
import type { Speaker } from '../check/speaker.ts'

export interface ThawDeps {
  readonly freezes: FreezeStore
  readonly desk: Pick<CheckDesk, 'begin' | 'newCheckId'>
  readonly speaker: Pick<Speaker, 'post' | 'edit'>
  readonly clock: Clock
  readonly log: DeskLog
}

/** Orders with the offices that each is about. */
export type OrdersCovering = (officeId: string) => readonly AlertOrder[]

/**
 * Ends the freezes that ran out: says so and posts the first result after, where it was frozen and where its alerts go.
 * Gives how long until the next one runs out, ms.
 */
export async function thaw(
  deps: ThawDeps,
  freezes: readonly Freeze[],
  offices: readonly Office[],
  covering: OrdersCovering,
): Promise<number> {
  const now = deps.clock.now()
  for (const freeze of freezes.filter(({ until }) => until <= now)) {
    const office = offices.find(({ id }) => id === freeze.officeId)
    if (office) await tell(deps, freeze, office, covering(office.id))
    // After it was told: whoever dies in between tells it twice, and never not at all.
    await deps.freezes.remove(freeze.officeId)
  }
  return Math.min(Number.POSITIVE_INFINITY, ...freezes.map(({ until }) => until - now).filter((ms) => ms > 0))
}

async function tell(
  { desk, speaker, log }: ThawDeps,
  freeze: Freeze,
  office: Office,
  orders: readonly AlertOrder[],
): Promise<void> {
  const places = distinct([freeze.conversation, ...orders.map(({ conversation }) => conversation)])
  const card = freezeOverCard(freeze, office)
  for (const conversation of places) {
    const told = await speaker.post(conversation, null, card)
    if (told.kind !== 'sent')
      log.warn({ office: office.id, outcome: told.kind }, 'the end of a freeze was not told')
    // One check: those who ask for the same meanwhile get a card of it.
    const id = desk.newCheckId()
    await desk.begin({ id, officeIds: [office.id], conversation, askedBy: freeze.by, replyTo: null })
  }
  log.info({ office: office.id, places: places.length }, 'a freeze ended')
}

/** One of each conversation: threads of a channel are one. */
function distinct(all: readonly ConversationRef[]): readonly ConversationRef[] {
  const keyOf = (ref: ConversationRef) => `${ref.tenantId} ${homeId(ref)}`
  return all.filter((ref, at) => all.findIndex((other) => keyOf(other) === keyOf(ref)) === at)
}
