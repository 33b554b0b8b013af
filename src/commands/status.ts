import { officeStatusCard, statusCard } from '../cards/status-card.ts'
import { worstCriterion } from '../cards/wording.ts'
import type { Latest } from '../core/latest.ts'
import type { Office } from '../core/office.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { notAllowed, officeOr } from './refusals.ts'
import { type SelectionUse, selectedOr } from './selection.ts'
import { readSelection } from './selector.ts'
import { restOf } from './words.ts'

const USE: SelectionUse = {
  verb: 'status',
  word: 'status',
  title: (name) => `Status ${name}`,
  command: (name) => `status office ${name}`,
}

/** `status`, `status Seattle`: the latest verdicts with their age, without new probes. */
export const status: Command<{ readonly typed: string }> = {
  name: 'status',
  forms: ['status', 'status <office>', 'status all - <office>'],
  summary: 'Shows the latest verdicts with their age, without measuring again.',
  examples: [
    { say: 'status', get: 'all offices, worst first' },
    { say: 'status Seattle', get: 'one office, every criterion' },
  ],
  group: 'Look',
  verb: 'status',
  card: 'status',
  read(words) {
    if (words.folded[0] !== 'status') return { kind: 'not-mine' }
    const named = words.folded[1] === 'office' ? 2 : 1
    return { kind: 'args', args: { typed: restOf(words, named) } }
  },
  async handle({ typed }, context) {
    const [offices, latest] = await Promise.all([context.offices(), context.latest()])
    if (typed === '' || typed === 'all') return statusOfAll(offices, latest, context)
    const read = readSelection(typed, offices)
    if (read.kind !== 'unclear' && !(read.kind === 'picked' && read.byName)) {
      const some = await selectedOr(typed, context, USE)
      return 'answer' in some ? some.answer : statusOfAll(some.selected.offices, latest, context)
    }
    const found = await officeOr(typed, offices, context, USE)
    if ('answer' in found) return found.answer
    const allowed = context.may('status', found.office)
    if (!allowed.ok) return notAllowed(allowed)
    return statusOfOne(
      found.office,
      latest.find((entry) => entry.officeId === found.office.id),
      context,
    )
  },
}

async function statusOfAll(
  offices: readonly Office[],
  latest: readonly Latest[],
  context: CommandContext,
): Promise<Answer> {
  const shown = offices
    .filter((office) => context.may('status', office).ok)
    .map((office) => ({ office, last: latest.find((entry) => entry.officeId === office.id) }))
    .filter(({ office, last }) => last !== undefined || !office.onlyWhenNamed)
  const card = statusCard({
    offices: shown.map(({ office, last }) => ({
      id: office.id,
      name: office.name,
      readiness: last?.readiness ?? null,
      checkedAt: last?.at ?? null,
      says: last ? worstSentence(last) : '',
    })),
    at: context.now,
    timeZone: context.timeZone,
    buttons: [await context.offer('Check all', 'check', 'check all')],
  })
  return { kind: 'card', card }
}

async function statusOfOne(
  office: Office,
  last: Latest | undefined,
  context: CommandContext,
): Promise<Answer> {
  const worst = last ? worstCriterion(last.rulings) : null
  const buttons = [await context.offer('Check again', 'check', `check office ${office.name}`)]
  if (worst) buttons.push(await context.offer('Why', 'why', `why office ${office.name} ${worst}`))
  const card = officeStatusCard({
    office,
    readiness: last?.readiness ?? null,
    checkedAt: last?.at ?? null,
    criteria: last?.rulings ?? [],
    ...(last ? { checkId: last.checkId } : {}),
    at: context.now,
    buttons,
  })
  return { kind: 'card', card }
}

function worstSentence(last: Latest): string {
  const worst = worstCriterion(last.rulings)
  return last.rulings.find((ruling) => ruling.criterion === worst)?.because ?? ''
}
