import { errorCard } from '../cards/error-card.ts'
import { refusalCard } from '../cards/refusal-card.ts'
import type { RenderedCard } from '../cards/render-card.ts'
import { outside } from '../cards/text.ts'
import { answerText, mayAnywhere } from '../commands/answer.ts'
import type { CommandContext, Extras } from '../commands/command.ts'
import { auditedText } from '../core/audited.ts'
import type { CardClick, ClickAnswer, ConversationRef, InboundMessage, Person } from '../core/chat.ts'
import type { People } from '../core/people.ts'
import type { Clock, Random } from '../core/ports.ts'
import { t } from '../core/t.ts'
import type { Limited, TurnLimits } from '../core/turn-limits.ts'
import type { ActionStore } from '../store/actions.ts'
import type { AuditLine } from '../store/audit.ts'
import type { CheckStore } from '../store/checks.ts'
import type { LivingDashboards, PinRequest } from './chats/living-dashboards.ts'
import type { CheckDesk, DeskLog } from './check/check-desk.ts'
import type { Speaker } from './check/speaker.ts'
import { type ContextDeps, contextFor, type Who } from './command-context.ts'
import { BELOW, IN_PLACE, IN_PLACE_REFUSED, TOASTS } from './toasts.ts'
import { tooOftenCard, tooOftenText } from './too-often.ts'

/** What the conversation needs; made once, when the hub starts. */
export interface ConversationDeps extends ContextDeps {
  readonly speaker: Speaker
  readonly desk: CheckDesk
  readonly checks: CheckStore
  readonly actions: ActionStore
  readonly dashboards: Pick<LivingDashboards, 'pin' | 'end'>
  /** Who people are to the tenant. */
  readonly people: Pick<People, 'outsider'>
  /** How often one may ask. */
  readonly limits: TurnLimits
  /** Keeps what somebody who holds a role is called. */
  readonly seen: (person: Person) => Promise<void>
  readonly clock: Clock
  readonly random: Random
  readonly log: DeskLog
}

/** An activity older than this is a replay, not a person waiting. A token is good for an hour. */
const MAX_AGE_MS = 10 * 60_000

/** Handled activities remembered in memory, to tell a second delivery from one that a crash cut off. */
const REMEMBERED = 5_000

/** What came of a command: whether it was done, and the card that answers it, if that is not a check's own. */
interface Said {
  readonly kind: 'done' | 'refused' | 'joined'
  readonly card: RenderedCard | null
  /** It takes the place of the card that was pressed. */
  readonly inPlace: boolean
  /** Wants to know which message it became. */
  readonly posted?: (cardId: string) => Promise<void>
}

/** Somebody who says something somewhere, or presses what stands for it. */
interface Heard extends Who {
  readonly text: string
  readonly click: boolean
}

/** What was heard, and what came with it. */
interface Turn extends Heard {
  readonly extras: Partial<Extras>
  readonly replyTo: string | null
  /** The id of the check that this turn begins, should it begin one. */
  readonly checkId: string
}

/** What people said and clicked, to what is done and answered. Every message gets an answer. */
export class Conversation {
  readonly #deps: ConversationDeps
  readonly #handled = new Set<string>()

  constructor(deps: ConversationDeps) {
    this.#deps = deps
  }

