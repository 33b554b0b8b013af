import { type FormField, formCard } from '../cards/form-card.ts'
import { outside } from '../cards/text.ts'
import { CRITERION_TITLES, dateText } from '../cards/wording.ts'
import type { Office, Override } from '../core/office.ts'
import { OVERRIDABLE } from '../core/overridable.ts'
import { t } from '../core/t.ts'
import { CRITERIA, type CriterionId, isCriterionId } from '../core/verdict.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { limitList } from './limits/list.ts'
import { rewrite } from './limits/rewrite.ts'
import { NOTHING_SAID, readSentence, type Said, saidIn } from './limits/sentence.ts'
import { REASON_MAX, readReason, readUntil } from './limits/terms.ts'
import { limitText, readLimit, settableText } from './limits/units.ts'
import { goneMeanwhile, notAllowed, officeOr } from './refusals.ts'
import { fold, restOf } from './words.ts'

/** A limit of one's own holds for two years at most: lines and people change. */
const DAYS_MOST = 731

type Args =
  | { readonly kind: 'list'; readonly typed: string }
  | { readonly kind: 'set'; readonly said: Said }
  | { readonly kind: 'off'; readonly said: Said }

/** `limit Seattle local-egress 300 km until 2027-06-01 because ...`: an admin's number in place of Microsoft's. */
export const limit: Command<Args> = {
  name: 'limit',
  forms: [
    'limit',
    'limit <office> <criterion> <value> until <date> because <reason>',
    'limit <office> <criterion> off',
    'limit list',
  ],
  summary: t`Sets a limit of your own for an office, with a reason and an end, or takes it back.`,
  examples: [
    {
      say: 'limit Seattle local-egress 300 km until 2027-06-01 because its line ends in Portland',
      get: t`that limit from the next check on`,
    },
    { say: 'limit Seattle local-egress off', get: t`Microsoft’s number again` },
    { say: 'limit list', get: t`which limits are set, by whom, until when` },
  ],
  group: 'Offices',
  verb: 'limit',
  card: 'form',
  read(words, { inputs }) {
    if (words.folded[0] !== 'limit' && words.folded[0] !== 'limits') return { kind: 'not-mine' }
    if (Object.hasOwn(inputs, 'criterion'))
      return { kind: 'args', args: { kind: 'set', said: saidIn(inputs) } }
    if (words.folded[0] === 'limits' || words.folded[1] === 'list') {
      return {
        kind: 'args',
        args: { kind: 'list', typed: restOf(words, words.folded[0] === 'limits' ? 1 : 2) },
      }
    }
    const said = readSentence(words, 1)
    const off = ['off', 'none', 'remove'].includes(fold(said.value))
    return { kind: 'args', args: { kind: off ? 'off' : 'set', said } }
  },
  async handle(args, context) {
    if (args.kind === 'list') return limitList(args.typed, context)
    const { said } = args
    if (said.office === '') return form(said, [], context)
    const found = await officeOr(said.office, await context.offices(), context, {
      verb: 'limit',
      nothing: t`Nothing was changed.`,
      title: (name) => name,
      command: (name) => `limit ${name} ${said.criterion} ${said.value}`.trim(),
    })
    if ('answer' in found) return found.answer
    const allowed = context.may('limit', found.office)
    if (!allowed.ok) return notAllowed(allowed)
    return args.kind === 'off' ? takeBack(found.office, said, context) : set(found.office, said, context)
  },
}

