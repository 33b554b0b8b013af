import { type FormField, formCard } from '../cards/form-card.ts'
import { outside } from '../cards/text.ts'
import { CRITERION_TITLES, dateText, listText } from '../cards/wording.ts'
import { type Attestation, attestationFor, type Office } from '../core/office.ts'
import { ATTESTABLE } from '../core/overridable.ts'
import { t } from '../core/t.ts'
import { type CriterionId, isCriterionId } from '../core/verdict.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { dayOr } from './limit.ts'
import { rewrite } from './limits/rewrite.ts'
import { readSentence, type Said, saidIn } from './limits/sentence.ts'
import { REASON_MAX, readReason, readUntil } from './limits/terms.ts'
import { goneMeanwhile, notAllowed, officeOr } from './refusals.ts'
import { fold } from './words.ts'

/** Nobody vouches for more than a year of what no probe can see. */
const DAYS_MOST = 366

type Args = { readonly kind: 'vouch'; readonly said: Said } | { readonly kind: 'off'; readonly said: Said }

/** `attest Seattle tcp-tuned until 2027-06-01 because ...`: an admin vouches for what no probe can see. */
export const attest: Command<Args> = {
  name: 'attest',
  forms: [
    'attest',
    'attest <office> <criterion> until <date> because <reason>',
    'attest <office> <criterion> off',
  ],
  summary: t`Vouches for what no probe can see (network plan, TCP settings), for a year at most.`,
  examples: [
    {
      say: 'attest Seattle tcp-tuned until 2027-06-01 because the desktop team set it in May',
      get: t`a pass for it from the next check on, with your name`,
    },
    { say: 'attest Seattle', get: 'a form' },
  ],
  group: 'Offices',
  verb: 'attest',
  card: 'form',
  read(words, { inputs }) {
    if (words.folded[0] !== 'attest') return { kind: 'not-mine' }
    if (Object.hasOwn(inputs, 'criterion'))
      return { kind: 'args', args: { kind: 'vouch', said: saidIn(inputs) } }
    const said = readSentence(words, 1)
    const off = ['off', 'none', 'remove'].includes(fold(said.value))
    return { kind: 'args', args: { kind: off ? 'off' : 'vouch', said } }
  },
  async handle({ kind, said }, context) {
    if (said.office === '') return form(said, [], context)
    const found = await officeOr(said.office, await context.offices(), context, {
      verb: 'attest',
      nothing: t`Nothing was changed.`,
      title: (name) => name,
      command: (name) => `attest ${name} ${said.criterion}`.trim(),
    })
    if ('answer' in found) return found.answer
    const allowed = context.may('attest', found.office)
    if (!allowed.ok) return notAllowed(allowed)
    return kind === 'off' ? takeBack(found.office, said, context) : vouch(found.office, said, context)
  },
}

const NAMES = listText([...ATTESTABLE])

async function vouch(office: Office, said: Said, context: CommandContext): Promise<Answer> {
  const { criterion } = said
  if (said.value + said.until + said.reason === '' && (criterion === '' || isAttested(criterion))) {
    return form(said, [], context)
  }
  if (!isAttested(criterion)) {
    const title = isCriterionId(criterion) ? CRITERION_TITLES[criterion] : ''
    const measured = title === '' ? '' : t`${title} is measured, so nobody can vouch for it. `
    return form(said, [t`${measured}You can vouch for ${NAMES}.`], context)
  }
  const until = readUntil(said.until, { now: context.now, timeZone: office.timeZone, daysMost: DAYS_MOST })
  const reason = readReason(said.reason)
  const extra = said.value === '' ? [] : [t`I do not know what ${outside(said.value)} means here.`]
  if (typeof until === 'object' || typeof reason === 'object' || extra.length > 0) {
    const problems = [until, reason].flatMap((one) => (typeof one === 'object' ? [one.problem] : []))
    return form(said, [...extra, ...problems], context)
  }
  const { objectId, name } = context.person
  const entry: Attestation = { criterion, by: name, byId: objectId, reason, setAt: context.now, until }
  const done = await rewrite(context, office.id, (now) => ({
    ...now,
    attestations: [...others(now, criterion, context.now), entry],
  }))
  if (done === null) return goneMeanwhile(office.name)
  const card = formCard({
    title: t`${CRITERION_TITLES[criterion]} of ${outside(office.name)} is vouched for`,
    lead: t`It passes from the next check on, and the card says who vouches.`,
    facts: [
      { label: t`Until`, value: dateText(until, office.timeZone) },
      { label: t`Because`, value: outside(reason) },
      { label: t`By`, value: outside(name) },
    ],
    buttons: [
      await context.offer(t`Check ${office.name}`, 'check', `check office ${office.name}`),
      await context.offer(t`Take it back`, 'attest', `attest ${office.name} ${criterion} off`, {
        uses: 'once',
      }),
    ],
  })
  return { kind: 'card', card, inPlace: true }
}

async function takeBack(office: Office, said: Said, context: CommandContext): Promise<Answer> {
  const { criterion } = said
  if (!isAttested(criterion) || !attestationFor(office, criterion, context.now)) {
    const card = formCard({
      title: t`Nobody vouches for that in ${outside(office.name)}`,
      lead: t`Nothing was changed.`,
      buttons: [],
    })
    return { kind: 'card', card }
  }
  const done = await rewrite(context, office.id, (now) => ({
    ...now,
    attestations: others(now, criterion, context.now),
  }))
  if (done === null) return goneMeanwhile(office.name)
  const card = formCard({
    title: t`${CRITERION_TITLES[criterion]} of ${outside(office.name)} is not vouched for any more`,
    lead: t`It is unproven from the next check on.`,
    foot: [t`by ${outside(context.person.name)}`],
    buttons: [],
  })
  return { kind: 'card', card, inPlace: true }
}

function isAttested(criterion: string): criterion is CriterionId {
  return isCriterionId(criterion) && ATTESTABLE.includes(criterion)
}

/** The attestations that stay: those of other criteria that still hold. */
function others(office: Office, criterion: CriterionId, now: number): readonly Attestation[] {
  return office.attestations.filter((entry) => entry.criterion !== criterion && entry.until > now)
}

async function form(said: Said, problems: readonly string[], context: CommandContext): Promise<Answer> {
  const choices = ATTESTABLE.map((id) => ({ title: CRITERION_TITLES[id], value: id }))
  const criterion = isAttested(said.criterion) ? said.criterion : (ATTESTABLE[0] ?? '')
  const fields: readonly FormField[] = [
    {
      id: 'office',
      label: t`Office`,
      kind: 'text',
      required: true,
      placeholder: t`Seattle`,
      value: said.office,
    },
    { id: 'criterion', label: t`What you vouch for`, kind: 'choice', value: criterion, choices },
    { id: 'until', label: t`Until`, kind: 'date', required: true, value: dayOr(said.until) },
    {
      id: 'reason',
      label: t`Because`,
      kind: 'lines',
      required: true,
      value: said.reason,
      maxLength: REASON_MAX,
    },
  ]
  const card = formCard({
    title: t`Vouch for an office`,
    lead: t`For what no probe can see. Your name stands on the card until the date, a year at most.`,
    problems,
    fields,
    buttons: [await context.offer(t`Vouch`, 'attest', 'attest')],
  })
  return { kind: 'card', card, inPlace: true, ...(problems.length > 0 ? { refused: true } : {}) }
}
