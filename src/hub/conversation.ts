import { errorCard } from '../cards/error-card.ts'
import { refusalCard } from '../cards/refusal-card.ts'
import type { RenderedCard } from '../cards/render-card.ts'
import { outside } from '../cards/text.ts'
import { answerText } from '../commands/answer.ts'
import type { Extras } from '../commands/command.ts'
import type { Verb } from '../core/authority.ts'
import type { CardClick, ClickAnswer, ConversationRef, InboundMessage, Person } from '../core/chat.ts'
import type { Clock, Random } from '../core/ports.ts'
import type { ActionStore, AuditLine } from '../store/actions.ts'
import type { CheckStore } from '../store/checks.ts'
import type { CheckDesk, DeskLog } from './check/check-desk.ts'
import type { Speaker } from './check/speaker.ts'
import { type ContextDeps, contextFor } from './command-context.ts'

/** What the conversation needs; made once, when the hub starts. */
export interface ConversationDeps extends ContextDeps {
  readonly speaker: Speaker
  readonly desk: CheckDesk
  readonly checks: CheckStore
  readonly actions: ActionStore
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
}

/** Somebody who says something somewhere, and what came with it. */
interface Turn {
  readonly text: string
  readonly extras: Partial<Extras>
  readonly person: Person
  readonly conversation: ConversationRef
  readonly replyTo: string | null
  readonly timeZone: string | null
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
    await this.#guarded(conversation, message.id, async () => {
      const id = await checks.claimActivity(conversation.conversationId, message.id, desk.newCheckId())
      if (await desk.find(id)) return null
      const said = await this.#say({
        text,
        extras: { mentions },
        person,
        conversation,
        replyTo: message.id,
        timeZone,
        checkId: id,
      })
      if (said.card) this.#post(conversation, message.id, said.card)
      return null
    })
  }

  /** Handles a click; the answer is what the person sees at once. Rights are those of whoever clicks. */
  async click(click: CardClick): Promise<ClickAnswer> {
    const { actions, clock, desk } = this.#deps
    const action = await actions.get(click.actionId)
    const { conversationId } = click.conversation
    if (!action || action.conversationId !== conversationId || action.until <= clock.now()) {
      return { kind: 'message', text: 'This card is too old. Nothing was changed. Please ask again.' }
    }
    if (action.onlyFor !== null && action.onlyFor !== click.person.objectId) {
      return {
        kind: 'message',
        text: 'This card is for the person who asked. Nothing was changed. Ask for your own.',
      }
    }
    if (action.uses === 'once' && !(await actions.spend(click.actionId))) {
      return { kind: 'message', text: 'This was done already.' }
    }
    const answer = await this.#guarded(click.conversation, click.cardId, async () => {
      const said = await this.#say({
        text: action.command,
        extras: { inputs: click.inputs, kept: action.kept },
        person: click.person,
        conversation: click.conversation,
        replyTo: null,
        timeZone: click.timeZone,
        checkId: desk.newCheckId(),
      })
      // Twenty impatient clicks get twenty short answers, not twenty cards.
      if (said.kind === 'joined') return 'That check is already running. Its card above shows the result.'
      if (said.card && said.inPlace && click.cardId !== null) {
        this.#edit(click.conversation, click.cardId, said.card)
        return said.kind === 'refused' ? IN_PLACE_REFUSED : IN_PLACE
      }
      if (said.card) this.#post(click.conversation, null, said.card)
      return said.kind === 'refused' ? BELOW : TOASTS[action.verb]
    })
    return { kind: 'message', text: answer ?? BELOW }
  }

  /** Answers a text; the card, if there is one, is the caller's to post. */
  async #say({ text, extras, person, conversation, replyTo, timeZone, checkId }: Turn): Promise<Said> {
    const context = await contextFor(this.#deps, { person, conversation, timeZone })
    const { answer, verb } = await answerText(text, context, extras)
    const refused = answer.kind === 'card' && answer.refused === true
    await this.#audit({
      at: context.now,
      objectId: person.objectId,
      verb: verb ?? '',
      command: text.slice(0, AUDITED_LENGTH),
      conversationId: conversation.conversationId,
      outcome: verb === null ? 'not-understood' : refused ? 'refused' : 'done',
    })
    if (answer.kind === 'card') {
      return { kind: refused ? 'refused' : 'done', card: answer.card, inPlace: answer.inPlace === true }
    }
    const { officeIds, download = false } = answer
    const begun = await this.#deps.desk.begin({
      id: checkId,
      officeIds,
      download,
      conversation,
      askedBy: person,
      replyTo,
    })
    if (begun.kind === 'began' || !begun.sameConversation) return { kind: 'done', card: null, inPlace: false }
    const card = refusalCard({
      happened: 'That check is already running',
      why: `${outside(begun.askedBy.name)} asked for it. Its card above shows the result, ${outside(person.name)}.`,
    })
    return { kind: 'joined', card, inPlace: false }
  }

  /**
   * The last stop: whatever breaks, the person gets a card with a reference and the log the whole story. Null then.
   */
  async #guarded<T>(
    conversation: ConversationRef,
    replyTo: string | null,
    turn: () => Promise<T>,
  ): Promise<T | null> {
    try {
      return await turn()
    } catch (error) {
      const reference = this.#deps.random.hex(4)
      this.#deps.log.error({ reference, err: error }, 'a turn failed')
      this.#post(conversation, replyTo, errorCard({ reference }))
      return null
    }
  }

  /** Sends an answer. The chat has waited and tried by the time it says anything but "sent". */
  #post(conversation: ConversationRef, replyTo: string | null, card: RenderedCard): void {
    const { log, speaker } = this.#deps
    speaker.post(conversation, replyTo, card).then(
      (told) => {
        if (told.kind !== 'sent') log.warn({ outcome: told.kind }, 'an answer was not sent')
      },
      (error: unknown) => log.error({ err: error }, 'an answer could not be sent'),
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

  async #audit(line: AuditLine): Promise<void> {
    await this.#deps.actions.audit(line, this.#deps.random.hex(4))
  }

  #remember(key: string): void {
    this.#handled.add(key)
    if (this.#handled.size > REMEMBERED) this.#handled.delete(this.#handled.values().next().value ?? '')
  }
}

/** Characters of a command that the audit keeps: every command that can do something is shorter. */
const AUDITED_LENGTH = 200

const BELOW = 'See the answer below.'
const IN_PLACE = 'Done: see the card.'
const IN_PLACE_REFUSED = 'Nothing was changed: see the card.'

const TOASTS: Readonly<Record<Verb, string>> = {
  check: 'The check has begun.',
  status: 'See the status below.',
  why: 'See the evidence below.',
  offices: 'See the offices below.',
  help: 'See the help below.',
  about: 'See below.',
  history: 'See the history below.',
  compare: 'See the comparison below.',
  runners: 'See the runners below.',
  cancel: 'The check is being stopped.',
  'edit-office': BELOW,
  'export-offices': BELOW,
  limit: BELOW,
  attest: BELOW,
  'add-runner': BELOW,
  role: BELOW,
  audit: BELOW,
}
