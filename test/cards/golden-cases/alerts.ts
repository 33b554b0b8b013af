import { alertCard } from '../../../src/cards/alert-card.ts'
import type { RenderedCard } from '../../../src/cards/render-card.ts'
import type { Alert, AlertRow, ConditionFacts } from '../../../src/core/alert.ts'
import { AT, buttonsOf, OFFICES, rulingsOf } from './offices.ts'

const MINUTE = 60_000

function anAlert(rows: readonly AlertRow[], over: Partial<Alert> = {}): Alert {
  const [first] = rows
  return {
    orderId: 'a1',
    id: 'x',
    kind: first?.facts.kind ?? 'trouble',
    cause: first?.cause ?? '',
    openedAt: AT,
    rows,
    state: 'standing',
    activityId: '1',
    isBehind: false,
    ...over,
  }
}

const row = (subject: string, facts: ConditionFacts, over: Partial<AlertRow> = {}): AlertRow => ({
  subject,
  cause: 'one',
  since: AT - 6 * MINUTE,
  facts,
  resolvedAt: null,
  ...over,
})

const notReady = (id: 'london' | 'tokyo', over: Partial<AlertRow> = {}, decided = false): AlertRow =>
  row(
    id,
    {
      kind: 'not-ready',
      office: { id, name: OFFICES[id].name },
      failing: ['local-dns', 'nearest-front-door'],
      because: rulingsOf(id).find(({ criterion }) => criterion === 'local-dns')?.because ?? '',
      decided: decided
        ? [{ what: 'limit-set', criterion: 'local-dns', by: 'Ana Silva', value: 300, at: AT - 90 * MINUTE }]
        : [],
    },
    over,
  )

const silent = (id: string, name: string, all = false, over: Partial<AlertRow> = {}): AlertRow =>
  row(`${id}-1`, { kind: 'silent', office: { id, name }, runner: `${id}-1`, all }, over)

/** What a channel gets when something is wrong, and what becomes of it. */
export const ALERTS: Readonly<Record<string, () => RenderedCard>> = {
  'alert.not-ready': () =>
    alertCard({
      alert: anAlert([notReady('tokyo', {}, true)]),
      timeZone: 'Europe/London',
      buttons: buttonsOf('Why Tokyo', 'Freeze Tokyo', 'Change alerts'),
    }),
  'alert.one-cause': () =>
    alertCard({
      alert: anAlert([notReady('tokyo'), notReady('london', { resolvedAt: AT })]),
      timeZone: 'Europe/London',
      again: true,
      buttons: buttonsOf('Why Tokyo', 'Freeze Tokyo', 'Change alerts'),
    }),
  'alert.over': () =>
    alertCard({
      alert: anAlert([notReady('tokyo', { resolvedAt: AT + 52 * MINUTE })]),
      timeZone: 'Europe/London',
      buttons: buttonsOf('Change alerts'),
    }),
  'alert.silent': () =>
    alertCard({
      alert: anAlert([
        silent('lyon', 'Lyon', true),
        silent('tokyo', 'Tokyo', true),
        silent('sydney', 'Sydney', true),
      ]),
      timeZone: 'Europe/London',
      buttons: buttonsOf('Runners', 'Change alerts'),
    }),
  'alert.egress': () =>
    alertCard({
      alert: anAlert([
        row('seattle', {
          kind: 'egress',
          office: { id: 'seattle', name: 'Seattle' },
          from: ['198.51.100.7'],
          to: ['203.0.113.200'],
        }),
      ]),
      timeZone: 'Europe/London',
      buttons: buttonsOf('Register this address', 'Check again', 'Change alerts'),
    }),
  'alert.endpoints': () =>
    alertCard({
      alert: anAlert([
        row('2026112700', {
          kind: 'endpoints',
          version: '2026112700',
          sets: 2,
          effectiveOn: '2026-12-28',
          unchecked: 4,
        }),
      ]),
      timeZone: 'Europe/London',
      buttons: buttonsOf('Endpoints', 'Change alerts'),
    }),
  'alert.trouble': () =>
    alertCard({
      alert: anAlert([
        row('list-old', { kind: 'trouble', word: 'list-old', count: 1 }, { since: AT - 30 * 3600_000 }),
      ]),
      timeZone: 'Europe/London',
      buttons: buttonsOf('About', 'Change alerts'),
    }),
  'alert.left': () =>
    alertCard({
      alert: anAlert([notReady('tokyo', { resolvedAt: AT + 52 * MINUTE, isLeft: true })]),
      timeZone: 'Europe/London',
      buttons: buttonsOf('Change alerts'),
    }),
  'alert.store-failing': () =>
    alertCard({
      alert: anAlert([row('store-failing', { kind: 'trouble', word: 'store-failing', count: 41 })]),
      timeZone: 'Europe/London',
      buttons: buttonsOf('About', 'Change alerts'),
    }),
}
