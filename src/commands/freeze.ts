import { type FormField, formCard } from '../cards/form-card.ts'
import { freezeFacts } from '../cards/freeze-card.ts'
import { outside } from '../cards/text.ts'
import { momentText, zoneText } from '../cards/wording.ts'
import type { Office } from '../core/office.ts'
import { t } from '../core/t.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { type FreezeSaid, freezeInForm, freezeInWords } from './freezes/sentence.ts'
import { readWhen } from './freezes/when.ts'
import { REASON_MAX, readReason } from './limits/terms.ts'
import { notAllowed, officeOr } from './refusals.ts'

type Args = { readonly kind: 'list' } | { readonly kind: 'freeze'; readonly said: FreezeSaid }

/** `freeze Seattle until Friday 18:00 because carrier move`: mutes the alerts of an office for a while; checks go on. */
export const freeze: Command<Args> = {
  name: 'freeze',
  forms: ['freeze', 'freeze <office> until <when> because <reason>', 'freeze list'],
  summary: t`Mutes the alerts of an office while people work on it. Checks go on; the first result after is posted.`,
  examples: [
    {
      say: 'freeze Seattle until Friday 18:00 because the carrier moves the line',
      get: t`no alerts about it until then, and its first result after`,
    },
    { say: 'freeze list', get: t`what is frozen, by whom, until when` },
  ],
  group: 'Look',
  verb: 'freeze',
  card: 'form',
  read(words, { inputs }) {
    if (words.folded[0] !== 'freeze' && words.folded[0] !== 'freezes') return { kind: 'not-mine' }
    if (Object.hasOwn(inputs, 'until')) {
      return { kind: 'args', args: { kind: 'freeze', said: freezeInForm(inputs) } }
    }
    const isList = words.folded[0] === 'freezes' || words.folded[1] === 'list'
    if (isList && words.folded.length <= 2) return { kind: 'args', args: { kind: 'list' } }
    return { kind: 'args', args: { kind: 'freeze', said: freezeInWords(words, 1) } }
  },
  async handle(args, context) {
    if (args.kind === 'list') return list(context)
    const { said } = args
    if (said.office === '') return form(said, [], context)
    const found = await officeOr(said.office, await context.offices(), context, {
      verb: 'freeze',
      nothing: t`Nothing was changed.`,
      title: (name) => name,
      command: (name) => `freeze ${name}`,
    })
    if ('answer' in found) return found.answer
    const allowed = context.may('freeze', found.office)
    if (!allowed.ok) return notAllowed(allowed)
    if (said.until + said.reason === '') return form(said, [], context)
    const until = readWhen(said.until, { now: context.now, timeZone: found.office.timeZone })
    const reason = readReason(said.reason)
    if (typeof until === 'object' || typeof reason === 'object') {
      const problems = [until, reason].flatMap((one) => (typeof one === 'object' ? [one.problem] : []))
      return form(said, problems, context)
    }
    return frozen(found.office, until, reason, context)
  },
}

async function frozen(
  office: Office,
  until: number,
  reason: string,
  context: CommandContext,
): Promise<Answer> {
  const kept = await context.alerts.freeze(office.id, until, reason)
  const card = formCard({
    title: t`${outside(office.name)} is frozen`,
    lead: t`Nobody is alerted of it until then. It is checked as before, and the first result after comes here.`,
    facts: freezeFacts(kept, office),
    buttons: [
      await context.offer(t`Unfreeze`, 'freeze', `unfreeze ${office.name}`, { uses: 'once' }),
      await context.offer(t`Frozen offices`, 'freeze', 'freeze list'),
    ],
  })
  return { kind: 'card', card, inPlace: true }
}

async function list(context: CommandContext): Promise<Answer> {
  const offices = (await context.offices()).filter((office) => context.may('freeze', office).ok)
  const facts = (await context.alerts.freezes()).flatMap((one) => {
    const office = offices.find(({ id }) => id === one.officeId)
    if (office === undefined) return []
    const until = `${momentText(one.until, office.timeZone)}, ${zoneText(office.timeZone)}`
    return [
      {
        label: outside(office.name),
        value: t`Until ${until}, by ${outside(one.by.name)}: ${outside(one.reason)}`,
      },
    ]
  })
  const card = formCard({
    title: facts.length === 0 ? t`Nothing is frozen` : t`Frozen offices`,
    lead:
      facts.length === 0
        ? t`Alerts are on for every office.`
        : t`Nobody is alerted of these. They are checked as before.`,
    facts,
    buttons: [await context.offer(t`Freeze an office`, 'freeze', 'freeze')],
  })
  return { kind: 'card', card }
}

async function form(said: FreezeSaid, problems: readonly string[], context: CommandContext): Promise<Answer> {
  const fields: readonly FormField[] = [
    {
      id: 'office',
      label: t`Office`,
      kind: 'text',
      required: true,
      placeholder: t`Seattle`,
      value: said.office,
    },
    {
      id: 'until',
      label: t`Until, on its own clocks`,
      kind: 'text',
      required: true,
      placeholder: t`Friday 18:00`,
      value: said.until,
    },
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
    title: t`Freeze an office`,
    lead: t`Nobody is alerted of it until then. It is checked as before.`,
    problems,
    fields,
    buttons: [await context.offer(t`Freeze`, 'freeze', 'freeze')],
  })
  // A first form must not take the place of the alert whose button was pressed.
  return { kind: 'card', card, ...(problems.length > 0 ? { inPlace: true, refused: true } : {}) }
}
