import { compareCard } from '../cards/compare-card.ts'
import { refusalCard } from '../cards/refusal-card.ts'
import { outside } from '../cards/text.ts'
import { dayOf } from '../core/days.ts'
import type { Latest } from '../core/latest.ts'
import type { Office } from '../core/office.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { notAllowed, officeOr } from './refusals.ts'

/** How far before a date its last check is looked for: the longest time that `history` shows, 90 days. */
const LOOK_BACK_MS = 90 * 24 * 60 * 60 * 1000

const DATE = /^\d{4}-\d{2}-\d{2}$/

interface Args {
  readonly office: string
  readonly other: string
}

/** `compare Seattle with London`, `compare Seattle with 2026-11-01`: only what differs. */
export const compare: Command<Args> = {
  name: 'compare',
  forms: ['compare <office> with <office>', 'compare <office> with 2026-11-01'],
  summary: 'Shows only what differs between two offices, or between an office now and at the end of a day.',
  examples: [{ say: 'compare Seattle with London', get: 'the verdicts that differ, and why' }],
  group: 'Look',
  verb: 'compare',
  card: 'compare',
  read({ words, folded }) {
    if (folded[0] !== 'compare') return { kind: 'not-mine' }
    const at = folded.indexOf('with', 2)
    const other = words.slice(at + 1).join(' ')
    if (at < 0 || other === '') {
      return {
        kind: 'misread',
        hint: 'Name two offices, or an office and a day, for example: compare Seattle with London',
      }
    }
    if (DATE.test(other) && dayOf(other, 'UTC') === null) {
      return { kind: 'misread', hint: `There is no day ${other}. Write it as 2026-11-01.` }
    }
    return { kind: 'args', args: { office: words.slice(1, at).join(' '), other } }
  },
  async handle({ office: typed, other }, context) {
    const [offices, latest] = await Promise.all([context.offices(), context.latest()])
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
      return nothing(`${outside(one.office.name)} is the same office twice`, 'Name another office, or a day.')
    }
    const otherLast = latest.find(({ officeId }) => officeId === two.office.id)
    if (!last) return neverChecked(one.office, context)
    if (!otherLast) return neverChecked(two.office, context)
    const card = compareCard({
      sides: [
        { name: one.office.name, rulings: last.rulings, at: last.at },
        { name: two.office.name, rulings: otherLast.rulings, at: otherLast.at },
      ],
      timeZone: context.timeZone,
    })
    return { kind: 'card', card }
  },
}

async function allowedOffice(
  typed: string,
  offices: readonly Office[],
  context: CommandContext,
  command: (name: string) => string,
): Promise<{ readonly office: Office } | { readonly answer: Answer }> {
  const found = await officeOr(typed, offices, context, {
    verb: 'compare',
    title: (name) => `Compare ${name}`,
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
    return nothing(`${date} is still to come`, 'Name a day that was.')
  const end = day.to - 1
  const then = await context.history.lastIn(office.id, Math.max(0, end - LOOK_BACK_MS), end)
  if (then === null) {
    return nothing(`No check of ${name} is stored for ${date} or the 90 days before`, 'Name a later day.')
  }
  if (then.checkId === last.checkId) {
    return nothing(`${name} was not checked since ${date}`, 'Check it again, or name an earlier day.')
  }
  const card = compareCard({
    sides: [
      { name: `${office.name} now`, rulings: last.rulings, at: last.at },
      { name: `${office.name} ${date}`, rulings: then.rulings, at: then.at },
    ],
    timeZone: office.timeZone,
  })
  return { kind: 'card', card }
}

function nothing(happened: string, todo: string): Answer {
  return {
    kind: 'card',
    card: refusalCard({ happened, why: 'There is nothing to compare with.', todo }),
    refused: true,
  }
}

async function neverChecked(office: Office, context: CommandContext): Promise<Answer> {
  const card = refusalCard({
    happened: `${outside(office.name)} was never checked`,
    why: 'There is nothing to compare with.',
    buttons: [await context.offer(`Check ${office.name}`, 'check', `check office ${office.name}`)],
  })
  return { kind: 'card', card, refused: true }
}
