import { digestCard, planText } from '../cards/digest-card.ts'
import { formCard } from '../cards/form-card.ts'
import { refusalCard } from '../cards/refusal-card.ts'
import { outside } from '../cards/text.ts'
import { momentText, zoneText } from '../cards/wording.ts'
import { type DigestPlan, EVERY_DAY } from '../core/digest.ts'
import { t } from '../core/t.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import type { DigestHere } from './digests/desk.ts'
import { planForm, saidOf } from './digests/form.ts'
import { digestButtons, makeDigest, scheduleButtons } from './digests/make.ts'
import { NO_PLAN, type PlanSaid, planOf, saidInForm, saidInWords } from './digests/read-plan.ts'
import { readSelectionOrCity } from './in-city.ts'
import { notAllowed } from './refusals.ts'
import { problemOf } from './selection.ts'

/** Digests of one conversation: more cards a day are not read. */
const HERE_MAX = 5

/** Which digest of this conversation: by its number in the list, or by what a button keeps. */
interface Which {
  readonly number: number | null
  readonly id: string | null
}

type Args =
  | { readonly kind: 'form' | 'list' }
  | { readonly kind: 'set'; readonly said: PlanSaid; readonly id: string | null }
  | { readonly kind: 'now' | 'stop' | 'snooze' | 'change'; readonly which: Which }

/** `digest daily 08:00 Europe/London`, `digest list`, `digest now`, `digest stop`: what changed, at a time, here. */
export const digest: Command<Args> = {
  name: 'digest',
  forms: [
    'digest',
    'digest daily 08:00 Europe/London',
    'digest mon, thu 17:30 for <office> full',
    'digest list',
    'digest now',
    'digest snooze',
    'digest change 1',
    'digest stop',
    'digest stop 2',
  ],
  summary: t`Tells here, at a time of yours, what changed since the last digest. Offices are checked before.`,
  examples: [
    { say: 'digest daily 08:00 Europe/London', get: t`all offices, every morning, in this conversation` },
    { say: 'digest weekdays 07:30 for #emea full', get: t`some offices, and what still fails each time` },
    { say: 'digest now', get: t`what changed since the last one, from the latest checks` },
    { say: 'digest list', get: t`the digests of this conversation` },
  ],
  group: 'Look',
  verb: 'digest',
  card: 'form',
  read(words, { inputs, kept }) {
    const [first, second = '', third, ...more] = words.folded
    if (first !== 'digest' && first !== 'digests') return { kind: 'not-mine' }
    if (second === '') return { kind: 'args', args: { kind: first === 'digests' ? 'list' : 'form' } }
    if (second === 'list' && third === undefined) return { kind: 'args', args: { kind: 'list' } }
    if (second === 'set' && Object.hasOwn(inputs, 'time')) {
      return { kind: 'args', args: { kind: 'set', said: saidInForm(inputs), id: kept } }
    }
    if (second === 'set' && third === undefined) return { kind: 'args', args: { kind: 'form' } }
    if (second === 'now' || second === 'stop' || second === 'snooze' || second === 'change') {
      if (more.length > 0 || (third !== undefined && !/^[1-9]\d?$/.test(third))) {
        return { kind: 'misread', hint: t`Say digest ${second} and a number of digest list` }
      }
      const which = { number: third === undefined ? null : Number(third), id: kept }
      return { kind: 'args', args: { kind: second, which } }
    }
    return { kind: 'args', args: { kind: 'set', said: saidInWords(words, 1), id: null } }
  },
  async handle(args, context) {
    switch (args.kind) {
      case 'form':
        return planForm({ ...NO_PLAN, days: 'weekdays', time: '08:00' }, [], null, context)
      case 'list':
        return list(context)
      case 'set':
        return set(args.said, args.id, context)
      case 'now':
        return now(args.which, context)
      case 'stop':
        return stop(args.which, context)
      case 'snooze':
        return snooze(args.which, context)
      case 'change': {
        const found = await whichOr(args.which, context)
        if ('answer' in found) return found.answer
        return planForm(saidOf(found.here.schedule.plan), [], found.here.schedule.id, context)
      }
    }
  },
}

async function set(said: PlanSaid, id: string | null, context: CommandContext): Promise<Answer> {
  const read = planOf(said, context.timeZone)
  const which = said.which === '' ? 'all' : said.which
  const picked = await readSelectionOrCity(which, await context.offices(), context.geography)
  const wrong = problemOf(picked)
  const problems = [...('problems' in read ? read.problems : []), ...(wrong === null ? [] : [wrong])]
  if ('problems' in read || picked.kind !== 'picked' || wrong !== null) {
    return planForm(said, problems, id, context)
  }
  const permissions = picked.offices.map((office) => context.may('digest', office))
  const refused = permissions.find((permission) => !permission.ok)
  if (refused && !refused.ok && permissions.every(({ ok }) => !ok)) return notAllowed(refused)
  const kept = id === null ? await add(read.plan, context) : await context.digests.change(id, read.plan)
  if (kept === 'full') return tooMany()
  if (kept === null) return gone()
  const { schedule, nextAt } = kept
  const { timeZone } = schedule.plan
  const leftOut = permissions.filter(({ ok }) => !ok).length
  const card = formCard({
    title: id === null ? t`A digest will come here` : t`The digest is changed`,
    lead: t`${sentence(planText(schedule.plan))} Offices are checked shortly before.`,
    facts: [
      { label: t`Next`, value: `${momentText(nextAt, timeZone)}, ${zoneText(timeZone)}` },
      ...(leftOut === 0
        ? []
        : [{ label: t`Left out`, value: t`${leftOut} that you may not see in digests` }]),
    ],
    foot: [t`by ${outside(context.person.name)}`],
    buttons: await scheduleButtons(schedule.id, context.offer),
  })
  return { kind: 'card', card, inPlace: true }
}

