import type { RunnerShown } from '../cards/band.ts'
import type { CardButton } from '../cards/buttons.ts'
import type { RenderedCard } from '../cards/render-card.ts'
import type { AuditPage, AuditQuery } from '../core/audited.ts'
import type { Permission, Role, Verb } from '../core/authority.ts'
import type { ConversationKind, Mention, Person } from '../core/chat.ts'
import type { HubFacts } from '../core/hub-facts.ts'
import type { Latest } from '../core/latest.ts'
import type { ListChange, ListHeld } from '../core/list-change.ts'
import type { Office, Override } from '../core/office.ts'
import type { PastCheck, PastRulings } from '../core/past.ts'
import type { Geography, OfficeRows } from '../core/registry.ts'
import type { Sampled } from '../core/sampled.ts'
import type { Judged } from '../core/stored-evidence.ts'
import type { CriterionId } from '../core/verdict.ts'
import type { AlertDesk } from './alerts/desk.ts'
import type { ChecksHere } from './checks-here.ts'
import type { DigestDesk } from './digests/desk.ts'
import type { RoleDesk } from './role-desk.ts'
import type { SelfCheckDesk } from './self-check/desk.ts'
import type { Words } from './words.ts'

/** What a command gives back. */
export type Answer =
  | {
      readonly kind: 'card'
      readonly card: RenderedCard
      readonly refused?: boolean
      /** Takes the place of the card whose button was pressed; after a message it is posted as any other. */
      readonly inPlace?: boolean
      /** Is told the message's id once the card stands, so that it can turn into something else later. */
      readonly posted?: (cardId: string) => Promise<void>
    }
  /** The living dashboard of this conversation is to be posted here; its card is the answer. */
  | { readonly kind: 'dashboard' }
  /** A check of these offices is to begin; its living card is the answer. */
  | {
      readonly kind: 'check'
      readonly officeIds: readonly string[]
      readonly download?: boolean
      /** Offices that were selected too and that the person may not check; absent: none. */
      readonly leftOut?: number
    }

/** Words that a command could take, or the sentence that says what is missing. */
export type Reading<A> =
  | { readonly kind: 'args'; readonly args: A }
  | { readonly kind: 'misread'; readonly hint: string }
  | { readonly kind: 'not-mine' }

/** What came beside the words. */
export interface Extras {
  /** What the form held whose button was pressed, by field; none for what was typed. Outside text. */
  readonly inputs: Readonly<Record<string, string>>
  /** What the button was given to keep when it was offered, e.g. a table that waits for a yes; never seen by a client. */
  readonly kept: string | null
  /** The lines below the first one, for commands that take them ({@link Command.takesLines}). Outside text. */
  readonly lines: readonly string[]
  /** Whom the message mentions, beside the bot. */
  readonly mentions: readonly Mention[]
}

/** Words and nothing else. */
export const NO_EXTRAS: Extras = { inputs: {}, kept: null, lines: [], mentions: [] }

/** How a button is offered; none of it: to everybody in the conversation, for a month, as often as they like. */
export interface Offered {
  /** `once` for what changes something: then it is good for a day. */
  readonly uses?: 'once' | 'many'
  /** For the person who is answered alone; rights are asked again at the click in any case. */
  readonly onlyMe?: boolean
  /** Comes back as {@link Extras.kept}. */
  readonly keep?: string
  /** The answer comes below in any case: what the card tells must stay, as of an alert. */
  readonly below?: boolean
}

/** What a criterion says of itself, for the `why` card. */
export interface CriterionInfo {
  readonly title: string
  readonly rule: string
  readonly step: string
  readonly version: number
}

/** Closed checks of an office that were asked for in [fromMs, toMs], epoch ms. */
export interface History {
  /** Verdicts alone, oldest first. */
  between(officeId: string, fromMs: number, toMs: number): Promise<readonly PastCheck[]>
  /** The last one, with its rulings; null: none. */
  lastIn(officeId: string, fromMs: number, toMs: number): Promise<PastRulings | null>
}

/** Evidence that is kept, of the latest checks; null: none of that check is kept. */
export interface EvidenceAgain {
  /** As the text of a file that `doorstep judge` reads. */
  file(latest: Latest): Promise<string | null>
  /** What the criteria of today say of it, as the office is stored in it and with another limit. */
  judgeWith(
    latest: Latest,
    override: Override,
  ): Promise<{ readonly before: Judged; readonly after: Judged } | null>
}

/** A one-time enrolment code: a secret, shown once. */
export interface NewCode {
  readonly code: string
  /** Epoch ms. */
  readonly expiresAt: number
  /** The origin that the runner is to be told. */
  readonly hub: string
}

