import { alertPlanText } from '../cards/alert-card.ts'
import { formCard } from '../cards/form-card.ts'
import { refusalCard } from '../cards/refusal-card.ts'
import { outside } from '../cards/text.ts'
import { CRITERION_TITLES, listText } from '../cards/wording.ts'
import type { AlertOrder, AlertPlan } from '../core/alert.ts'
import type { Office } from '../core/office.ts'
import { t } from '../core/t.ts'
import { failingNow } from '../core/watch.ts'
import { alertForm, alertSaidOf } from './alerts/form.ts'
import { type AlertSaid, alertInForm, alertInWords, alertPlanOf, NO_ALERT } from './alerts/read-plan.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { readSelectionOrCity } from './in-city.ts'
import { notAllowed } from './refusals.ts'
import { problemOf } from './selection.ts'

/** Orders of one conversation: who needs more wants a channel of its own for some. */
const HERE_MAX = 5

/** Offices that are named as failing already; the rest is counted. */
const NAMED_MAX = 6

/** Which alerts of this conversation: by their number in the list, or by what a button keeps. */
interface Which {
  readonly number: number | null
  readonly id: string | null
}

type Args =
  | { readonly kind: 'form' | 'list' }
  | { readonly kind: 'set'; readonly said: AlertSaid; readonly id: string | null }
  | { readonly kind: 'stop' | 'change'; readonly which: Which }

/** `alert all`, `alert #emea about silent quiet 22:00-07:00`, `alert list`, `alert stop`: what turns wrong is told here. */
export const alert: Command<Args> = {
  name: 'alert',
  forms: [
    'alert',
    'alert <offices> about not-ready, silent, egress, endpoints, trouble',
    'alert <offices> about <kinds> quiet 22:00-07:00',
    'alert list',
    'alert change 1',
    'alert stop',
    'alert stop 2',
  ],
  summary: t`Tells here when something turns wrong, once it is certain, and when it is over.`,
  examples: [
    { say: 'alert all', get: t`everything that turns wrong, in this conversation` },
    {
      say: 'alert #emea about not-ready, silent quiet 22:00-07:00 Europe/London',
      get: t`some alerts about some offices, and none at night`,
    },
    { say: 'alert all about trouble', get: t`when Doorstep itself has some` },
    { say: 'alert list', get: t`the alerts of this conversation` },
  ],
  group: 'Look',
  verb: 'alert',
  card: 'form',
  read(words, { inputs, kept }) {
    const [first, second = '', third, ...more] = words.folded
    if (first !== 'alert' && first !== 'alerts') return { kind: 'not-mine' }
    if (second === '') return { kind: 'args', args: { kind: first === 'alerts' ? 'list' : 'form' } }
    if (second === 'list' && third === undefined) return { kind: 'args', args: { kind: 'list' } }
    if (second === 'set' && third === undefined) {
      return Object.hasOwn(inputs, 'kinds')
        ? { kind: 'args', args: { kind: 'set', said: alertInForm(inputs), id: kept } }
        : { kind: 'args', args: { kind: 'form' } }
    }
    if (second === 'stop' || second === 'change') {
      if (more.length > 0 || (third !== undefined && !/^[1-9]\d?$/.test(third))) {
        return { kind: 'misread', hint: t`Say alert ${second} and a number of alert list` }
      }
      const which = { number: third === undefined ? null : Number(third), id: kept }
      return { kind: 'args', args: { kind: second, which } }
    }
    return { kind: 'args', args: { kind: 'set', said: alertInWords(words, 1), id: null } }
  },
  async handle(args, context) {
    switch (args.kind) {
      case 'form':
        return alertForm(NO_ALERT, [], null, context)
      case 'list':
        return list(context)
      case 'set':
        return set(args.said, args.id, context)
      case 'stop':
        return stop(args.which, context)
      case 'change': {
        const found = await whichOr(args.which, context)
        if ('answer' in found) return found.answer
        return alertForm(alertSaidOf(found.here.plan), [], found.here.id, context)
      }
    }
  },
}

async function set(said: AlertSaid, id: string | null, context: CommandContext): Promise<Answer> {
  const read = alertPlanOf(said, context.timeZone)
  const which = said.which === '' ? 'all' : said.which
  const picked = await readSelectionOrCity(which, await context.offices(), context.geography)
  const wrong = problemOf(picked)
  const problems = [...('problems' in read ? read.problems : []), ...(wrong === null ? [] : [wrong])]
  if ('problems' in read || picked.kind !== 'picked' || wrong !== null) {
    return alertForm(said, problems, id, context)
  }
  const permissions = picked.offices.map((office) => context.may('alert', office))
  const refused = permissions.find((permission) => !permission.ok)
  if (refused && !refused.ok && permissions.every(({ ok }) => !ok)) return notAllowed(refused)
  const kept = id === null ? await add(read.plan, context) : await context.alerts.change(id, read.plan)
  if (kept === 'full') return tooMany()
  if (kept === null) return gone()
  const mine = picked.offices.filter((_, at) => permissions[at]?.ok === true)
  const leftOut = picked.offices.length - mine.length
  const failing = await alreadyFailing(mine, context)
  const card = formCard({
    title: id === null ? t`Alerts will come here` : t`The alerts are changed`,
    lead: sentence(alertPlanText(kept.plan)),
    facts: [
      { label: t`Not ready already`, value: failing },
      ...(leftOut === 0 ? [] : [{ label: t`Left out`, value: t`${leftOut} that you may not see alerts of` }]),
    ],
    foot: [t`what is so already is not told again`, t`by ${outside(context.person.name)}`],
    buttons: await orderButtons(kept.id, context),
  })
  return { kind: 'card', card, inPlace: true }
}

