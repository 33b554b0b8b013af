import { selfCountsCard } from '../cards/self-check-card.ts'
import { COUNT_FROM_PEOPLE } from '../core/self-check.ts'
import { t } from '../core/t.ts'
import type { Command } from './command.ts'

/** `me counts`: how self-checks went per office, of five people up; never who. */
export const meCounts: Command<null> = {
  name: 'me counts',
  forms: ['me counts'],
  summary: t`Counts self-checks by office, of ${COUNT_FROM_PEOPLE} people up. Who they are is never told.`,
  examples: [{ say: 'me counts', get: t`how the self-checks of the last day went, by office` }],
  group: 'People',
  verb: 'count-self-checks',
  card: 'form',
  read({ folded }) {
    return folded.join(' ') === 'me counts' ? { kind: 'args', args: null } : { kind: 'not-mine' }
  },
  async handle(_args, context) {
    const [counts, offices] = await Promise.all([context.selfChecks.counts(), context.offices()])
    const card = selfCountsCard({
      counts: counts.map(({ officeId, ...count }) => ({
        ...count,
        office: offices.find(({ id }) => id === officeId)?.name ?? officeId,
      })),
      keptHours: context.selfChecks.hours,
      fromPeople: COUNT_FROM_PEOPLE,
      buttons: [],
    })
    return { kind: 'card', card }
  },
}
