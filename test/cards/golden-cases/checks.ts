import { aboutCard } from '../../../src/cards/about-card.ts'
import { dryRunCard } from '../../../src/cards/dry-run-card.ts'
import { type ProgressView, progressCard } from '../../../src/cards/progress-card.ts'
import type { RenderedCard } from '../../../src/cards/render-card.ts'
import { type OfficeSummed, summaryCard } from '../../../src/cards/summary-card.ts'
import type { RunnerStatus } from '../../../src/core/runner.ts'
import { AT, buttonsOf, earlier, OFFICES, rulingsOf } from './offices.ts'

const HEALTH = {
  version: '0.1.0',
  startedAt: earlier(3 * 24 * 60),
  store: 'azure',
  signIn: 'on',
  runners: { online: 41, silent: 2, neverSeen: 1, outdated: 3, withBeacon: 38 },
  list: { version: '2026110200', refreshedAt: earlier(37) },
  checks: 2,
  lastDigestAt: null,
  troubles: [{ word: 'messages-late', count: 12, since: AT }],
} as const

/** Cards around checks: before one begins, stopped ones, further pages, and the hub's own health. */
export function checksOf({
  summed,
  progress,
}: {
  readonly summed: readonly OfficeSummed[]
  readonly progress: Omit<ProgressView, 'criteria' | 'received' | 'owed'>
}): Readonly<Record<string, () => RenderedCard>> {
  const twelve = { at: AT, timeZone: 'Europe/London', checkId: '5D8P-2K', inWorlds: 5 }
  const runner = (name: string, status: RunnerStatus) => ({ name, status })
  return {
    'check.dry-run': () =>
      dryRunCard({
        offices: summed.map(({ id, name }) => ({
          name,
          runners:
            id === 'mumbai' ? [] : [runner(`${id}-1`, ['lyon', 'tokyo'].includes(id) ? 'silent' : 'online')],
        })),
        leftOut: 3,
        buttons: buttonsOf('Run', 'Narrow'),
      }),
    'progress.cancelled': () =>
      progressCard({
        ...progress,
        office: OFFICES.seattle,
        criteria: rulingsOf('seattle').map((ruling, index) =>
          index % 3 === 1
            ? { ...ruling, verdict: 'unproven' as const, because: 'A measurement that was owed is missing.' }
            : ruling,
        ),
        received: 6,
        owed: 10,
        cancelled: { by: 'Ben Okafor *x*', at: AT + 4_000 },
        buttons: buttonsOf('Check again'),
      }),
    'summary.page-2': () =>
      summaryCard({ ...twelve, offices: summed, page: 2, buttons: buttonsOf('Back', 'Status') }),
    'summary.cancelled': () =>
      summaryCard({
        ...twelve,
        offices: summed,
        cancelledBy: 'Ben Okafor *x*',
        leftOut: 3,
        buttons: buttonsOf('Next', 'Recheck', 'Status'),
      }),
    'about.health': () =>
      aboutCard({
        version: '0.1.0',
        health: HEALTH,
        at: AT,
        timeZone: 'Europe/London',
        buttons: buttonsOf('Help'),
      }),
    'about.member': () =>
      aboutCard({ version: '0.1.0', at: AT, timeZone: 'Europe/London', buttons: buttonsOf('Help') }),
  }
}
