import { refusalCard } from '../cards/refusal-card.ts'
import { outside } from '../cards/text.ts'
import { whyCard } from '../cards/why-card.ts'
import { CRITERION_TITLES } from '../cards/wording.ts'
import { shortId } from '../core/ids.ts'
import type { Latest } from '../core/latest.ts'
import type { Office } from '../core/office.ts'
import { CRITERIA, type CriterionId } from '../core/verdict.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { notAllowed, officeOr } from './refusals.ts'
import { fold, type Words } from './words.ts'

interface Args {
  readonly office: string
  readonly criterion: CriterionId
}

/** `why London local-dns`: the chain of evidence: measured, rule, limit, source, remedy. */
export const why: Command<Args> = {
  name: 'why',
  forms: ['why <office> <criterion>'],
  summary:
    'Shows what a verdict rests on: what was measured, the rule, the limit, its source, and what to do.',
  examples: [{ say: 'why Seattle local-dns', get: 'the evidence behind one verdict' }],
  group: 'Look',
  verb: 'why',
  card: 'why',
  read(words) {
    if (words.folded[0] !== 'why') return { kind: 'not-mine' }
    const found = lastCriterion(words)
    if (found === null || found.from < 2) {
      return { kind: 'misread', hint: 'Name an office and a criterion, for example: why Seattle local-dns' }
    }
    const start = words.folded[1] === 'office' && found.from > 2 ? 2 : 1
    const office = words.words.slice(start, found.from).join(' ')
    return { kind: 'args', args: { office, criterion: found.criterion } }
  },
  async handle({ office: typed, criterion }, context) {
    const [offices, latest] = await Promise.all([context.offices(), context.latest()])
    const found = await officeOr(typed, offices, context, {
      verb: 'why',
      title: (name) => `Why ${name}`,
      command: (name) => `why office ${name} ${criterion}`,
    })
    if ('answer' in found) return found.answer
    const allowed = context.may('why', found.office)
    if (!allowed.ok) return notAllowed(allowed)
    const last = latest.find((entry) => entry.officeId === found.office.id)
    return last ? explain(found.office, last, criterion, context) : neverChecked(found.office, context)
  },
}

/** The criterion that the last words name, by id or by title. */
export function lastCriterion({
  folded,
}: Pick<Words, 'folded'>): { readonly criterion: CriterionId; readonly from: number } | null {
  for (let from = 1; from < folded.length; from++) {
    const tail = folded.slice(from).join(' ').replaceAll('-', ' ')
    const criterion = CRITERIA.find(
      (id) => id.replaceAll('-', ' ') === tail || fold(CRITERION_TITLES[id]).replaceAll('-', ' ') === tail,
    )
    if (criterion) return { criterion, from }
  }
  return null
}

async function explain(
  office: Office,
  last: Latest,
  criterion: CriterionId,
  context: CommandContext,
): Promise<Answer> {
  const ruling = last.rulings.find((entry) => entry.criterion === criterion)
  if (!ruling) return neverChecked(office, context)
  const { rule, step, version } = context.criterion(criterion)
  const card = whyCard({
    office,
    ruling,
    rule,
    step,
    runnerNames: Object.fromEntries(last.runners.map(({ id, name }) => [id, name])),
    judgedAt: last.at,
    listVersion: last.listVersion,
    rulesVersion: String(version),
    checkId: shortId(last.checkId),
    buttons: [await context.offer('Check again', 'check', `check office ${office.name}`)],
  })
  return { kind: 'card', card }
}

async function neverChecked(office: Office, context: CommandContext): Promise<Answer> {
  const card = refusalCard({
    happened: `${outside(office.name)} was never checked`,
    why: 'There is no evidence to explain.',
    buttons: [await context.offer(`Check ${office.name}`, 'check', `check office ${office.name}`)],
  })
  return { kind: 'card', card, refused: true }
}