/** The same plan twice is the one that is here already. */
async function add(plan: DigestPlan, context: CommandContext): Promise<DigestHere | 'full'> {
  const here = await context.digests.here()
  const same = here.find(({ schedule }) => planText(schedule.plan) === planText(plan))
  if (same) return same
  return here.length >= HERE_MAX ? 'full' : context.digests.add(plan)
}

async function now(which: Which, context: CommandContext): Promise<Answer> {
  const here = await context.digests.here()
  const isNone = here.length === 0 && which.number === null && which.id === null
  // Of several, the first: it says below of which plan it is.
  const found = isNone ? null : await whichOr({ number: 1, ...pickedOf(which) }, context)
  if (found && 'answer' in found) return found.answer
  const schedule = found?.here.schedule ?? null
  const plan: DigestPlan = schedule?.plan ?? {
    selector: 'all',
    days: EVERY_DAY,
    time: '08:00',
    timeZone: context.timeZone,
    mode: 'full',
  }
  const made = await makeDigest({
    plan,
    offices: await context.offices(),
    geography: context.geography,
    latest: await context.latest(),
    maySee: (office) => context.may('digest', office).ok,
    before: schedule === null ? null : await context.digests.memory(schedule.id),
    now: context.now,
  })
  const card = digestCard({
    digest: made,
    plan,
    isScheduled: schedule !== null,
    at: context.now,
    lateSince: null,
    buttons: await digestButtons(made, plan, schedule?.id ?? null, context.offer),
  })
  return { kind: 'card', card }
}

function pickedOf({ number, id }: Which): Partial<Which> & Pick<Which, 'id'> {
  return number === null ? { id } : { id, number }
}

async function stop(which: Which, context: CommandContext): Promise<Answer> {
  const found = await whichOr(which, context)
  if ('answer' in found) return found.answer
  const { schedule } = found.here
  if (!(await context.digests.stop(schedule.id))) return gone()
  const card = formCard({
    title: t`The digest is stopped`,
    lead: t`It came ${planText(schedule.plan)}.`,
    foot: [t`by ${outside(context.person.name)}`],
    buttons: [await context.offer(t`Schedule a digest`, 'digest', 'digest')],
  })
  return { kind: 'card', card }
}

async function snooze(which: Which, context: CommandContext): Promise<Answer> {
  const found = await whichOr(which, context)
  if ('answer' in found) return found.answer
  const { schedule, nextAt } = found.here
  const after = await context.digests.snooze(schedule.id)
  if (after === null) return gone()
  const { timeZone } = schedule.plan
  const card = formCard({
    title: t`The next digest is left out`,
    lead: t`None comes on ${momentText(nextAt, timeZone)}.`,
    facts: [{ label: t`Next`, value: `${momentText(after, timeZone)}, ${zoneText(timeZone)}` }],
    foot: [t`by ${outside(context.person.name)}`],
    buttons: await scheduleButtons(schedule.id, context.offer),
  })
  return { kind: 'card', card }
}

async function list(context: CommandContext): Promise<Answer> {
  const here = await context.digests.here()
  const card = formCard({
    title: here.length === 0 ? t`No digest comes here` : t`Digests of this conversation`,
    lead: here.length === 0 ? t`Press the button, or say for example: digest daily 08:00` : '',
    facts: here.map(({ schedule: { plan, madeBy }, nextAt }, index) => ({
      label: `${index + 1}`,
      value: t`${sentence(planText(plan))} Next ${momentText(nextAt, plan.timeZone)}. By ${outside(madeBy.name)}.`,
    })),
    foot: here.length > 0 ? ['digest change 1', 'digest stop 1'] : [],
    buttons:
      here.length === 1
        ? await scheduleButtons(here[0]?.schedule.id ?? null, context.offer)
        : await scheduleButtons(null, context.offer),
  })
  return { kind: 'card', card }
}

/** The digest that is meant; of several, a number decides and nothing is guessed. */
async function whichOr(
  { number, id }: Which,
  context: CommandContext,
): Promise<{ readonly here: DigestHere } | { readonly answer: Answer }> {
  const here = await context.digests.here()
  const at = id !== null ? here.findIndex(({ schedule }) => schedule.id === id) : (number ?? 1) - 1
  const found = here[at]
  if (found && (id !== null || number !== null || here.length === 1)) return { here: found }
  if (id !== null) return { answer: gone() }
  if (here.length === 0) {
    const card = refusalCard({
      happened: t`No digest comes here`,
      why: t`Nothing was changed.`,
      buttons: await scheduleButtons(null, context.offer),
    })
    return { answer: { kind: 'card', card, refused: true } }
  }
  const card = refusalCard({
    happened: number === null ? t`Which digest?` : t`There is no digest ${number} here`,
    why: t`Nothing was changed.`,
    todo: t`Say digest list to see their numbers, then for example digest stop 1.`,
    buttons: [await context.offer(t`Digests here`, 'digest', 'digest list')],
  })
  return { answer: { kind: 'card', card, refused: true } }
}

function gone(): Answer {
  const card = refusalCard({
    happened: t`That digest was stopped before`,
    why: t`Nothing was changed.`,
    todo: t`Say digest list to see what comes here.`,
  })
  return { kind: 'card', card, refused: true }
}

function tooMany(): Answer {
  const card = refusalCard({
    happened: t`There are ${HERE_MAX} digests here already`,
    why: t`Nothing was changed.`,
    todo: t`Say digest list, and stop one first.`,
  })
  return { kind: 'card', card, refused: true }
}

/** The first letter large, a dot at the end. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
