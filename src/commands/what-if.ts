import { formCard } from '../cards/form-card.ts'
import { momentText } from '../cards/formats.ts'
import { outside } from '../cards/text.ts'
import { CRITERION_TITLES, READINESS_WORDS, VERDICT_GLYPHS, VERDICT_WORDS } from '../cards/wording.ts'
import type { Override } from '../core/office.ts'
import type { Judged } from '../core/stored-evidence.ts'
import { t } from '../core/t.ts'
import { type CriterionId, isCriterionId, type Verdict } from '../core/verdict.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { nothingKept } from './evidence.ts'
import { readSentence } from './limits/sentence.ts'
import { limitText, readLimit, settableText } from './limits/units.ts'
import { notAllowed, officeOr } from './refusals.ts'

interface Args {
  readonly office: string
  readonly criterion: CriterionId
  readonly value: number
}

/** `what-if Seattle local-egress 300 km`: the latest evidence judged by another limit. Nothing is probed or stored. */
export const whatIf: Command<Args> = {
  name: 'what-if',
  forms: ['what-if <office> <criterion> <value>'],
  summary: t`Judges the latest evidence by another limit, without a probe. Nothing is changed.`,
  examples: [
    { say: 'what-if Seattle local-egress 300 km', get: t`the verdict with that limit, beside today’s` },
  ],
  group: 'Look',
  verb: 'what-if',
  card: 'form',
  read(words) {
    const { folded } = words
    const from = folded[0] === 'what-if' ? 1 : folded[0] === 'what' && folded[1] === 'if' ? 2 : 0
    if (from === 0) return { kind: 'not-mine' }
    const { office, criterion, value } = readSentence(words, from)
    if (office === '') {
      return { kind: 'misread', hint: t`Say for example: what-if Seattle local-egress 300 km` }
    }
    if (!isCriterionId(criterion)) {
      return { kind: 'misread', hint: t`Name one of the limits that there are: ${settableText()}` }
    }
    const read = readLimit(criterion, value)
    if (typeof read === 'object') return { kind: 'misread', hint: read.problem }
    return { kind: 'args', args: { office, criterion, value: read } }
  },
  async handle({ office: typed, criterion, value }, context) {
    const found = await officeOr(typed, await context.offices(), context, {
      verb: 'what-if',
      title: (name) => name,
      command: (name) => `what-if ${name} ${criterion} ${limitText(criterion, value)}`,
    })
    if ('answer' in found) return found.answer
    const { office } = found
    const allowed = context.may('what-if', office)
    if (!allowed.ok) return notAllowed(allowed)
    const latest = (await context.latest()).find(({ officeId }) => officeId === office.id)
    const override: Override = {
      criterion,
      value,
      author: context.person.name,
      reason: t`what if`,
      expiresAt: Number.MAX_SAFE_INTEGER,
    }
    const judged = latest ? await context.evidence.judgeWith(latest, override) : null
    if (!latest || judged === null) return nothingKept(office, context)
    return compared({ name: office.name, criterion, value, at: latest.at, ...judged }, context)
  },
}

interface Compared {
  readonly name: string
  readonly criterion: CriterionId
  readonly value: number
  readonly at: number
  readonly before: Judged
  readonly after: Judged
}

async function compared(
  { name, criterion, value, at, before, after }: Compared,
  context: CommandContext,
): Promise<Answer> {
  const rows = after.rulings.flatMap((ruling) => {
    const was = before.rulings.find((one) => one.criterion === ruling.criterion)
    const same = was?.verdict === ruling.verdict
    if (same && ruling.criterion !== criterion) return []
    const says = same
      ? t`${wordOf(ruling.verdict)} as before. ${ruling.because}`
      : `${wordOf(was?.verdict ?? 'unproven')} → ${wordOf(ruling.verdict)}. ${ruling.because}`
    return [{ label: CRITERION_TITLES[ruling.criterion], value: says }]
  })
  const same = before.readiness === after.readiness
  const turned = verdictIn(before, criterion) !== verdictIn(after, criterion)
  const isOptional =
    turned && after.rulings.find((ruling) => ruling.criterion === criterion)?.level === 'optional'
  const card = formCard({
    title: t`What if ${CRITERION_TITLES[criterion]} of ${outside(name)} were ${limitText(criterion, value)}?`,
    lead: same
      ? t`The office would be ${READINESS_WORDS[after.readiness]}, as it is${isOptional ? t`: ${CRITERION_TITLES[criterion]} is optional` : ''}.`
      : t`The office would be ${READINESS_WORDS[after.readiness]}, and is ${READINESS_WORDS[before.readiness]}.`,
    facts: rows,
    foot: [t`evidence of ${momentText(at, context.timeZone)}`, t`nothing was probed or changed`],
    buttons: [
      await context.offer(t`Why ${name} ${criterion}`, 'why', `why ${name} ${criterion}`),
      ...(context.may('limit', null).ok
        ? [await context.offer(t`Set a limit`, 'limit', `limit ${name} ${criterion}`, { below: true })]
        : []),
    ],
  })
  return { kind: 'card', card }
}

function verdictIn({ rulings }: Judged, criterion: CriterionId): Verdict | undefined {
  return rulings.find((ruling) => ruling.criterion === criterion)?.verdict
}

function wordOf(verdict: Verdict): string {
  return `${VERDICT_GLYPHS[verdict].glyph} ${VERDICT_WORDS[verdict]}`
}
