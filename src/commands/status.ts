import { type OfficeStatus, officeStatusCard, statusCard, statusPages } from '../cards/status-card.ts'
import { worstCriterion } from '../cards/wording.ts'
import type { Latest } from '../core/latest.ts'
import type { Office } from '../core/office.ts'
import { t } from '../core/t.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { notAllowed, officeOr } from './refusals.ts'
import { type SelectionUse, selectedOr } from './selection.ts'
import { readSelection } from './selector.ts'
import { restOf } from './words.ts'

const USE: SelectionUse = {
  verb: 'status',
  word: 'status',
  title: (name) => t`Status ${name}`,
  command: (name) => `status office ${name}`,
}

/** `status`, `status page 2`, `status Seattle`: the latest verdicts with their age, without new probes. */
export const status: Command<{ readonly typed: string; readonly page: number }> = {
  name: 'status',
  forms: ['status', 'status <office>', 'status page 2', 'status all - <office>'],
  summary: t`Shows the latest verdicts with their age, without measuring again.`,
  examples: [
    { say: 'status', get: t`all offices, worst first` },
    { say: 'status Seattle', get: t`one office, every criterion` },
  ],
  group: 'Look',
  verb: 'status',
  card: 'status',
  read(words, { kept }) {
    if (words.folded[0] !== 'status') return { kind: 'not-mine' }
    const [, second, third] = words.folded
    if (second === 'page' && words.folded.length === 3 && /^[1-9]\d{0,3}$/.test(third ?? '')) {
      return { kind: 'args', args: { typed: kept ?? '', page: Number(third) } }
    }
    const named = words.folded[1] === 'office' ? 2 : 1
    return { kind: 'args', args: { typed: restOf(words, named), page: 1 } }
  },
  async handle({ typed, page }, context) {
    const [offices, latest] = await Promise.all([context.offices(), context.latest()])
    if (typed === '' || typed === 'all') return statusOfAll(offices, latest, page, context)
    const read = readSelection(typed, offices)
    if (read.kind !== 'unclear' && !(read.kind === 'picked' && read.byName)) {
      const some = await selectedOr(typed, context, USE)
      if ('answer' in some) return some.answer
      return statusOfAll(some.selected.offices, latest, page, context, typed)
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
  page: number,
  context: CommandContext,
  typed = '',
): Promise<Answer> {
  // The next page is one of the same selection.
  const kept = typed === '' ? {} : { keep: typed }
  const shown = statusesOf(
    offices.filter((office) => context.may('status', office).ok),
    latest,
  )
  const pages = statusPages(shown.length)
  const here = Math.min(page, pages)
  const buttons = [
    typed === ''
      ? await context.offer(t`Check all`, 'check', 'check all')
      : await context.offer(t`Check these`, 'check', `check ${typed}`),
  ]
  if (here > 1) buttons.push(await context.offer(t`Back`, 'status', `status page ${here - 1}`, kept))
  if (here < pages) buttons.push(await context.offer(t`Next`, 'status', `status page ${here + 1}`, kept))
  const card = statusCard({
    offices: shown,
    at: context.now,
    timeZone: context.timeZone,
    page: here,
    buttons,
  })
  // A pressed Next turns the page; a typed one is a card of its own.
  return { kind: 'card', card, ...(pages > 1 ? { inPlace: true } : {}) }
}

/** Offices as lists show them. One that is checked only when named, and never was, is left out. */
export function statusesOf(offices: readonly Office[], latest: readonly Latest[]): readonly OfficeStatus[] {
  const byId = new Map(latest.map((entry) => [entry.officeId, entry]))
  return offices.flatMap((office) => {
    const last = byId.get(office.id)
    if (last === undefined && office.onlyWhenNamed) return []
    return {
      id: office.id,
      name: office.name,
      readiness: last?.readiness ?? null,
      checkedAt: last?.at ?? null,
      says: last ? worstSentence(last) : '',
    }
  })
}

async function statusOfOne(
  office: Office,
  last: Latest | undefined,
  context: CommandContext,
): Promise<Answer> {
  const worst = last ? worstCriterion(last.rulings) : null
  const buttons = [await context.offer(t`Check again`, 'check', `check office ${office.name}`)]
  if (worst) buttons.push(await context.offer(t`Why`, 'why', `why office ${office.name} ${worst}`))
  const card = officeStatusCard({
    office,
    readiness: last?.readiness ?? null,
    checkedAt: last?.at ?? null,
    criteria: last?.rulings ?? [],
    ...(last ? { checkId: last.checkId } : {}),
    frozen: (await context.alerts.freezes()).find(({ officeId }) => officeId === office.id) ?? null,
    at: context.now,
    buttons,
  })
  return { kind: 'card', card }
}

function worstSentence(last: Latest): string {
  const worst = worstCriterion(last.rulings)
  return last.rulings.find((ruling) => ruling.criterion === worst)?.because ?? ''
}