/** What a handler may look at. What writes says so where it is described, and asks nobody: ask `may` first. */
export interface CommandContext {
  readonly person: Person
  /** When the message came, epoch ms. */
  readonly now: number
  /** The person's own zone, in which times of lists are told; an office's card uses the office's. */
  readonly timeZone: string
  readonly role: Role
  may(verb: Verb, office: Office | null): Permission
  /** Reports whether the person holds a grant for some offices (by tag) that allows this. */
  mayForSome(verb: Verb): boolean
  offices(): Promise<readonly Office[]>
  /** Rows of offices, to be changed on a condition; ask `may` first. */
  readonly registry: OfficeRows
  readonly geography: Geography
  latest(): Promise<readonly Latest[]>
  /** Checks that run or were asked for here. */
  readonly checks: ChecksHere
  readonly history: History
  /** Microsoft's endpoint list as this hub holds it for the offices of a world (null: the real Internet). */
  readonly endpointLists: {
    held(world: string | null): ListHeld
    /** What each new list changed, newest first. */
    changes(): Promise<readonly ListChange[]>
  }
  /** Alerts that come here, and what mutes them. */
  readonly alerts: AlertDesk
  /** Ends the living dashboard of this conversation; false: there is none. */
  endDashboard(): Promise<boolean>
  /** Digests that come here. */
  readonly digests: DigestDesk
  /** The person's own self-checks. */
  readonly selfChecks: SelfCheckDesk
  /** The evidence of a latest check, to give away and to judge again. */
  readonly evidence: EvidenceAgain
  /** What the latest check of an office measured, with the raw samples; null: not kept any more. */
  samples(latest: Latest): Promise<readonly Sampled[] | null>
  runners(): Promise<ReadonlyMap<string, readonly RunnerShown[]>>
  /** Makes and stores a one-time code with which a runner joins an office; ask `may` and for a personal chat first. */
  newEnrolmentCode(officeId: string): Promise<NewCode>
  criterion(id: CriterionId): CriterionInfo
  /** What the hub says of itself. */
  about(): Promise<HubFacts>
  /** Roles as this person may see and change them. */
  readonly roles: RoleDesk
  /** What was done; for admins. */
  readonly audit: { read(query: AuditQuery): Promise<AuditPage> }
  /** Under which the audit has this turn, for what somebody may have to ask about. */
  readonly reference: string
  /** Secrets are for personal chats; what was asked in a channel is answered to everybody in it. */
  readonly conversationKind: ConversationKind
  /** A button that stands for a command as if typed; inputs of its card come along at the click. */
  offer(title: string, verb: Verb, command: string, how?: Offered): Promise<CardButton>
  /** Every command, for help. */
  commands(): readonly AnyCommand[]
}

/** A command is data: help, reading and refusing come from the same description. */
export interface Command<A> {
  /** How help names it, e.g. `check`. */
  readonly name: string
  /** Its forms, e.g. `check office <name>`. */
  readonly forms: readonly string[]
  /** What a person gets, in one line. */
  readonly summary: string
  /** Lines that work as they stand, with what they give. */
  readonly examples: readonly { readonly say: string; readonly get: string }[]
  readonly group: 'Check' | 'Look' | 'Offices' | 'People' | 'Help'
  readonly verb: Verb
  /** The card that answers. */
  readonly card: string
  /**
   * The folded words with which lines may follow, e.g. `office import`. Without it, a line break is a space, so that a
   * second line is never a second command.
   */
  readonly takesLines?: string
  /** Reads the words and what came beside them; pure. */
  read(words: Words, extras: Extras): Reading<A>
  handle(args: A, context: CommandContext): Promise<Answer>
}

/** A command whose arguments only it knows. */
export interface AnyCommand extends Omit<Command<unknown>, 'read' | 'handle'> {
  /** Reads and, when the words are its own, gives what handles them. */
  take(
    words: Words,
    extras: Extras,
  ):
    | { readonly kind: 'mine'; run(context: CommandContext): Promise<Answer> }
    | { readonly kind: 'misread'; readonly hint: string }
    | { readonly kind: 'not-mine' }
}

/** Hides a command's arguments, so that commands with different ones stand in one list. */
export function anyCommand<A>(command: Command<A>): AnyCommand {
  const { read, handle, ...description } = command
  return {
    ...description,
    take(words, extras) {
      const reading = read(words, extras)
      if (reading.kind !== 'args') return reading
      return { kind: 'mine', run: (context) => handle(reading.args, context) }
    },
  }
}
