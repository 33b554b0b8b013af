import { formCard } from '../cards/form-card.ts'
import { earlierText } from '../cards/formats.ts'
import { outside } from '../cards/text.ts'
import { countText, RUNNER_WORDS } from '../cards/wording.ts'
import type { Office } from '../core/office.ts'
import type { Command, CommandContext } from './command.ts'
import { notAllowed, officeOr } from './refusals.ts'
import { restOf } from './words.ts'

/** `runners`, `runners Seattle`: every runner with its state, version and age. */
export const runners: Command<{ readonly typed: string }> = {
  name: 'runners',
  forms: ['runners', 'runners <office>'],
  summary: 'Lists the runners of each office: state, version, platform, and when they were last heard of.',
  examples: [
    { say: 'runners', get: 'every runner and its state' },
    { say: 'runners Seattle', get: 'the runners of one office' },
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
      return { kind: 'card', card: await listed('Runners', mine, context) }
    }
    const found = await officeOr(typed, offices, context, {
      verb: 'runners',
      title: (name) => `Runners of ${name}`,
      command: (name) => `runners office ${name}`,
    })
    if ('answer' in found) return found.answer
    const allowed = context.may('runners', found.office)
    if (!allowed.ok) return notAllowed(allowed)
    const title = `Runners of ${outside(found.office.name)}`
    return { kind: 'card', card: await listed(title, [found.office], context), inPlace: true }
  },
}

async function listed(title: string, offices: readonly Office[], context: CommandContext) {
  const byOffice = await context.runners()
  const rows = offices.flatMap((office) =>
    (byOffice.get(office.id) ?? []).map((runner) => ({ office, runner })),
  )
  const without = offices.filter(({ id }) => (byOffice.get(id) ?? []).length === 0)
  const [only] = offices
  const one = offices.length === 1 && only ? only : null
  return formCard({
    title,
    lead: `${countText(rows.length, 'runner')} in ${countText(offices.length, 'office')}.`,
    facts: [
      ...rows.map(({ office, runner }) => ({
        label: one === null ? office.name : runner.name,
        value: [
          one === null ? outside(runner.name) : '',
          RUNNER_WORDS[runner.status],
          runner.quarantined === true ? 'quarantined for rubbish' : '',
          runner.version === undefined ? '' : `version ${outside(runner.version)}`,
          runner.platform === undefined ? '' : outside(runner.platform),
          runner.seenAt === undefined ? '' : `heard of ${earlierText(runner.seenAt, context.now)}`,
        ]
          .filter((part) => part !== '')
          .join(' · '),
      })),
      ...without.map((office) => ({ label: office.name, value: 'no runner registered' })),
    ],
    buttons: [
      await context.offer('Look again', 'runners', one === null ? 'runners' : `runners office ${one.name}`),
      ...(one !== null && context.may('add-runner', one).ok
        ? [await context.offer('Add a runner', 'add-runner', `runner add ${one.name}`)]
        : []),
    ],
  })
}