async function set(office: Office, said: Said, context: CommandContext): Promise<Answer> {
  const { criterion } = said
  if (said.value + said.until + said.reason === '') return form(said, [], context)
  if (!isCriterionId(criterion)) {
    return form(said, [t`Say which limit. These can be set: ${settableText()}.`], context)
  }
  const value = readLimit(criterion, said.value)
  const until = readUntil(said.until, { now: context.now, timeZone: office.timeZone, daysMost: DAYS_MOST })
  const reason = readReason(said.reason)
  if (typeof value === 'object' || typeof until === 'object' || typeof reason === 'object') {
    const problems = [value, until, reason].flatMap((one) => (typeof one === 'object' ? [one.problem] : []))
    return form(said, problems, context)
  }
  const { objectId, name } = context.person
  const entry: Override = {
    criterion,
    value,
    author: name,
    authorId: objectId,
    reason,
    setAt: context.now,
    expiresAt: until,
  }
  const done = await rewrite(context, office.id, (now) => ({
    ...now,
    overrides: [...others(now, criterion, context.now), entry],
  }))
  if (done === null) return goneMeanwhile(office.name)
  const command = `limit ${office.name} ${criterion} off`
  const card = formCard({
    title: t`${CRITERION_TITLES[criterion]} of ${outside(office.name)}: ${limitText(criterion, value)}`,
    lead: t`It takes the place of Microsoft’s number from the next check on. Every card names it.`,
    facts: [
      { label: t`Until`, value: dateText(until, office.timeZone) },
      { label: t`Because`, value: outside(reason) },
      { label: t`Set by`, value: outside(name) },
    ],
    buttons: [
      await context.offer(t`Check ${office.name}`, 'check', `check office ${office.name}`),
      await context.offer(t`Take it back`, 'limit', command, { uses: 'once' }),
    ],
  })
  return { kind: 'card', card, inPlace: true }
}

async function takeBack(office: Office, said: Said, context: CommandContext): Promise<Answer> {
  const { criterion } = said
  const had = office.overrides.find((entry) => entry.criterion === criterion && entry.expiresAt > context.now)
  if (!isCriterionId(criterion) || had === undefined) {
    const card = formCard({
      title: t`No such limit is set for ${outside(office.name)}`,
      lead: t`Nothing was changed: Microsoft’s number holds.`,
      buttons: [await context.offer(t`Limits`, 'limit', 'limit list')],
    })
    return { kind: 'card', card }
  }
  const done = await rewrite(context, office.id, (now) => ({
    ...now,
    overrides: others(now, criterion, context.now),
  }))
  if (done === null) return goneMeanwhile(office.name)
  const card = formCard({
    title: t`${CRITERION_TITLES[criterion]} of ${outside(office.name)} is Microsoft’s again`,
    lead: t`The limit of ${limitText(criterion, had.value)} is taken back, from the next check on.`,
    foot: [t`by ${outside(context.person.name)}`],
    buttons: [await context.offer(t`Check ${office.name}`, 'check', `check office ${office.name}`)],
  })
  return { kind: 'card', card, inPlace: true }
}

/** The limits that stay: those of other criteria that still hold. */
function others(office: Office, criterion: CriterionId, now: number): readonly Override[] {
  return office.overrides.filter((entry) => entry.criterion !== criterion && entry.expiresAt > now)
}

async function form(said: Said, problems: readonly string[], context: CommandContext): Promise<Answer> {
  const { office, value, until, reason } = { ...NOTHING_SAID, ...said }
  const choices = CRITERIA.flatMap((id) => {
    const unit = OVERRIDABLE[id]
    return unit === undefined ? [] : [{ title: `${CRITERION_TITLES[id]} (${unit})`, value: id }]
  })
  const criterion = choices.some((choice) => choice.value === said.criterion)
    ? said.criterion
    : 'local-egress'
  const fields: readonly FormField[] = [
    { id: 'office', label: t`Office`, kind: 'text', required: true, placeholder: t`Seattle`, value: office },
    { id: 'criterion', label: t`Criterion`, kind: 'choice', value: criterion, choices },
    { id: 'value', label: t`Limit`, kind: 'text', required: true, placeholder: '300 km', value },
    { id: 'until', label: t`Until`, kind: 'date', required: true, value: dayOr(until) },
    { id: 'reason', label: t`Because`, kind: 'lines', required: true, value: reason, maxLength: REASON_MAX },
  ]
  const card = formCard({
    title: t`Set a limit`,
    lead: t`It takes the place of Microsoft’s number for this office until the date, two years at most.`,
    problems,
    fields,
    buttons: [await context.offer(t`Set limit`, 'limit', 'limit')],
  })
  return { kind: 'card', card, inPlace: true, ...(problems.length > 0 ? { refused: true } : {}) }
}

/** An Input.Date takes a day and nothing else. */
export function dayOr(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? text.trim() : ''
}