  /** Handles a message; ends once it is accepted: a check is stored by then, an answer is on its way. */
  async message(message: InboundMessage): Promise<void> {
    const { desk, checks, clock, log } = this.#deps
    if (clock.now() - message.at > MAX_AGE_MS) {
      log.warn({ activity: message.id }, 'an old activity was ignored')
      return
    }
    const key = `${message.conversation.conversationId} ${message.id}`
    if (this.#handled.has(key)) return
    this.#remember(key)
    const { conversation, person, text, mentions, timeZone } = message
    const reference = this.#deps.random.hex(4)
    const heard: Heard = { text, person, conversation, timeZone, click: false, reference }
    await this.#guarded(heard, message.id, async () => {
      const limited = await this.#limited(heard)
      if (limited !== null) {
        if (limited.tell) this.#post(conversation, message.id, tooOftenCard(limited, timeZone))
        return null
      }
      const id = await checks.claimActivity(conversation.conversationId, message.id, desk.newCheckId())
      if (await desk.find(id)) return null
      const said = await this.#say({ ...heard, extras: { mentions }, replyTo: message.id, checkId: id })
      if (said.card) this.#post(conversation, message.id, said.card, said.posted)
      return null
    })
  }

  /** Handles a click; the answer is what the person sees at once. Rights are those of whoever clicks. */
  async click(click: CardClick): Promise<ClickAnswer> {
    const { person, conversation, timeZone } = click
    const reference = this.#deps.random.hex(4)
    const heard: Heard = { text: '', person, conversation, timeZone, click: true, reference }
    const answer = await this.#guarded(heard, click.cardId, async () => {
      const limited = await this.#limited(heard)
      return limited === null ? this.#pressed(click, heard) : tooOftenText(limited, timeZone)
    })
    return { kind: 'message', text: answer ?? BELOW }
  }

  /** A click of somebody who has a turn. */
  async #pressed(click: CardClick, unread: Heard): Promise<string> {
    const { actions, clock, desk } = this.#deps
    const action = await actions.get(click.actionId)
    const { conversationId } = click.conversation
    const heard = { ...unread, text: action?.command ?? '' }
    const refuse = async (text: string) => {
      await this.#audit(heard, { verb: action?.verb ?? '', outcome: 'refused' })
      return text
    }
    if (!action || action.conversationId !== conversationId || action.until <= clock.now()) {
      return refuse(t`This card is too old. Nothing was changed. Please ask again.`)
    }
    if (action.onlyFor !== null && action.onlyFor !== click.person.objectId) {
      return refuse(t`This card is for the person who asked. Nothing was changed. Ask for your own.`)
    }
    const context = await this.#contextOf(heard)
    // Who may not press it does not spend it either.
    const spends = action.uses === 'once' && mayAnywhere(action.verb, context).ok
    if (spends && !(await actions.spend(click.actionId))) return refuse(t`This was done already.`)
    const extras = { inputs: click.inputs, kept: action.kept }
    const said = await this.#say({ ...heard, extras, replyTo: null, checkId: desk.newCheckId() }, context)
    // Twenty impatient clicks get twenty short answers, not twenty cards.
    if (said.kind === 'joined') return t`That check is already running. Its card above shows the result.`
    if (said.card && said.inPlace && click.cardId !== null && action.below !== true) {
      this.#edit(click.conversation, click.cardId, said.card)
      return said.kind === 'refused' ? IN_PLACE_REFUSED : IN_PLACE
    }
    if (said.card) this.#post(click.conversation, null, said.card, said.posted)
    return said.kind === 'refused' ? BELOW : TOASTS[action.verb]
  }

  /** Takes a turn; null, or what is to be told. The audit gets one line for all refusals that are told together. */
  async #limited(heard: Heard): Promise<Limited | null> {
    const { person, conversation } = heard
    // Threads of one channel are one conversation to Teams' limits, and to ours.
    const place = conversation.conversationId.split(';')[0] ?? ''
    const turn = this.#deps.limits.take(person.objectId, place)
    if (turn.ok) return null
    if (turn.tell) await this.#audit(heard, { verb: '', outcome: 'limited' })
    return turn
  }

  /** What a command may look at for this person, whom the roster knows as a member or as somebody from outside. */
  async #contextOf({ person, conversation, timeZone, reference }: Heard): Promise<CommandContext> {
    const outsider = await this.#deps.people.outsider(person, conversation)
    const known: Person = outsider === null ? person : { ...person, outsider }
    return contextFor(this.#deps, { person: known, conversation, timeZone, reference })
  }

  /** Answers a text; the card, if there is one, is the caller's to post. */
  async #say(turn: Turn, known?: CommandContext): Promise<Said> {
    const { text, extras, person, conversation, replyTo, checkId } = turn
    const context = known ?? (await this.#contextOf(turn))
    const { answer, verb } = await answerText(text, context, extras)
    const refused = answer.kind === 'card' && answer.refused === true
    const offices = answer.kind === 'check' ? answer.officeIds : []
    const keptOut = !context.may('help', null).ok
    const outcome =
      refused && (verb !== null || keptOut) ? 'refused' : verb === null ? 'not-understood' : 'done'
    await this.#audit(turn, { verb: verb ?? '', outcome, offices })
    if (!keptOut) await this.#deps.seen(person)
    if (answer.kind === 'card') {
      const { card, inPlace = false, posted } = answer
      return { kind: refused ? 'refused' : 'done', card, inPlace, ...(posted ? { posted } : {}) }
    }
    if (answer.kind === 'dashboard') {
      this.#pin(turn, { conversation, replyTo, person, timeZone: context.timeZone })
      return { kind: 'done', card: null, inPlace: false }
    }
    const { officeIds, download = false, leftOut = 0 } = answer
    const begun = await this.#deps.desk.begin({
      id: checkId,
      officeIds,
      download,
      conversation,
      askedBy: person,
      replyTo,
      leftOut,
    })
    const lastId = begun.kind === 'joined' ? begun.checkId : checkId
    await this.#deps.checks.addAsked(conversation.conversationId, { id: lastId, officeIds, at: context.now })
    if (begun.kind === 'began' || !begun.sameConversation) return { kind: 'done', card: null, inPlace: false }
    const card = refusalCard({
      happened: t`That check is already running`,
      why: t`${outside(begun.askedBy.name)} asked for it. Its card above shows the result, ${outside(person.name)}.`,
    })
    return { kind: 'joined', card, inPlace: false }
  }

  /**
   * The last stop: whatever breaks, the person gets a card with a reference and the log the whole story. Null then.
   */
  async #guarded<T>(heard: Heard, replyTo: string | null, turn: () => Promise<T>): Promise<T | null> {
    try {
      return await turn()
    } catch (error) {
      const { reference, conversation } = heard
      this.#deps.log.error({ reference, err: error }, 'a turn failed')
      this.#post(conversation, replyTo, errorCard({ reference }))
      // It may be the audit itself that broke.
      this.#audit(heard, { verb: '', outcome: 'failed' }).catch(() => undefined)
      return null
    }
  }

  /** Sends an answer. The chat has waited and tried by the time it says anything but "sent". */
  #post(
    conversation: ConversationRef,
    replyTo: string | null,
    card: RenderedCard,
    posted?: Said['posted'],
  ): void {
    const { log, speaker } = this.#deps
    const sent = speaker.post(conversation, replyTo, card).then(async (told) => {
      if (told.kind === 'sent') await posted?.(told.activityId)
      else log.warn({ outcome: told.kind }, 'an answer was not sent')
    })
    sent.then(
      () => undefined,
      (error: unknown) => log.error({ err: error }, 'an answer could not be sent'),
    )
  }

  /** Posts the living dashboard; whoever asked gets an error card where that cannot be done. */
  #pin(heard: Heard, request: PinRequest): void {
    const { dashboards, log } = this.#deps
    this.#guarded(heard, request.replyTo, () => dashboards.pin(request)).catch((error: unknown) =>
      log.error({ err: error }, 'a dashboard could not be pinned'),
    )
  }

  #edit(conversation: ConversationRef, cardId: string, card: RenderedCard): void {
    const { log, speaker } = this.#deps
    speaker.edit(conversation, cardId, card).then(
      (told) => {
        if (told.kind === 'sent') return
        log.warn({ outcome: told.kind }, 'a card was not edited')
        // The answer must not be lost with the card that it was to replace.
        if (told.kind === 'refused') this.#post(conversation, null, card)
      },
      (error: unknown) => log.error({ err: error }, 'a card could not be edited'),
    )
  }

  async #audit(
    { person, conversation, text, click, reference }: Heard,
    what: Pick<AuditLine, 'verb' | 'outcome'> & Partial<AuditLine>,
  ): Promise<void> {
    const { objectId, name } = person
    const { conversationId, kind: where } = conversation
    const at = this.#deps.clock.now()
    const line = { at, objectId, name, command: auditedText(text), conversationId, where, click, offices: [] }
    await this.#deps.actions.audit({ ...line, ...what }, reference)
  }

  #remember(key: string): void {
    this.#handled.add(key)
    if (this.#handled.size > REMEMBERED) this.#handled.delete(this.#handled.values().next().value ?? '')
  }
}
