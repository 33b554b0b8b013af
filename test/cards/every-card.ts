import { aboutCard } from '../../src/cards/about-card.ts'
import { alertCard } from '../../src/cards/alert-card.ts'
import { auditCard } from '../../src/cards/audit-card.ts'
import { compareCard } from '../../src/cards/compare-card.ts'
import { dashboardCard, endedDashboardCard, movedDashboardCard } from '../../src/cards/dashboard-card.ts'
import { digestCard } from '../../src/cards/digest-card.ts'
import { dryRunCard } from '../../src/cards/dry-run-card.ts'
import { errorCard } from '../../src/cards/error-card.ts'
import { formCard } from '../../src/cards/form-card.ts'
import { freezeOverCard } from '../../src/cards/freeze-card.ts'
import { commandHelpCard, helpCard, welcomeCard } from '../../src/cards/help-card.ts'
import { historyCard } from '../../src/cards/history-card.ts'
import { officesCard } from '../../src/cards/offices-card.ts'
import { progressCard } from '../../src/cards/progress-card.ts'
import { refusalCard } from '../../src/cards/refusal-card.ts'
import type { RenderedCard } from '../../src/cards/render-card.ts'
import { resultCard } from '../../src/cards/result-card.ts'
import { rolesCard } from '../../src/cards/roles-card.ts'
import { runnerCodeCard, runnersCard } from '../../src/cards/runners-card.ts'
import { samplesCard } from '../../src/cards/samples-card.ts'
import {
  selfCountsCard,
  selfExpiredCard,
  selfForgottenCard,
  selfInviteCard,
  selfListCard,
  selfResultCard,
  selfRunningCard,
} from '../../src/cards/self-check-card.ts'
import { officeStatusCard, statusCard } from '../../src/cards/status-card.ts'
import { summaryCard } from '../../src/cards/summary-card.ts'
import { outside } from '../../src/cards/text.ts'
import { whyCard } from '../../src/cards/why-card.ts'
import type { ConditionFacts } from '../../src/core/alert.ts'
import { lastDays } from '../../src/core/days.ts'
import { digestOf, EVERY_DAY } from '../../src/core/digest.ts'
import type { Ruling } from '../../src/core/ruling.ts'
import { judgeSelfCheck } from '../../src/core/self-judgement.ts'
import { CRITERIA } from '../../src/core/verdict.ts'
import { HUB_FACTS } from '../commands/context.ts'
import { aConversation, measurementOf, owedBy } from '../support/check-kit.ts'
import { aSelfAddress, aSelfEvidence } from '../support/self-check.ts'

const AT = Date.UTC(2026, 10, 20, 14, 2)

/** Fills every slot of every card with texts that somebody else chose. */
export type Slots = () => string

function office(next: Slots) {
  return { name: next(), timeZone: next(), world: next() }
}

function rulings(next: Slots): readonly Ruling[] {
  return CRITERIA.map((criterion, index) => ({
    criterion,
    level: index % 2 === 0 ? 'required' : 'optional',
    verdict: (['fail', 'unproven', 'pass', 'not-applicable'] as const)[index % 4] ?? 'pass',
    because: next(),
    runnerId: 'r1',
    limit: { text: next(), source: next(), overriddenBy: next() },
    signals: [0, 1, 2].map(() => ({ name: next(), word: next(), says: next() })),
    findings: Array.from({ length: 20 }, () => ({
      code: 'default-egress-seen' as const,
      question: 'default-egress',
      runnerId: 'r1',
      measurementId: 'm1',
      args: {
        from: {
          address: next(),
          km: 12,
          label: next(),
          owner: next(),
          registered: true,
          otherOffices: [next(), next()],
        },
      },
    })),
    remedy: { order: index, act: next(), how: next() },
  }))
}

const buttons = (next: Slots) =>
  Array.from({ length: 9 }, (_, index) => ({ title: next(), actionId: `a${index}` }))
const common = (next: Slots) => ({
  judgedAt: AT,
  listVersion: next(),
  rulesVersion: next(),
  checkId: next(),
  buttons: buttons(next),
})
const runners = (next: Slots) => [
  { name: next(), status: 'online' as const },
  { name: next(), status: 'silent' as const },
]
const offices = (next: Slots, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `o${index}`,
    name: next(),
    place: next(),
    tags: [next()],
    readiness: ([null, 'ready', 'not-ready', 'unproven'] as const)[index % 4] ?? null,
    checkedAt: index % 4 === 0 ? null : AT - index * 600_000,
    runners: runners(next),
    says: next(),
  }))

