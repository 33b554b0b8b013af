import { cardKind, cardLines } from '../../src/cards/card-text.ts'
import { summaryCard } from '../../src/cards/summary-card.ts'
import { answerText } from '../../src/commands/answer.ts'
import type { CommandContext, Extras } from '../../src/commands/command.ts'
import { COMMANDS } from '../../src/commands/registry.ts'
import { type Authority, may, mayForSome, mayGrant, type Role, roleOf } from '../../src/core/authority.ts'
import type { Mention, Person } from '../../src/core/chat.ts'
import type { HubFacts } from '../../src/core/hub-facts.ts'
import type { Latest } from '../../src/core/latest.ts'
import type { Office } from '../../src/core/office.ts'
import type { PastRulings } from '../../src/core/past.ts'
import type { Sampled } from '../../src/core/sampled.ts'
import { evidenceAgain } from '../../src/hub/evidence-again.ts'
import { memoryAlerts } from '../support/alert-kit.ts'
import { ANA, anOffice, BO, NOON } from '../support/check-kit.ts'
import { memoryDigests } from '../support/digest-kit.ts'
import { memoryRegistry, testGeography } from '../support/registry-kit.ts'
import { memorySelfChecks } from '../support/self-check.ts'

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

/** A hub in good health. */
export const HUB_FACTS: HubFacts = {
  version: '0.1.0',
  startedAt: NOON - 26 * 3_600_000,
  store: 'embedded',
  signIn: 'on',
  runners: { online: 3, silent: 1, neverSeen: 1, outdated: 1, withBeacon: 2 },
  list: { version: '2026110200', refreshedAt: NOON - 40 * 60_000 },
  checks: 2,
  lastDigestAt: null,
  troubles: [],
}

/** The list that the hub holds. */
export const HUB_LIST = { version: '2026110200', refreshedAt: NOON - 40 * 60_000, refused: null }

/** People whom the chat knows by mention, `@Bo`. */
const PEOPLE: readonly Person[] = [ANA, BO]

function chatIdOf({ name }: Person): string {
  return `29:${name.split(' ')[0]?.toLowerCase()}`
}

const A_GRANT = {
  name: '',
  role: 'viewer',
  by: { objectId: ANA.objectId, name: ANA.name },
  at: NOON,
} as const

/** Mentions as Teams would send them, for every `@Name` of a text. */
function mentionsIn(text: string): readonly Mention[] {
  return [...text.matchAll(/@([A-Za-z]+)/g)].map(([said, name = '']) => ({
    id: `29:${name.toLowerCase()}`,
    name,
    text: said,
  }))
}

export interface TestContext extends CommandContext {
  /** What each button that was offered stands for, by its title. */
  readonly offered: Map<string, string>
  /** What each of them was given to keep, by its title. */
  readonly kept: Map<string, string>
}

/** A person in a conversation, with a role, or with what grants say. */
export function contextOf(
  who: Role | Authority = 'operator',
  offices: readonly Office[] = OFFICES,
  latest: readonly Latest[] = [],
  past: readonly (PastRulings & { readonly officeId: string })[] = [],
  sampled: readonly Sampled[] | null = null,
): TestContext {
  const authority: Authority = typeof who === 'string' ? { grants: [], everyone: 'member' } : who
  const real: Authority =
    typeof who === 'string' && who !== 'member'
      ? { grants: [{ objectId: ANA.objectId, role: who, tag: null }], everyone: 'member' }
      : authority
  const offered = new Map<string, string>()
  const kept = new Map<string, string>()
  const registry = memoryRegistry(offices)
  return {
    offered,
    kept,
    registry,
    geography: testGeography,
    person: ANA,
    now: NOON,
    timeZone: 'UTC',
    role: roleOf(real, ANA),
    conversationKind: 'personal',
    may: (verb, office) => may(real, ANA, verb, office),
    mayForSome: (verb) => mayForSome(real, ANA, verb),
    roles: {
      held: async () => [
        ...real.grants.map((grant) => ({ name: null, ...grant, given: null })),
        { ...A_GRANT, objectId: ANA.objectId, tag: 'emea', given: { by: BO.name, at: NOON } },
      ],
      everyone: real.everyone,
      mayGrant: async (tag) => mayGrant(real, ANA, tag),
      find: async (id) => PEOPLE.find((person) => id === person.objectId || id === chatIdOf(person)) ?? null,
      isListedGuest: () => false,
      grant: async () => 'done',
      revoke: async (objectId, tag) => ({
        kind: 'done',
        gone: [{ ...A_GRANT, objectId, tag: tag === 'every' ? null : tag }],
      }),
    },
    audit: { read: async () => ({ lines: [], more: false }) },
    reference: 'ref1',
    offices: async () => registry.all(),
    latest: async () => latest,
    checks: {
      underWay: () => [{ id: 'c2', officeIds: ['seattle'], askedBy: ANA, here: true }],
      cancel: async () => true,
      last: async () => ({ id: 'c1', officeIds: ['seattle', 'london'], at: NOON - 1 }),
      page: async () => summaryCard({ offices: [], at: NOON, timeZone: 'UTC', checkId: 'c1', inWorlds: 0 }),
    },
    history: {
      between: async (officeId) => past.filter((check) => check.officeId === officeId),
      lastIn: async (officeId, from, to) =>
        past.findLast((check) => check.officeId === officeId && check.at >= from && check.at <= to) ?? null,
    },
    alerts: memoryAlerts(),
    endDashboard: async () => true,
    digests: memoryDigests(),
    selfChecks: memorySelfChecks(),
    samples: async () => sampled,
    endpointLists: { held: () => HUB_LIST, changes: async () => [] },
    evidence: evidenceAgain({ evidenceOf: async () => null }, async () => HUB_FACTS.version),
    runners: async () => new Map(),
    newEnrolmentCode: async (officeId) => ({
      code: `dse_${officeId}_${'0'.repeat(32)}`,
      expiresAt: NOON + 3_600_000,
      hub: 'https://hub.example',
    }),
    about: async () => HUB_FACTS,
    criterion: (id) => ({ title: id, rule: 'the rule', step: 'step 2', version: 1 }),
    offer: async (title, _verb, command, how = {}) => {
      offered.set(title, command)
      if (how.keep !== undefined) kept.set(title, how.keep)
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

export async function say(
  text: string,
  context: TestContext = contextOf(),
  beside: Partial<Extras> = {},
): Promise<Said> {
  const { answer } = await answerText(text, context, { mentions: mentionsIn(text), ...beside })
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
  if (answer.kind === 'dashboard') {
    return {
      kind: 'dashboard',
      offices: [],
      refused: false,
      download: false,
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

/** Presses a button that was offered last under this title, with what the card's inputs hold. */
export function press(
  title: string,
  context: TestContext,
  inputs: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const command = context.offered.get(title)
  if (command === undefined) throw new Error(`no button ${title}; there are ${[...context.offered.keys()]}`)
  return say(command, context, { inputs, kept: context.kept.get(title) ?? null })
}
