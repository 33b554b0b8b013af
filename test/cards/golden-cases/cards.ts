import { dashboardCard, endedDashboardCard, movedDashboardCard } from '../../../src/cards/dashboard-card.ts'
import { type OfficeListed, officesCard } from '../../../src/cards/offices-card.ts'
import { progressCard } from '../../../src/cards/progress-card.ts'
import type { RenderedCard } from '../../../src/cards/render-card.ts'
import { resultCard } from '../../../src/cards/result-card.ts'
import { officeStatusCard, statusCard } from '../../../src/cards/status-card.ts'
import { summaryCard } from '../../../src/cards/summary-card.ts'
import { whyCard } from '../../../src/cards/why-card.ts'
import type { Readiness } from '../../../src/core/verdict.ts'
import { ALERTS } from './alerts.ts'
import { ANSWERS } from './answers.ts'
import { checksOf } from './checks.ts'
import { DIGESTS } from './digests.ts'
import { LOOKS } from './looks.ts'
import {
  AT,
  buttonsOf,
  earlier,
  LIST,
  LONDON_DNS_FINDINGS,
  OFFICES,
  RUNNERS,
  resultOf,
  rulingsOf,
} from './offices.ts'
import { PAST } from './past.ts'
import { PEOPLE } from './people.ts'
import { REGISTRY } from './registry.ts'
import { SAMPLES } from './samples.ts'
import { SELF_CHECKS } from './self-checks.ts'
import { WORST_NAMES } from './worst-names.ts'

const READINESS: Readonly<Record<keyof typeof OFFICES, Readiness>> = {
  seattle: 'ready',
  london: 'not-ready',
  sydney: 'unproven',
  tokyo: 'not-ready',
  lyon: 'unproven',
}

const PLACES = {
  seattle: 'Seattle, United States',
  london: 'London, United Kingdom',
  sydney: 'Sydney, Australia',
  tokyo: 'Tokyo, Japan',
  lyon: 'Lyon, France',
} as const

const listed: readonly OfficeListed[] = (['seattle', 'london', 'sydney', 'tokyo', 'lyon'] as const).map(
  (id, index) => ({
    id,
    name: OFFICES[id].name,
    place: PLACES[id],
    tags: id === 'london' || id === 'lyon' ? ['emea'] : [],
    readiness: id === 'lyon' ? null : READINESS[id],
    checkedAt: id === 'lyon' ? null : earlier(4 + index * 31),
    runners: RUNNERS[id],
  }),
)

const SAYS = {
  seattle: '',
  london: 'Local egress fails: leaves 7,700\u00A0km away, limit 800\u00A0km.',
  sydney: 'No hairpin is unproven: a proxy answers in place of Microsoft.',
  tokyo: 'Local DNS fails: the resolver leaves 5,311\u00A0km away, limit 800\u00A0km.',
  lyon: 'Nothing was measured.',
} as const

const londonDns = {
  ...(rulingsOf('london').find(({ criterion }) => criterion === 'local-dns') as ReturnType<
    typeof rulingsOf
  >[number]),
  runnerId: 'r1',
  limit: {
    text: '800\u00A0km (500 miles)',
    source: 'Microsoft 365 network connectivity test, DNS recursive resolver',
  },
  signals: [
    { name: 'Place', word: 'far', says: '198.51.100.53 is 7,700\u00A0km away, limit 800\u00A0km.' },
    {
      name: 'Time',
      word: 'far',
      says: 'A new name takes 158.2\u00A0ms longer than a known one; 77\u00A0ms show the distance.',
    },
    { name: 'Front door', word: 'far', says: 'SEA is 7,713\u00A0km away, limit 800\u00A0km.' },
    { name: 'Client subnet', word: 'not sent', says: 'So only the resolver’s address counts.' },
  ],
  findings: LONDON_DNS_FINDINGS,
}

