import { compareCard } from '../cards/compare-card.ts'
import { refusalCard } from '../cards/refusal-card.ts'
import { outside } from '../cards/text.ts'
import { dayOf } from '../core/days.ts'
import type { Latest } from '../core/latest.ts'
import type { Office } from '../core/office.ts'
import { t } from '../core/t.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { misread, notAllowed, officeOr } from './refusals.ts'
import { type Selected, type SelectionUse, selectedOr } from './selection.ts'
import { readSelection } from './selector.ts'

/** How far before a date its last check is looked for: the longest time that `history` shows, 90 days. */
const LOOK_BACK_MS = 90 * 24 * 60 * 60 * 1000

const DATE = /^\d{4}-\d{2}-\d{2}$/

const MISREAD = {
  hint: t`Name two offices, or an office and a day, for example: compare Seattle with London`,
} as const

type Args =
  | { readonly kind: 'two'; readonly office: string; readonly other: string }
  | { readonly kind: 'selection'; readonly typed: string }

const USE: SelectionUse = {
  verb: 'compare',
  word: 'compare',
  title: (name) => t`Compare ${name}`,
  command: (name) => `compare ${name}`,
}

/** `compare Seattle with London`, `compare #emea`, `compare Seattle with 2026-11-01`: only what differs. */
export const compare: Command<Args> = {
  name: 'compare',
  forms: [
    'compare <office> with <office>',
    'compare #emea',
    'compare <office> + <office>',
    'compare <office> with 2026-11-01',
  ],
  summary: t`Shows only what differs between offices, or between an office now and at the end of a day.`,
  examples: [
    { say: 'compare Seattle with London', get: t`the verdicts that differ, and why` },
    { say: 'compare all', get: t`each verdict that is not the same everywhere, and where it is which` },
  ],
  group: 'Look',
  verb: 'compare',
  card: 'compare',
  read({ words, folded }) {
    if (folded[0] !== 'compare') return { kind: 'not-mine' }
    const at = folded.indexOf('with', 2)
    const other = words.slice(at + 1).join(' ')
    if (words.length < 2 || (at > 0 && other === '')) return { kind: 'misread', ...MISREAD }
    if (at < 0) return { kind: 'args', args: { kind: 'selection', typed: words.slice(1).join(' ') } }
    if (DATE.test(other) && dayOf(other, 'UTC') === null) {
      return { kind: 'misread', hint: t`There is no day ${other}. Write it as 2026-11-01.` }
    }
    return { kind: 'args', args: { kind: 'two', office: words.slice(1, at).join(' '), other } }
  },
  async handle(args, context) {
    const [offices, latest] = await Promise.all([context.offices(), context.latest()])
    if (args.kind === 'selection') return compareSelection(args.typed, offices, latest, context)
    const { office: typed, other } = args
    if (isSeveral(typed, offices) || isSeveral(other, offices)) {
      if (!DATE.test(other)) return compareSelection(`${typed} + ${other}`, offices, latest, context)
      return misread(t`A day goes with one office, and not with several`, context)
    }
    const one = await allowedOffice(typed, offices, context, (name) => `compare ${name} with ${other}`)
    if ('answer' in one) return one.answer
    const last = latest.find(({ officeId }) => officeId === one.office.id)
    if (DATE.test(other)) {
      return last ? withDay(one.office, last, other, context) : neverChecked(one.office, context)
    }
    const two = await allowedOffice(
      other,
      offices,
      context,
      (name) => `compare ${one.office.name} with ${name}`,
    )
    if ('answer' in two) return two.answer
    if (two.office.id === one.office.id) {
      return nothing(
        t`${outside(one.office.name)} is the same office twice`,
        t`Name another office, or a day.`,
      )
    }
    return compareOffices({ offices: [one.office, two.office], leftOut: 0 }, latest, context)
  },
}

/** A tag, `all`, or offices joined by plus and minus. */
function isSeveral(typed: string, offices: readonly Office[]): boolean {
  const read = readSelection(typed, offices)
  return read.kind === 'picked' ? !read.byName : read.kind !== 'unclear' || !read.alone
}

async function compareSelection(
  typed: string,
  offices: readonly Office[],
  latest: readonly Latest[],
  context: CommandContext,
): Promise<Answer> {
  const some = await selectedOr(typed, context, USE)
  if ('answer' in some) return some.answer
  if (some.selected.offices.length > 1) return compareOffices(some.selected, latest, context)
  if (!isSeveral(typed, offices)) return misread(MISREAD.hint, context)
  const [only] = some.selected.offices
  return nothing(
    t`Only ${outside(only?.name ?? '')} is left of that`,
    t`Name a second office, or say compare all.`,
  )
}

/** What differs between those of the offices that were ever checked. */
async function compareOffices(
  { offices, leftOut }: Selected,
  latest: readonly Latest[],
  context: CommandContext,
): Promise<Answer> {
  const byId = new Map(latest.map((entry) => [entry.officeId, entry]))
  const never = offices.filter(({ id }) => !byId.has(id))
  const sides = offices.flatMap(({ id, name }) => {
    const last = byId.get(id)
    return last ? [{ name, rulings: last.rulings, at: last.at }] : []
  })
  const [first] = never
  if (sides.length < 2 && first) return neverChecked(first, context)
  const card = compareCard({
    sides,
    timeZone: context.timeZone,
    without: { neverChecked: never.map(({ name }) => name), notYours: leftOut },
  })
  return { kind: 'card', card }
}

async function allowedOffice(
  typed: string,
  offices: readonly Office[],
  context: CommandContext,
  command: (name: string) => string,
): Promise<{ readonly office: Office } | { readonly answer: Answer }> {
  const found = await officeOr(typed, offices, context, {
    verb: 'compare',
    title: (name) => t`Compare ${name}`,
    command,
  })
  if ('answer' in found) return found
  const allowed = context.may('compare', found.office)
  return allowed.ok ? found : { answer: notAllowed(allowed) }
}

/** The office now beside its last check before the end of a day in its own zone. */
async function withDay(office: Office, last: Latest, date: string, context: CommandContext): Promise<Answer> {
  const name = outside(office.name)
  const day = dayOf(date, office.timeZone)
  if (day === null || day.from > context.now)
    return nothing(t`${date} is still to come`, t`Name a day that was.`)
  const end = day.to - 1
  const then = await context.history.lastIn(office.id, Math.max(0, end - LOOK_BACK_MS), end)
  if (then === null) {
    return nothing(t`No check of ${name} is stored for ${date} or the 90 days before`, t`Name a later day.`)
  }
  if (then.checkId === last.checkId) {
    return nothing(t`${name} was not checked since ${date}`, t`Check it again, or name an earlier day.`)
  }
  const card = compareCard({
    sides: [
      { name: t`${office.name} now`, rulings: last.rulings, at: last.at },
      { name: `${office.name} ${date}`, rulings: then.rulings, at: then.at },
    ],
    timeZone: office.timeZone,
  })
  return { kind: 'card', card }
}

function nothing(happened: string, todo: string): Answer {
  return {
    kind: 'card',
    card: refusalCard({ happened, why: t`There is nothing to compare with.`, todo }),
    refused: true,
  }
}

async function neverChecked(office: Office, context: CommandContext): Promise<Answer> {
  const card = refusalCard({
    happened: t`${outside(office.name)} was never checked`,
    why: t`There is nothing to compare with.`,
    buttons: [await context.offer(t`Check ${office.name}`, 'check', `check office ${office.name}`)],
  })
  return { kind: 'card', card, refused: true }
}
