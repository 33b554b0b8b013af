import { refusalCard } from '../cards/refusal-card.ts'
import { samplesCard } from '../cards/samples-card.ts'
import { outside } from '../cards/text.ts'
import { whyCard } from '../cards/why-card.ts'
import { CRITERION_TITLES } from '../cards/wording.ts'
import { shortId } from '../core/ids.ts'
import type { Latest } from '../core/latest.ts'
import type { Office } from '../core/office.ts'
import type { Ruling } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import { CRITERIA, type CriterionId } from '../core/verdict.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { notAllowed, officeOr } from './refusals.ts'
import { fold, type Words } from './words.ts'

interface Args {
  readonly office: string
  readonly criterion: CriterionId
  /** The raw samples are asked for. */
  readonly samples: boolean
  /** A button of the samples was pressed to see the ruling again. */
  readonly back: boolean
}

/** What the way back keeps: such a card takes the place of the samples; any other `why` is a card of its own. */
const BACK = 'back'

/** `why London local-dns`: the chain of evidence: measured, rule, limit, source, remedy; with `samples` its last link. */
export const why: Command<Args> = {
  name: 'why',
  forms: ['why <office> <criterion>', 'why <office> <criterion> samples'],
  summary: t`Shows what a verdict rests on: what was measured, the rule, the limit, its source, and what to do.`,
  examples: [
    { say: 'why Seattle local-dns', get: t`the evidence behind one verdict` },
    { say: 'why Seattle local-dns samples', get: t`the raw samples of each measurement behind it` },
  ],
  group: 'Look',
  verb: 'why',
  card: 'why',
  read({ words, folded }, { kept }) {
    if (folded[0] !== 'why') return { kind: 'not-mine' }
    const samples = folded.at(-1) === 'samples'
    const found = lastCriterion({ folded: samples ? folded.slice(0, -1) : folded })
    if (found === null || found.from < 2) {
      return { kind: 'misread', hint: t`Name an office and a criterion, for example: why Seattle local-dns` }
    }
    const start = folded[1] === 'office' && found.from > 2 ? 2 : 1
    const office = words.slice(start, found.from).join(' ')
    return { kind: 'args', args: { office, criterion: found.criterion, samples, back: kept === BACK } }
  },
  async handle({ office: typed, criterion, samples, back }, context) {
    const [offices, latest] = await Promise.all([context.offices(), context.latest()])
    const found = await officeOr(typed, offices, context, {
      verb: 'why',
      title: (name) => t`Why ${name}`,
      command: (name) => `why office ${name} ${criterion}${samples ? ' samples' : ''}`,
    })
    if ('answer' in found) return found.answer
    const allowed = context.may('why', found.office)
    if (!allowed.ok) return notAllowed(allowed)
    const last = latest.find((entry) => entry.officeId === found.office.id)
    const ruling = last?.rulings.find((entry) => entry.criterion === criterion)
    if (!last || !ruling) return neverChecked(found.office, context)
    const of = { office: found.office, last, ruling }
    return samples ? showSamples(of, context) : explain(of, back, context)
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

interface Judged {
  readonly office: Office
  readonly last: Latest
  readonly ruling: Ruling
}

async function explain(
  { office, last, ruling }: Judged,
  inPlace: boolean,
  context: CommandContext,
): Promise<Answer> {
  const { rule, step, version } = context.criterion(ruling.criterion)
  const watch = await context.alerts.watch(office.id)
  const mine = watch?.troubles.filter(({ criterion }) => criterion === ruling.criterion) ?? []
  const asked = `why office ${office.name} ${ruling.criterion}`
  const card = whyCard({
    office,
    ruling,
    rule,
    step,
    runnerNames: namesIn(last),
    judgedAt: last.at,
    listVersion: last.listVersion,
    rulesVersion: String(version),
    checkId: shortId(last.checkId),
    failed: mine.find(({ code }) => code === null) ?? null,
    troubles: mine,
    buttons: [
      ...(ruling.findings.length === 0 ? [] : [await context.offer(t`Samples`, 'why', `${asked} samples`)]),
      await context.offer(t`Check again`, 'check', `check office ${office.name}`),
    ],
  })
  return { kind: 'card', card, inPlace }
}

async function showSamples({ office, last, ruling }: Judged, context: CommandContext): Promise<Answer> {
  const { criterion, verdict, findings } = ruling
  const asked = `why office ${office.name} ${criterion}`
  const card = samplesCard({
    office,
    criterion,
    verdict,
    findings,
    sampled: await context.samples(last),
    runnerNames: namesIn(last),
    judgedAt: last.at,
    timeZone: context.timeZone,
    checkId: shortId(last.checkId),
    buttons: [
      await context.offer(t`Back to why`, 'why', asked, { keep: BACK }),
      await context.offer(t`Check again`, 'check', `check office ${office.name}`),
    ],
  })
  return { kind: 'card', card, inPlace: true }
}

function namesIn({ runners }: Latest): Readonly<Record<string, string>> {
  return Object.fromEntries(runners.map(({ id, name }) => [id, name]))
}

async function neverChecked(office: Office, context: CommandContext): Promise<Answer> {
  const card = refusalCard({
    happened: t`${outside(office.name)} was never checked`,
    why: t`There is no evidence to explain.`,
    buttons: [await context.offer(t`Check ${office.name}`, 'check', `check office ${office.name}`)],
  })
  return { kind: 'card', card, refused: true }
}
