import { officesCard } from '../cards/offices-card.ts'
import { t } from '../core/t.ts'
import type { Command } from './command.ts'

/** `offices`: every registered office with its runners. */
export const offices: Command<null> = {
  name: 'offices',
  forms: ['offices'],
  summary: t`Lists the offices, how they stand, and whether their runners answer.`,
  examples: [{ say: 'offices', get: t`every office and its runners` }],
  group: 'Look',
  verb: 'offices',
  card: 'offices',
  read: ({ folded }) =>
    (folded.length === 1 && folded[0] === 'offices') ||
    (folded.length === 2 && folded.join(' ') === 'list offices')
      ? { kind: 'args', args: null }
      : { kind: 'not-mine' },
  async handle(_args, context) {
    const [all, latest, runners] = await Promise.all([context.offices(), context.latest(), context.runners()])
    const shown = all.filter((office) => context.may('offices', office).ok)
    const card = officesCard({
      offices: shown.map((office) => {
        const last = latest.find((entry) => entry.officeId === office.id)
        return {
          id: office.id,
          name: office.name,
          readiness: last?.readiness ?? null,
          checkedAt: last?.at ?? null,
          tags: office.tags,
          runners: runners.get(office.id) ?? [],
        }
      }),
      at: context.now,
      timeZone: context.timeZone,
      buttons: [await context.offer(t`Status`, 'status', 'status')],
    })
    return { kind: 'card', card }
  },
}
