import { runnersCard } from '../cards/runners-card.ts'
import type { Office } from '../core/office.ts'
import { t } from '../core/t.ts'
import type { Command, CommandContext } from './command.ts'
import { notAllowed, officeOr } from './refusals.ts'
import { restOf } from './words.ts'

/** `runners`, `runners Seattle`: every runner with its state, version and age. */
export const runners: Command<{ readonly typed: string }> = {
  name: 'runners',
  forms: ['runners', 'runners <office>'],
  summary: t`Lists the runners of each office: state, version, platform, and when they were last heard of.`,
  examples: [
    { say: 'runners', get: t`every runner and its state` },
    { say: 'runners Seattle', get: t`the runners of one office` },
  ],
  group: 'Offices',
  verb: 'runners',
  card: 'form',
  read(words) {
    if (words.folded[0] !== 'runners') return { kind: 'not-mine' }
    return { kind: 'args', args: { typed: restOf(words, words.folded[1] === 'office' ? 2 : 1) } }
  },
  async handle({ typed }, context) {
    const offices = await context.offices()
    if (typed === '') {
      const mine = offices.filter((office) => context.may('runners', office).ok)
      return { kind: 'card', card: await listed(mine, null, context) }
    }
    const found = await officeOr(typed, offices, context, {
      verb: 'runners',
      title: (name) => t`Runners of ${name}`,
      command: (name) => `runners office ${name}`,
    })
    if ('answer' in found) return found.answer
    const allowed = context.may('runners', found.office)
    if (!allowed.ok) return notAllowed(allowed)
    return { kind: 'card', card: await listed([found.office], found.office, context), inPlace: true }
  },
}

async function listed(offices: readonly Office[], one: Office | null, context: CommandContext) {
  const byOffice = await context.runners()
  return runnersCard({
    offices: offices.map(({ id, name }) => ({ office: name, runners: byOffice.get(id) ?? [] })),
    ofOne: one !== null,
    at: context.now,
    buttons: [
      await context.offer(t`Look again`, 'runners', one === null ? 'runners' : `runners office ${one.name}`),
      ...(one !== null && context.may('add-runner', one).ok
        ? [await context.offer(t`Add a runner`, 'add-runner', `runner add ${one.name}`)]
        : []),
    ],
  })
}
