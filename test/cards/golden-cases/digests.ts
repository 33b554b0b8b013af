import { digestCard } from '../../../src/cards/digest-card.ts'
import type { RenderedCard } from '../../../src/cards/render-card.ts'
import {
  type DigestMemory,
  type DigestPlan,
  digestOf,
  EVERY_DAY,
  WORK_DAYS,
} from '../../../src/core/digest.ts'
import type { Latest } from '../../../src/core/latest.ts'
import { type CriterionId, type Readiness, readinessOf } from '../../../src/core/verdict.ts'
import { AT, buttonsOf, type DemoOffice, OFFICES, rulingsOf } from './offices.ts'

const HOUR = 3_600_000
const IDS: readonly DemoOffice[] = ['seattle', 'london', 'sydney', 'tokyo', 'lyon']

const PLAN: DigestPlan = {
  selector: 'all',
  days: EVERY_DAY,
  time: '14:00',
  timeZone: 'Europe/London',
  mode: 'changes',
}

function latestOf(id: DemoOffice, hours: number, officeId: string = id): Latest {
  const rulings = rulingsOf(id)
  return {
    officeId,
    checkId: 'c1',
    at: AT - 4 * 60_000,
    readiness: readinessOf(rulings),
    verdicts: '',
    criteria: [],
    since: AT - hours * HOUR,
    rulings,
    listVersion: '2026110200',
    runners: [],
    egress: [],
    chains: [],
    reach: { answered: [], failed: [] },
  }
}

const memoryOf = (
  offices: Readonly<Record<string, readonly [Readiness, ...CriterionId[]]>>,
  hours = 96,
): DigestMemory => ({
  at: AT - hours * HOUR,
  offices: Object.fromEntries(
    Object.entries(offices).map(([id, [readiness, ...failing]]) => [id, { readiness, failing }]),
  ),
})

const NOTHING_DECIDED = { overrides: [], attestations: [] }

const demo = IDS.map((id) => ({
  id,
  name: OFFICES[id].name,
  ...NOTHING_DECIDED,
  // Tightened two days earlier, since the digest before.
  overrides:
    id === 'tokyo'
      ? [
          {
            criterion: 'local-dns' as const,
            value: 300,
            author: 'Ana Silva',
            reason: 'x',
            setAt: AT - 48 * HOUR,
            expiresAt: AT + 900 * HOUR,
          },
        ]
      : [],
}))
const LONDON = ['not-ready', 'local-egress', 'local-dns', 'nearest-front-door'] as const
const TOKYO = ['not-ready', 'local-dns', 'nearest-front-door'] as const
const latest = [
  latestOf('seattle', 30),
  latestOf('london', 50),
  latestOf('sydney', 200),
  latestOf('tokyo', 400),
]
const base = { offices: demo, latest, now: AT, tooOldMs: HOUR }

const many = Array.from({ length: 24 }, (_, index) => ({
  id: `tokyo-${index}`,
  name: `Tokyo, floor ${index + 1}`,
  ...NOTHING_DECIDED,
}))
const buttons = buttonsOf('Why Tokyo', 'Snooze', 'Change schedule', 'Stop')

/** What a channel gets each morning. */
export const DIGESTS: Readonly<Record<string, () => RenderedCard>> = {
  'digest.changes': () =>
    digestCard({
      digest: digestOf({
        ...base,
        before: memoryOf({ seattle: ['not-ready'], london: LONDON, sydney: ['ready'], tokyo: ['ready'] }),
      }),
      plan: PLAN,
      at: AT,
      lateSince: null,
      buttons,
    }),
  'digest.no-data': () =>
    digestCard({
      digest: digestOf({
        ...base,
        before: memoryOf({ seattle: ['ready'], london: LONDON, sydney: ['unproven'], tokyo: TOKYO }, 24),
      }),
      plan: PLAN,
      at: AT,
      lateSince: null,
      buttons,
    }),
  'digest.unchanged': () =>
    digestCard({
      digest: digestOf({
        ...base,
        offices: demo.slice(0, 4),
        before: memoryOf({ seattle: ['ready'], london: LONDON, sydney: ['unproven'], tokyo: TOKYO }, 24),
      }),
      plan: { ...PLAN, days: WORK_DAYS, selector: '#emea + Seattle' },
      at: AT,
      lateSince: null,
      buttons,
    }),
  'digest.first-late': () =>
    digestCard({
      digest: digestOf({ ...base, before: null }),
      plan: { ...PLAN, days: [1, 4], mode: 'full' },
      at: AT,
      lateSince: AT - 6 * HOUR,
      again: true,
      buttons,
    }),
  'digest.many': () =>
    digestCard({
      digest: digestOf({
        ...base,
        offices: many,
        latest: many.map(({ id }, index) => latestOf('tokyo', 20 + index * 7, id)),
        before: memoryOf({ 'tokyo-3': ['ready'] }),
      }),
      plan: PLAN,
      at: AT,
      lateSince: null,
      buttons,
    }),
}
