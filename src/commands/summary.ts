import { refusalCard } from '../cards/refusal-card.ts'
import { t } from '../core/t.ts'
import type { Command } from './command.ts'

/** A page is at most four digits long: more offices than that nobody has. */
const PAGE = /^[1-9]\d{0,3}$/

interface Args {
  readonly checkId: string | null
  readonly page: number
}

/** `summary`, `summary page 2`: the last check of several offices here, page by page. */
export const summary: Command<Args> = {
  name: 'summary',
  forms: ['summary', 'summary page 2'],
  summary: t`Shows the last check of several offices in this conversation, ten to a page.`,
  examples: [{ say: 'summary', get: t`the last check of several offices here, again` }],
  group: 'Look',
  verb: 'status',
  card: 'summary',
  read({ folded }, { kept }) {
    const [first, second, third = '1'] = folded
    if (first !== 'summary') return { kind: 'not-mine' }
    if (folded.length !== 1 && (folded.length !== 3 || second !== 'page' || !PAGE.test(third))) {
      return { kind: 'misread', hint: t`Say summary, or summary page 2.` }
    }
    // A button keeps the id of its check.
    return { kind: 'args', args: { checkId: kept, page: Number(third) } }
  },
  async handle({ checkId, page }, context) {
    const offices = new Map((await context.offices()).map((office) => [office.id, office]))
    const mayShow = (officeId: string) => {
      const office = offices.get(officeId)
      return office !== undefined && context.may('status', office).ok
    }
    const id = checkId ?? (await context.checks.last())?.id ?? null
    const card = id === null ? null : await context.checks.page(id, page, mayShow)
    // A pressed Next turns the page; a typed one is a card of its own.
    if (card !== null) return { kind: 'card', card, inPlace: true }
    return {
      kind: 'card',
      refused: true,
      card: refusalCard({
        happened: t`There is no finished check of several offices here`,
        why: t`Its card would have been turned to another page.`,
        todo: t`Say check all, or status for the latest of every office.`,
      }),
    }
  },
}