/** What no outsider writes: an id that the identity provider vouches for. */
const ID = '7a1f0a52-3b1c-4d8e-9a46-2c5d1e0f8b01'

/** Every function that makes a card, with every text slot filled from `next`. */
export const CARDS: Readonly<Record<string, (next: Slots) => RenderedCard>> = {
  progress: (next) =>
    progressCard({
      office: office(next),
      criteria: [...rulings(next).slice(3), { criterion: 'local-dns', state: 'measuring', says: next() }],
      received: 2,
      owed: 9,
      askedAt: AT,
      deadlineAt: AT,
      askedBy: next(),
      runners: runners(next),
      checkId: next(),
      buttons: buttons(next),
    }),
  'stopped check': (next) =>
    progressCard({
      office: office(next),
      criteria: rulings(next),
      received: 2,
      owed: 9,
      askedAt: AT,
      deadlineAt: AT,
      runners: runners(next),
      checkId: next(),
      leftOut: 2,
      cancelled: { by: next(), at: AT },
      buttons: buttons(next),
    }),
  'dry run': (next) =>
    dryRunCard({
      offices: Array.from({ length: 40 }, () => ({ name: next(), runners: runners(next) })),
      leftOut: 2,
      buttons: buttons(next),
    }),
  about: (next) =>
    aboutCard({
      version: next(),
      health: { ...HUB_FACTS, list: { version: next(), refreshedAt: AT } },
      at: AT,
      timeZone: next(),
      buttons: buttons(next),
    }),
  result: (next) =>
    resultCard({ office: office(next), rulings: rulings(next), runners: runners(next), ...common(next) }),
  offices: (next) =>
    officesCard({ offices: offices(next, 60), at: AT, timeZone: next(), buttons: buttons(next) }),
  status: (next) =>
    statusCard({ offices: offices(next, 60), at: AT, timeZone: next(), buttons: buttons(next) }),
  'a page of status': (next) =>
    statusCard({ offices: offices(next, 60), at: AT, timeZone: next(), page: 3, buttons: buttons(next) }),
  dashboard: (next) =>
    dashboardCard({ offices: offices(next, 60), at: AT, timeZone: next(), buttons: buttons(next) }),
  alert: (next) => {
    const names = { id: next(), name: next() }
    const facts: readonly ConditionFacts[] = [
      {
        kind: 'not-ready',
        office: names,
        failing: CRITERIA.slice(0, 3),
        because: next(),
        decided: [{ what: 'limit-set', criterion: 'local-dns', by: next(), value: 300, at: AT }],
      },
      { kind: 'silent', office: names, runner: next(), all: true },
      { kind: 'egress', office: names, from: [next(), next()], to: [next()] },
      { kind: 'endpoints', version: next(), sets: 2, effectiveOn: next(), unchecked: 3 },
    ]
    const rows = Array.from({ length: 30 }, (_, index) => ({
      subject: next(),
      cause: next(),
      since: AT - 60_000,
      facts: facts[index % facts.length] ?? { kind: 'trouble' as const, word: 'list-old' as const, count: 1 },
      resolvedAt: index % 2 === 0 ? AT : null,
    }))
    return alertCard({
      alert: {
        orderId: 'a1',
        id: next(),
        kind: 'not-ready',
        cause: next(),
        openedAt: AT,
        rows,
        state: 'standing',
        activityId: next(),
        isBehind: false,
      },
      timeZone: next(),
      again: true,
      buttons: [{ title: next(), actionId: 'a1' }],
    })
  },
  'freeze-over': (next) =>
    freezeOverCard(
      {
        officeId: 'x',
        until: AT,
        reason: next(),
        by: { objectId: next(), name: next() },
        at: AT,
        conversation: aConversation('19:ops'),
      },
      { name: next(), timeZone: next() },
    ),
  digest: (next) => {
    const some = Array.from({ length: 30 }, (_, index) => ({ id: `o${index}`, name: next() }))
    const latest = some.slice(5).map(({ id }, index) => ({
      officeId: id,
      checkId: 'c1',
      at: AT - 5_000,
      readiness: (['not-ready', 'ready', 'unproven'] as const)[index % 3] ?? ('ready' as const),
      verdicts: '',
      criteria: [],
      since: AT - 500_000_000,
      rulings: rulings(next),
      listVersion: next(),
      runners: [],
      egress: [],
      chains: [],
      reach: { answered: [], failed: [] },
    }))
    const before = { at: AT - 90_000_000, offices: { o5: { readiness: 'ready' as const, failing: [] } } }
    const decided = {
      overrides: [],
      attestations: [
        { criterion: 'local-dns' as const, by: next(), reason: next(), setAt: AT - 600_000, until: AT + 1 },
      ],
    }
    const plan = { selector: next(), days: EVERY_DAY, time: '08:00', timeZone: next(), mode: 'full' as const }
    return digestCard({
      digest: digestOf({
        before,
        offices: some.map((one) => ({ ...one, ...decided })),
        latest,
        now: AT,
        tooOldMs: 3_600_000,
      }),
      plan,
      at: AT,
      lateSince: AT - 3_600_000,
      again: true,
      buttons: buttons(next),
    })
  },
  roles: (next) =>
    rolesCard({
      roles: Array.from({ length: 30 }, (_, index) => ({
        name: index % 5 === 0 ? null : next(),
        objectId: ID,
        role: 'operator' as const,
        tag: index % 3 === 0 ? null : next(),
        given: index % 2 === 0 ? null : { by: next(), at: AT },
      })),
      everyone: 'member',
      timeZone: next(),
      buttons: buttons(next),
    }),
  audit: (next) =>
    auditCard({
      lines: Array.from({ length: 15 }, () => ({
        at: AT,
        objectId: ID,
        name: next(),
        verb: 'check',
        command: next(),
        where: 'channel' as const,
        click: true,
        outcome: 'done' as const,
        conversationId: next(),
        reference: 'ab12cd34',
        offices: [next()],
      })),
      about: next(),
      more: true,
      timeZone: next(),
      buttons: buttons(next),
    }),
  'ended dashboard': (next) => endedDashboardCard({ by: next(), at: AT, timeZone: next() }),
  'moved dashboard': (next) => movedDashboardCard(AT, next()),
  welcome: (next) =>
    welcomeCard({
      examples: Array.from({ length: 3 }, () => ({ say: `check office ${next()}`, get: next() })),
      admins: [next(), next(), next(), next()],
      mustMention: true,
      buttons: buttons(next),
    }),
  'status of one': (next) =>
    officeStatusCard({
      office: office(next),
      readiness: 'ready',
      checkedAt: AT - 5_000_000,
      criteria: rulings(next),
      checkId: next(),
      at: AT,
      buttons: buttons(next),
    }),
  history: (next) =>
    historyCard({
      office: office(next),
      criterion: null,
      days: lastDays(AT, 90, 'UTC'),
      checks: [],
      buttons: buttons(next),
    }),
  compare: (next) =>
    compareCard({
      sides: [
        { name: next(), rulings: rulings(next), at: AT },
        { name: next(), rulings: [], at: AT },
        { name: next(), rulings: rulings(next), at: AT },
      ],
      timeZone: next(),
      without: { neverChecked: [next()], notYours: 1 },
      buttons: buttons(next),
    }),
  why: (next) =>
    whyCard({
      office: office(next),
      ruling: rulings(next)[0] as Ruling,
      rule: next(),
      step: next(),
      runnerNames: { r1: next() },
      ...common(next),
    }),
  samples: (next) =>
    samplesCard({
      office: office(next),
      criterion: 'local-dns',
      verdict: 'fail',
      findings: Array.from({ length: 12 }, (_, index) => ({
        code: 'unmeasured' as const,
        question: `rtt:${next()}`,
        runnerId: 'r1',
        measurementId: `m${index}`,
        args: { question: next(), failure: 'timeout' as const },
      })),
      sampled: Array.from({ length: 12 }, (_, index) => ({
        measurement: measurementOf(owedBy(`m${index}`, 'seattle', 'r1'), 'c1', {
          runnerVersion: next(),
          ...(index === 1 ? { outcome: { ok: false, failure: 'timeout', detail: next() } as const } : {}),
        }),
        lines:
          index === 2
            ? null
            : Array.from({ length: 30 }, () => ({
                of: { theirs: next() },
                about: next(),
                says: [next(), { theirs: next() }, ', ', { theirs: next() }],
              })),
      })),
      runnerNames: { r1: next() },
      judgedAt: AT,
      timeZone: next(),
      checkId: next(),
      buttons: buttons(next),
    }),
  summary: (next) =>
    summaryCard({
      offices: offices(next, 40),
      at: AT,
      timeZone: next(),
      checkId: next(),
      inWorlds: 1,
      buttons: buttons(next),
    }),
  help: (next) =>
    helpCard({
      groups: Array.from({ length: 5 }, () => ({
        heading: next(),
        lines: Array.from({ length: 9 }, () => ({ say: next(), get: next() })),
      })),
      foot: [next(), next()],
      buttons: buttons(next),
    }),
  'help of one': (next) =>
    commandHelpCard({
      name: next(),
      does: next(),
      forms: [next()],
      examples: [{ say: next(), get: next() }],
    }),
  refusal: (next) =>
    refusalCard({
      happened: `No ${outside(next())} there`,
      why: next(),
      todo: next(),
      reference: next(),
      buttons: buttons(next),
    }),
  form: (next) =>
    formCard({
      title: outside(next()),
      lead: next(),
      problems: [next(), next()],
      facts: Array.from({ length: 9 }, () => ({ label: next(), value: outside(next()) })),
      fields: (['text', 'lines', 'date', 'choice'] as const).map((kind) => ({
        id: `f${kind}`,
        label: next(),
        kind,
        value: next(),
        placeholder: next(),
        hint: next(),
        required: true,
        choices: [
          { title: next(), value: next() },
          { title: next(), value: next() },
        ],
      })),
      foot: [next()],
      buttons: buttons(next),
    }),
  runners: (next) =>
    runnersCard({
      offices: Array.from({ length: 30 }, () => ({
        office: next(),
        runners: [
          { name: next(), status: 'online' as const, version: next(), platform: next(), seenAt: AT },
          { name: next(), status: 'silent' as const, quarantined: true },
        ],
      })),
      ofOne: false,
      at: AT,
      buttons: buttons(next),
    }),
  'runner code': (next) =>
    runnerCodeCard({
      office: next(),
      code: 'dse_lyon_0123456789ABCDEFGHJKMNPQRSTVWXYZ',
      expiresAt: AT,
      timeZone: next(),
      hub: 'https://doorstep.example',
      buttons: buttons(next),
    }),
  'self-check invitation': (next) =>
    selfInviteCard({
      ...whose(next),
      url: 'https://doorstep.example/me#code',
      code: 'dsm_0123456789ABCDEFGHJKMNPQRSTVWXYZ',
      hub: 'https://doorstep.example',
      until: AT,
      office: next(),
      world: next(),
    }),
  'self-check running': (next) => selfRunningCard({ ...whose(next), way: 'command' }),
  'self-check expired': (next) => selfExpiredCard({ ...whose(next), started: true }),
  'self-check forgotten': (next) => selfForgottenCard(whose(next)),
  'self-check result': (next) => selfResultCard({ ...whose(next), result: selfResult(next) }),
  'self-check by command': (next) =>
    selfResultCard({
      ...whose(next),
      result: {
        kind: 'command',
        at: AT,
        office: { id: 'o', name: next(), by: 'place' },
        readiness: 'not-ready',
        rulings: rulings(next),
      },
    }),
  'self-check list': (next) =>
    selfListCard({
      ...whose(next),
      now: AT,
      results: Array.from({ length: 20 }, () => selfResult(next)),
    }),
  'self-check counts': (next) =>
    selfCountsCard({
      counts: Array.from({ length: 50 }, () => ({
        office: next(),
        people: 5,
        outcomes: { well: 1, 'not-well': 2, unknown: 2 },
      })),
      keptHours: 24,
      fromPeople: 5,
      buttons: buttons(next),
    }),
  error: (next) => errorCard({ reference: next(), happened: next(), todo: next(), buttons: buttons(next) }),
}

function whose(next: Slots) {
  return { name: next(), timeZone: next(), keptHours: 24, buttons: buttons(next) }
}

function selfResult(next: Slots) {
  const address = () =>
    aSelfAddress({
      address: next(),
      label: next(),
      km: 5_000,
      vendor: next(),
      otherOffices: [next(), next()],
    })
  const evidence = aSelfEvidence({
    office: { id: 'o', name: next(), by: 'zone', localEgress: 'pass', doorKm: 12 },
    egress: [address()],
    resolvers: [address()],
  })
  return { kind: 'page' as const, at: AT, evidence, judgement: judgeSelfCheck(evidence) }
}