/** What nobody will be alerted of, because it is so before. */
async function alreadyFailing(offices: readonly Office[], context: CommandContext): Promise<string> {
  const watches = await Promise.all(offices.map(({ id }) => context.alerts.watch(id)))
  const texts = offices.flatMap((office, at) => {
    const watch = watches[at]
    const failing = watch ? failingNow(watch) : []
    const [first] = failing
    if (first === undefined) return []
    const rest = failing.length > 1 ? t` and ${failing.length - 1} more` : ''
    return [`${outside(office.name)} (${CRITERION_TITLES[first]}${rest})`]
  })
  return texts.length === 0 ? t`none, as far as is known` : listText(texts, NAMED_MAX)
}

/** The same plan twice is the one that is here already. */
async function add(plan: AlertPlan, context: CommandContext): Promise<AlertOrder | 'full'> {
  const here = await context.alerts.here()
  const same = here.find((order) => alertPlanText(order.plan) === alertPlanText(plan))
  if (same) return same
  return here.length >= HERE_MAX ? 'full' : context.alerts.add(plan)
}

async function stop(which: Which, context: CommandContext): Promise<Answer> {
  const found = await whichOr(which, context)
  if ('answer' in found) return found.answer
  if (!(await context.alerts.stop(found.here.id))) return gone()
  const card = formCard({
    title: t`The alerts are stopped`,
    lead: t`They came ${alertPlanText(found.here.plan)}. Cards that stand are not edited any more.`,
    foot: [t`by ${outside(context.person.name)}`],
    buttons: [await context.offer(t`Alert me here`, 'alert', 'alert')],
  })
  return { kind: 'card', card }
}

async function list(context: CommandContext): Promise<Answer> {
  const here = await context.alerts.here()
  const [only] = here
  const card = formCard({
    title: here.length === 0 ? t`No alerts come here` : t`Alerts of this conversation`,
    lead: here.length === 0 ? t`Press the button, or say for example: alert all` : '',
    facts: here.map(({ plan, madeBy }, index) => ({
      label: `${index + 1}`,
      value: t`${sentence(alertPlanText(plan))} By ${outside(madeBy.name)}.`,
    })),
    foot: here.length > 0 ? ['alert change 1', 'alert stop 1'] : [],
    buttons: await orderButtons(here.length === 1 && only ? only.id : null, context),
  })
  return { kind: 'card', card }
}

async function orderButtons(id: string | null, context: CommandContext) {
  const freeze = await context.offer(t`Frozen offices`, 'freeze', 'freeze list')
  if (id === null) return [await context.offer(t`Alert me here`, 'alert', 'alert'), freeze]
  return [
    await context.offer(t`Change alerts`, 'alert', 'alert change', { keep: id }),
    await context.offer(t`Stop`, 'alert', 'alert stop', { keep: id, uses: 'once' }),
    freeze,
  ]
}

/** The order that is meant; of several, a number decides and nothing is guessed. */
async function whichOr(
  { number, id }: Which,
  context: CommandContext,
): Promise<{ readonly here: AlertOrder } | { readonly answer: Answer }> {
  const here = await context.alerts.here()
  const at = id !== null ? here.findIndex((order) => order.id === id) : (number ?? 1) - 1
  const found = here[at]
  if (found && (id !== null || number !== null || here.length === 1)) return { here: found }
  if (id !== null) return { answer: gone() }
  const none = here.length === 0
  const card = refusalCard({
    happened: none
      ? t`No alerts come here`
      : number === null
        ? t`Which alerts?`
        : t`There are no alerts ${number} here`,
    why: t`Nothing was changed.`,
    ...(none ? {} : { todo: t`Say alert list to see their numbers, then for example alert stop 1.` }),
    buttons: none
      ? await orderButtons(null, context)
      : [await context.offer(t`Alerts here`, 'alert', 'alert list')],
  })
  return { answer: { kind: 'card', card, refused: true } }
}

function gone(): Answer {
  const card = refusalCard({
    happened: t`Those alerts were stopped before`,
    why: t`Nothing was changed.`,
    todo: t`Say alert list to see what comes here.`,
  })
  return { kind: 'card', card, refused: true }
}

function tooMany(): Answer {
  const card = refusalCard({
    happened: t`There are ${HERE_MAX} alerts here already`,
    why: t`Nothing was changed.`,
    todo: t`Say alert list, and stop one first.`,
  })
  return { kind: 'card', card, refused: true }
}

/** The first letter large, a dot at the end. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
