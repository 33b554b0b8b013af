import { cardKind, cardLines } from '../../src/cards/card-text.ts'
import { answerText } from '../../src/commands/answer.ts'
import type { CommandContext } from '../../src/commands/command.ts'
import { COMMANDS } from '../../src/commands/registry.ts'
import { type Authority, may, type Role, roleOf } from '../../src/core/authority.ts'
import type { Latest } from '../../src/core/latest.ts'
import type { Office } from '../../src/core/office.ts'
import type { PastRulings } from '../../src/core/past.ts'
import { ANA, anOffice, NOON } from '../support/check-kit.ts'

/** The offices of the table: with look-alikes, marks, another script, and a trailing dot. */
export const OFFICES: readonly Office[] = [
  anOffice('seattle', { aliases: ['sea', 'Head office'] }),
  anOffice('london', { tags: ['emea'] }),
  anOffice('san-jose', { name: 'San José' }),
  anOffice('san-diego', { name: 'San Diego' }),
  anOffice('zurich', { name: 'Zürich', tags: ['emea'] }),
  anOffice('office-7', { name: '東京' }),
  anOffice('coeur', { name: 'Coeur d’Alene' }),
  anOffice('washington', { name: 'Washington D.C.' }),
  anOffice('park', { name: 'Office Park' }),
  anOffice('here', { name: 'here', onlyWhenNamed: true }),
]

/** Every office that `check all` means. */
export const ALL_IDS = OFFICES.filter((office) => !office.onlyWhenNamed).map(({ id }) => id)

export interface TestContext extends CommandContext {
  /** What each button that was offered stands for, by its title. */
  readonly offered: Map<string, string>
}

/** A person in a conversation, with a role, or with what grants say. */
export function contextOf(
  who: Role | Authority = 'operator',
  offices: readonly Office[] = OFFICES,
  latest: readonly Latest[] = [],
  past: readonly (PastRulings & { readonly officeId: string })[] = [],
): TestContext {
  const authority: Authority = typeof who === 'string' ? { grants: [], everyone: 'member' } : who
  const real: Authority =
    typeof who === 'string' && who !== 'member'
      ? { grants: [{ objectId: ANA.objectId, role: who, tag: null }], everyone: 'member' }
      : authority
  const offered = new Map<string, string>()
  return {
    offered,
    person: ANA,
    now: NOON,
    timeZone: 'UTC',
    role: roleOf(real, ANA),
    conversationKind: 'personal',
    may: (verb, office) => may(real, ANA, verb, office),
    mayForSome: (verb) =>
      real.grants.some(
        (grant) =>
          grant.objectId === ANA.objectId &&
          may({ grants: [{ ...grant, tag: null }], everyone: 'member' }, ANA, verb, null).ok,
      ),
    offices: async () => offices,
    latest: async () => latest,
    history: {
      between: async (officeId) => past.filter((check) => check.officeId === officeId),
      lastIn: async (officeId, from, to) =>
        past.findLast((check) => check.officeId === officeId && check.at >= from && check.at <= to) ?? null,
    },
    runners: async () => new Map(),
    criterion: (id) => ({ title: id, rule: 'the rule', step: 'step 2', version: 1 }),
    offer: async (title, _verb, command) => {
      offered.set(title, command)
      return { title, actionId: `a${offered.size}` }
    },
    commands: () => COMMANDS,
  }
}

/** What came back, in a form that fits a table. */
export interface Said {
  /** The kind of the card, or `check`. */
  readonly kind: string | null
  readonly offices: readonly string[]
  readonly refused: boolean
  /** A download was asked for too. */
  readonly download: boolean
  readonly text: string
  readonly buttons: ReadonlyMap<string, string>
}

export async function say(text: string, context: TestContext = contextOf()): Promise<Said> {
  const { answer } = await answerText(text, context)
  if (answer.kind === 'check') {
    return {
      kind: 'check',
      offices: answer.officeIds,
      refused: false,
      download: answer.download ?? false,
      text: '',
      buttons: context.offered,
    }
  }
  return {
    kind: cardKind(answer.card.card),
    offices: [],
    refused: answer.refused === true,
    download: false,
    text: cardLines(answer.card.card).join('\n'),
    buttons: context.offered,
  }
}
