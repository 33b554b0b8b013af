import { welcomeCard } from '../../cards/help-card.ts'
import type { RenderedCard } from '../../cards/render-card.ts'
import type { Authority } from '../../core/authority.ts'
import type { ChatPort, ConversationChange, ConversationRef, Person } from '../../core/chat.ts'
import {
  changedBy,
  heardFrom,
  homeId,
  type KnownConversation,
  withTeam,
} from '../../core/known-conversation.ts'
import type { Clock } from '../../core/ports.ts'
import { t } from '../../core/t.ts'
import type { ConversationStore } from '../../store/conversations.ts'
import type { OfficeStore } from '../../store/offices.ts'
import type { DeskLog } from '../check/check-desk.ts'
import type { Speaker } from '../check/speaker.ts'
import type { OfferButton } from '../offer-button.ts'

export interface ArrivalsDeps {
  readonly conversations: ConversationStore
  readonly offices: OfficeStore
  readonly authority: () => Promise<Authority>
  readonly speaker: Speaker
  /** Who an admin is, by name. */
  readonly member: ChatPort['member']
  readonly offer: OfferButton
  readonly clock: Clock
  readonly log: DeskLog
  /** A conversation that was gone is back: what lives there is to be brought up to date. */
  readonly onBack: () => void
}

/** References remembered in memory, to write only what is new: some hundred conversations are in use at once. */
const REMEMBERED = 2_000

/** Teams delivers again what is not taken within 15 s. */
const WELCOME_WAIT_MS = 5_000

/** Admins who are asked for by name. */
const ADMINS_ASKED = 3

/** Keeps the references of all conversations right, and introduces the bot once in each. */
export class Arrivals {
  readonly #deps: ArrivalsDeps
  readonly #written = new Map<string, string>()

  constructor(deps: ArrivalsDeps) {
    this.#deps = deps
  }

  /**
   * Notes where somebody said or clicked something. Ends when it is stored; stores nothing that is known. A store that
   * is away is only logged here: what the person asked for shall not fail for that.
   */
  async heard(ref: ConversationRef, at: number, person: Person): Promise<void> {
    try {
      await this.#heard(ref, at, person)
    } catch (error) {
      this.#deps.log.error({ err: error }, 'a conversation could not be noted')
    }
  }

  async #heard(ref: ConversationRef, at: number, person: Person): Promise<void> {
    const key = `${ref.tenantId} ${homeId(ref)}`
    const value = JSON.stringify([ref, person.objectId])
    if (this.#written.get(key) === value) return
    let wasGone = false
    await this.#deps.conversations.change(ref.tenantId, homeId(ref), (before) => {
      const after = heardFrom(before, ref, at, person.objectId)
      wasGone = before?.state === 'gone' && after.state === 'alive'
      return after
    })
    this.#remember(key, value)
    if (wasGone) this.#deps.onBack()
  }

  /**
   * Notes that the bot came, left, or that something got another name. A welcome stands before this ends, so that it
   * comes before the first answer, unless Teams takes long.
   */
  async change(change: ConversationChange): Promise<void> {
    const { conversation, scope, what } = change
    const { tenantId, teamId } = conversation
    const id = homeId(conversation)
    let welcomes = false
    let after: KnownConversation | null = null
    await this.#deps.conversations.change(tenantId, id, (before) => {
      const next = changedBy(before, change)
      welcomes = next.welcome
      after = next.after
      return next.after
    })
    this.#written.delete(`${tenantId} ${id}`)
    if (scope === 'team' && teamId !== null && what !== 'changed') await this.#changeTeam(change, teamId)
    if (what !== 'removed' && what !== 'changed') this.#deps.onBack()
    if (welcomes && after !== null) await this.#welcome((after as KnownConversation).ref)
  }

  /** Every channel of the team, without what the change itself has told. */
  async #changeTeam({ what, at, conversation }: ConversationChange, teamId: string): Promise<void> {
    const all = await this.#deps.conversations.all()
    const state = what === 'removed' ? 'gone' : 'alive'
    for (const { id, ref } of all) {
      if (ref.teamId !== teamId || ref.tenantId !== conversation.tenantId) continue
      this.#written.delete(`${ref.tenantId} ${id}`)
      await this.#deps.conversations.change(ref.tenantId, id, (before) =>
        withTeam(before ?? changedBy(null, { ...NOTHING, at, conversation: ref }).after, state, at),
      )
    }
  }

  async #welcome(ref: ConversationRef): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = this.#deps.clock.after(WELCOME_WAIT_MS, resolve)
    const welcomed = this.#welcomeCard(ref)
      .then((card) => this.#post(ref, card))
      .catch((error: unknown) => this.#deps.log.error({ err: error }, 'a welcome could not be made'))
    await Promise.race([welcomed, promise])
    cancel()
  }

  async #welcomeCard(ref: ConversationRef): Promise<RenderedCard> {
    const { offices, offer, member, authority } = this.#deps
    const admins = (await authority()).grants.filter(({ role, tag }) => role === 'admin' && tag === null)
    const [first] = (await offices.all()).filter(({ onlyWhenNamed }) => !onlyWhenNamed)
    const named = await Promise.all(
      admins.slice(0, ADMINS_ASKED).map(({ objectId }) => member(ref, objectId)),
    )
    return welcomeCard({
      examples: [
        first
          ? { say: `check office ${first.name}`, get: t`measures now; the answer takes a few seconds` }
          : { say: 'offices', get: t`which offices there are` },
        { say: 'status', get: t`how every office stood when it was last checked` },
        { say: 'help', get: t`what you may do here` },
      ],
      admins: named.flatMap((person) => (person && person.name !== '' ? person.name : [])),
      mustMention: ref.kind !== 'personal',
      buttons: await Promise.all([
        offer(ref.conversationId, 'Status', 'status', 'status'),
        offer(ref.conversationId, 'Help', 'help', 'help'),
      ]),
    })
  }

  /** The chat has waited and tried by the time it says anything but "sent". */
  async #post(ref: ConversationRef, card: RenderedCard): Promise<void> {
    const told = await this.#deps.speaker.post(ref, null, card)
    if (told.kind !== 'sent') this.#deps.log.warn({ outcome: told.kind }, 'a welcome was not sent')
  }

  #remember(key: string, value: string): void {
    this.#written.delete(key)
    this.#written.set(key, value)
    if (this.#written.size > REMEMBERED) this.#written.delete(this.#written.keys().next().value ?? '')
  }
}

const NOTHING = {
  id: '',
  what: 'changed',
  scope: 'conversation',
  teamName: null,
  name: null,
  person: null,
} as const
