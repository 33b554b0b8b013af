import type { RunnerShown } from '../cards/band.ts'
import type { CardButton } from '../cards/buttons.ts'
import type { RenderedCard } from '../cards/render-card.ts'
import type { Permission, Role, Verb } from '../core/authority.ts'
import type { Person } from '../core/chat.ts'
import type { Latest } from '../core/latest.ts'
import type { Office } from '../core/office.ts'
import type { CriterionId } from '../core/verdict.ts'
import type { Words } from './words.ts'

/** What a command gives back. */
export type Answer =
  | { readonly kind: 'card'; readonly card: RenderedCard; readonly refused?: boolean }
  /** A check of these offices is to begin; its living card is the answer. */
  | { readonly kind: 'check'; readonly officeIds: readonly string[]; readonly download?: boolean }

/** Words that a command could take, or the sentence that says what is missing. */
export type Reading<A> =
  | { readonly kind: 'args'; readonly args: A }
  | { readonly kind: 'misread'; readonly hint: string }
  | { readonly kind: 'not-mine' }

/** What a criterion says of itself, for the `why` card. */
export interface CriterionInfo {
  readonly title: string
  readonly rule: string
  readonly step: string
  readonly version: number
}

/** What a handler may look at. Nothing in it writes, but `offer`, which stores what a button stands for. */
export interface CommandContext {
  readonly person: Person
  /** When the message came, epoch ms. */
  readonly now: number
  /** The zone in which times of lists are told; an office's card uses the office's own. */
  readonly timeZone: string
  readonly role: Role
  may(verb: Verb, office: Office | null): Permission
  /** Reports whether the person holds a grant for some offices (by tag) that allows this. */
  mayForSome(verb: Verb): boolean
  offices(): Promise<readonly Office[]>
  latest(): Promise<readonly Latest[]>
  runners(): Promise<ReadonlyMap<string, readonly RunnerShown[]>>
  criterion(id: CriterionId): CriterionInfo
  /** A button that stands for a command as if typed. */
  offer(title: string, verb: Verb, command: string): Promise<CardButton>
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
  readonly group: 'Check' | 'Look' | 'Help'
  readonly verb: Verb
  /** The card that answers. */
  readonly card: 'progress' | 'offices' | 'status' | 'why' | 'help'
  /** Reads the words; pure. */
  read(words: Words): Reading<A>
  handle(args: A, context: CommandContext): Promise<Answer>
}

/** A command whose arguments only it knows. */
export interface AnyCommand extends Omit<Command<unknown>, 'read' | 'handle'> {
  /** Reads and, when the words are its own, gives what handles them. */
  take(
    words: Words,
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
    take(words) {
      const reading = read(words)
      if (reading.kind !== 'args') return reading
      return { kind: 'mine', run: (context) => handle(reading.args, context) }
    },
  }
}
