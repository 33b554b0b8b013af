import { historyCard } from '../cards/history-card.ts'
import { lastDays } from '../core/days.ts'
import { t } from '../core/t.ts'
import type { CriterionId } from '../core/verdict.ts'
import type { Command } from './command.ts'
import { notAllowed, officeOr } from './refusals.ts'
import { lastCriterion } from './why.ts'

/** Days when none are named: a month. */
const USUAL_DAYS = 30
/** Rows older than a quarter are few and say little about now; a card stays readable. */
const MAX_DAYS = 90

interface Args {
  readonly office: string
  readonly criterion: CriterionId | null
  readonly days: number
}

/** `history Seattle local-dns 7d`: verdicts over time, with first failed and last passed. */
export const history: Command<Args> = {
  name: 'history',
  forms: ['history <office>', 'history <office> 30d', 'history <office> <criterion> 7d'],
  summary: t`Shows verdicts and the round trip over 1 to 90 days: what it is now, when it first failed, when it last passed.`,
  examples: [
    { say: 'history Seattle 30d', get: t`every criterion over 30 days` },
    { say: 'history Seattle local-dns 7d', get: t`one criterion over a week` },
  ],
  group: 'Look',
  verb: 'history',
  card: 'history',
  read({ words, folded }) {
    if (folded[0] !== 'history') return { kind: 'not-mine' }
    const typed = /^-?\d+(?:[.,]\d+)?d$/.test(folded.at(-1) ?? '') ? (folded.at(-1) ?? '').slice(0, -1) : null
    const days = typed === null ? USUAL_DAYS : Number(typed)
    if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS) {
      return {
        kind: 'misread',
        hint: t`History takes 1 to ${MAX_DAYS} whole days, for example: history Seattle 30d`,
      }
    }
    const until = words.length - (typed === null ? 0 : 1)
    const found = lastCriterion({ folded: folded.slice(0, until) })
    const start = folded[1] === 'office' && until > 2 ? 2 : 1
    const office = words.slice(start, found?.from ?? until).join(' ')
    if (office === '') return { kind: 'misread', hint: t`Name an office, for example: history Seattle 30d` }
    return { kind: 'args', args: { office, criterion: found?.criterion ?? null, days } }
  },
  async handle({ office: typed, criterion, days: count }, context) {
    const rest = `${criterion === null ? '' : ` ${criterion}`} ${count}d`
    const found = await officeOr(typed, await context.offices(), context, {
      verb: 'history',
      title: (name) => t`History of ${name}`,
      command: (name) => `history office ${name}${rest}`,
    })
    if ('answer' in found) return found.answer
    const { office } = found
    const allowed = context.may('history', office)
    if (!allowed.ok) return notAllowed(allowed)
    const days = lastDays(context.now, count, office.timeZone)
    const checks = await context.history.between(office.id, days[0]?.from ?? context.now, context.now)
    const again = await context.offer(t`Check ${office.name}`, 'check', `check office ${office.name}`)
    return { kind: 'card', card: historyCard({ office, criterion, days, checks, buttons: [again] }) }
  },
}