const more: readonly { readonly name: string; readonly readiness: Readiness; readonly says: string }[] = [
  { name: 'Mumbai', readiness: 'unproven', says: 'No runner is registered.' },
  { name: 'Austin', readiness: 'ready', says: 'Optional, but it fails: no proxy or inspection.' },
  { name: 'Berlin', readiness: 'ready', says: '9.8\u00A0ms to FRA, limit 25\u00A0ms.' },
  { name: 'Madrid', readiness: 'ready', says: '3.9\u00A0ms to MAD, limit 25\u00A0ms.' },
  { name: 'São Paulo', readiness: 'ready', says: '4.6\u00A0ms to GRU, limit 25\u00A0ms.' },
  { name: 'Singapore', readiness: 'ready', says: '2.2\u00A0ms to SIN, limit 25\u00A0ms.' },
  { name: 'Toronto', readiness: 'ready', says: '5.1\u00A0ms to YTO, limit 25\u00A0ms.' },
]

const summed = [
  ...listed.map(({ id, name }) => ({
    id,
    name,
    readiness: READINESS[id as keyof typeof OFFICES],
    says: SAYS[id as keyof typeof OFFICES] || '4.4\u00A0ms to SEA, limit 25\u00A0ms.',
  })),
  ...more.map((office) => ({ ...office, id: office.name.toLowerCase().replaceAll(/[^a-z]/g, '-') })),
]

const seattle = rulingsOf('seattle')
const inSoFar = seattle.filter(({ criterion }) =>
  ['local-egress', 'local-dns', 'network-plan', 'endpoint-changes', 'tcp-tuned'].includes(criterion),
)

const progress = {
  office: OFFICES.seattle,
  askedAt: AT,
  deadlineAt: AT + 60_000,
  askedBy: 'Ana Silva',
  runners: RUNNERS.seattle,
  checkId: '4Q7T-9D',
  buttons: buttonsOf('Cancel'),
}

const statuses = listed.map(({ id, name, readiness, checkedAt }) => ({
  id,
  name,
  readiness,
  checkedAt,
  says: SAYS[id as keyof typeof OFFICES],
}))

const manyStatuses = Array.from({ length: 33 }, (_, index) => {
  const { name = '', readiness = 'ready' as const, says = '' } = more[index % more.length] ?? {}
  const turn = Math.floor(index / more.length)
  return {
    id: `more-${index}`,
    name: turn === 0 ? name : `${name} ${turn + 1}`,
    readiness,
    checkedAt: earlier(3 + index * 4),
    says,
  }
})

/** Every golden card by the name of its files. */
export const GOLDEN_CARDS: Readonly<Record<string, () => RenderedCard>> = {
  'progress.planning': () => progressCard({ ...progress, criteria: [], received: 0, owed: 0 }),
  'progress.half': () =>
    progressCard({
      ...progress,
      criteria: [
        ...inSoFar,
        {
          criterion: 'nearest-front-door',
          state: 'measuring',
          says: 'seattle-1 reaches SEA, 17\u00A0km away.',
        },
        { criterion: 'no-hairpin', state: 'measuring' },
      ],
      received: 6,
      owed: 10,
    }),
  'result.ready': () => resultCard({ ...resultOf('seattle', '4Q7T-9D'), assessment: 100 }),
  'result.not-ready': () => resultCard({ ...resultOf('london', '8K2M-4T'), since: Date.UTC(2026, 10, 3, 9) }),
  'result.inspected': () => resultCard(resultOf('sydney', '6W3B-1F')),
  'result.forwarder': () => resultCard(resultOf('tokyo', '9C5X-7R')),
  'result.unproven': () => resultCard(resultOf('lyon', '2M6H-7C')),
  'offices.five': () =>
    officesCard({
      offices: listed,
      at: AT,
      timeZone: 'Europe/London',
      buttons: buttonsOf('Check all', 'Status'),
    }),
  'offices.none': () => officesCard({ offices: [], at: AT, timeZone: 'Europe/London' }),
  'status.all': () =>
    statusCard({ offices: statuses, at: AT, timeZone: 'Europe/London', buttons: buttonsOf('Check all') }),
  'status.page': () =>
    statusCard({
      offices: [...statuses, ...manyStatuses],
      at: AT,
      timeZone: 'Europe/London',
      page: 2,
      buttons: buttonsOf('Check all', 'Back', 'Next'),
    }),
  'dashboard.twelve': () =>
    dashboardCard({
      offices: [...statuses, ...manyStatuses.slice(0, 7)],
      at: AT,
      timeZone: 'Europe/London',
      buttons: buttonsOf('All offices', 'Check all'),
    }),
  'dashboard.none': () =>
    dashboardCard({ offices: [], at: AT, timeZone: 'Europe/London', buttons: buttonsOf('All offices') }),
  'dashboard.ended': () => endedDashboardCard({ by: 'Ana Diaz', at: AT, timeZone: 'Europe/London' }),
  'dashboard.moved': () => movedDashboardCard(AT, 'Europe/London'),
  'status.office': () =>
    officeStatusCard({
      office: OFFICES.tokyo,
      readiness: 'not-ready',
      checkedAt: earlier(12),
      criteria: rulingsOf('tokyo'),
      checkId: '9C5X-7R',
      at: AT,
      buttons: buttonsOf('Check again', 'Why'),
    }),
  'status.too-old': () =>
    officeStatusCard({
      office: OFFICES.seattle,
      readiness: 'ready',
      checkedAt: earlier(177),
      criteria: seattle,
      checkId: '4Q7T-9D',
      at: AT,
      buttons: buttonsOf('Check again'),
    }),
  ...PAST,
  'why.fail': () =>
    whyCard({
      office: OFFICES.london,
      ruling: londonDns,
      rule: 'Pass: registered, or within the limit by place or time. Fail: beyond it, and the front door or the time agrees.',
      step: 'step 2',
      runnerNames: { r1: 'london-1' },
      judgedAt: AT,
      listVersion: LIST,
      rulesVersion: '1',
      checkId: '8K2M-4T',
      failed: { firstAt: AT - 50 * 3_600_000, resolvedAt: null },
      troubles: [
        {
          code: 'client-subnet-leaked',
          firstAt: AT - 90 * 3_600_000,
          lastAt: AT - 52 * 3_600_000,
          resolvedAt: AT - 50 * 3_600_000,
        },
      ],
      buttons: buttonsOf('Samples', 'Check again'),
    }),
  'why.unproven': () =>
    whyCard({
      office: OFFICES.lyon,
      ruling: {
        ...(rulingsOf('lyon')[0] as ReturnType<typeof rulingsOf>[number]),
        limit: { text: '300\u00A0km', source: 'An admin of this company', overriddenBy: 'Ana Silva' },
        findings: [
          {
            code: 'unmeasured',
            question: 'relay-egress',
            runnerId: 'r9',
            measurementId: 'm9',
            args: { question: 'relay-egress', failure: 'runner-silent' },
          },
        ],
      },
      rule: 'Pass: every flow leaves within the limit or inside a registered range. Fail: outside, and a second signal agrees.',
      step: 'step 2',
      runnerNames: { r9: 'lyon-1' },
      judgedAt: AT,
      listVersion: LIST,
      rulesVersion: '1',
      checkId: '2M6H-7C',
      buttons: buttonsOf('Samples', 'Check again'),
    }),
  ...SAMPLES,
  ...SELF_CHECKS,
  ...ANSWERS,
  ...DIGESTS,
  ...ALERTS,
  ...checksOf({ summed, progress }),
  ...PEOPLE,
  ...REGISTRY,
  ...LOOKS,
  'summary.twelve': () =>
    summaryCard({
      offices: summed,
      at: AT,
      timeZone: 'Europe/London',
      checkId: '5D8P-2K',
      inWorlds: 5,
      buttons: buttonsOf('Next', 'Check again'),
    }),
  'summary.under-way': () =>
    summaryCard({
      offices: summed
        .slice(0, 5)
        .map((office, index) => (index < 3 ? office : { ...office, readiness: null, says: '' })),
      at: AT,
      timeZone: 'Europe/London',
      checkId: '5D8P-2K',
      inWorlds: 5,
    }),
  'names.offices': () =>
    officesCard({
      offices: WORST_NAMES.map((name, index) => ({
        id: `office-${index}`,
        name,
        place: name,
        tags: [],
        readiness: 'not-ready',
        checkedAt: earlier(index),
        runners: [{ name, status: 'self-test-failed' }],
      })),
      at: AT,
      timeZone: 'America/Argentina/Buenos_Aires',
    }),
  ...Object.fromEntries(
    WORST_NAMES.map((name, index) => [
      `names.result-${index + 1}`,
      () =>
        resultCard({
          ...resultOf('london', '8K2M-4T'),
          office: { ...OFFICES.london, name },
          runners: [{ name, status: 'silent' }],
          buttons: buttonsOf('Check again', `Check ${name}`),
        }),
    ]),
  ),
}
