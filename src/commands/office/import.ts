import { errorCard } from '../../cards/error-card.ts'
import { formCard } from '../../cards/form-card.ts'
import { outside } from '../../cards/text.ts'
import { countText, listText } from '../../cards/wording.ts'
import { t } from '../../core/t.ts'
import type { Answer, Command, CommandContext } from '../command.ts'
import { applyPlan } from './apply.ts'
import { CSV_CHARS_MAX } from './csv.ts'
import { type Fact, some } from './facts.ts'
import { differences, FIELD_TITLES } from './form.ts'
import { objectIn, textIn } from './kept.ts'
import { type ImportPlan, isMuch, planImport, planText } from './plan.ts'
import { isSecond, type KeptImport, secondYes } from './second-yes.ts'

type Args =
  | { readonly kind: 'form' }
  | { readonly kind: 'look'; readonly csv: string }
  | { readonly kind: 'do'; readonly kept: KeptImport }

/** `office import`: a file in the columns of Microsoft's admin centre and ours; a dry run, then all of it or nothing. */
export const officeImport: Command<Args> = {
  name: 'office import',
  forms: ['office import'],
  summary: t`Adds and changes offices from a CSV (below the command, or in a form). A dry run comes first.`,
  examples: [{ say: 'office import', get: t`a form to paste the file into; or paste it below these words` }],
  group: 'Offices',
  verb: 'edit-office',
  card: 'form',
  takesLines: 'office import',
  read(words, { inputs, kept, lines }) {
    if (words.folded[0] !== 'office' || words.folded[1] !== 'import') return { kind: 'not-mine' }
    const asked = keptIn(kept)
    if (asked) return { kind: 'args', args: { kind: 'do', kept: asked } }
    if (Object.hasOwn(inputs, 'csv'))
      return { kind: 'args', args: { kind: 'look', csv: inputs['csv'] ?? '' } }
    if (lines.some((line) => line.trim() !== '')) {
      return { kind: 'args', args: { kind: 'look', csv: lines.join('\n') } }
    }
    return words.words.length > 2
      ? { kind: 'misread', hint: t`Put the file below the words office import, header first` }
      : { kind: 'args', args: { kind: 'form' } }
  },
  async handle(args, context) {
    if (args.kind === 'form') return form(context, [])
    if (args.kind === 'look') return dryRun(args.csv, context)
    const { kept } = args
    const plan = await planOf(kept.csv, context)
    if (plan.problems.length > 0 || digestOf(plan) !== kept.plan) {
      return dryRun(kept.csv, context, [
        t`The registry changed meanwhile, so nothing was done. This is what would happen now.`,
      ])
    }
    const registered = (await context.offices()).filter((office) => !office.onlyWhenNamed).length
    if (kept.remove && isMuch(plan.missing.length, registered)) {
      if (kept.step === 'apply') return secondYes(kept, plan, registered, context)
      if (!(await isSecond(kept, context))) {
        return secondYes(kept, plan, registered, context, t`Your own yes is the first; it counts once.`)
      }
    }
    return done(plan, kept, context)
  },
}

function planOf(csv: string, context: CommandContext): Promise<ImportPlan> {
  return context.offices().then((offices) =>
    planImport(csv, offices, {
      geography: context.geography,
      may: (office) => context.may('edit-office', office),
    }),
  )
}

async function form(
  context: CommandContext,
  problems: readonly string[],
  facts?: readonly Fact[],
): Promise<Answer> {
  const card = formCard({
    title: t`Import offices`,
    lead: t`Paste the file, header first: the columns of Microsoft’s admin centre, and those of office export.`,
    problems,
    ...(facts ? { facts } : {}),
    fields: [
      {
        id: 'csv',
        label: t`The file (CSV)`,
        kind: 'lines',
        required: true,
        maxLength: CSV_CHARS_MAX,
        placeholder: 'userEntered,Name,Address,...',
        hint: t`Paste the file.`,
      },
    ],
    foot: [t`a dry run comes first: nothing is stored before you confirm it`],
    buttons: [await context.offer(t`Dry run`, 'edit-office', 'office import', { onlyMe: true })],
  })
  return { kind: 'card', card, inPlace: true, ...(problems.length > 0 ? { refused: true } : {}) }
}

async function dryRun(csv: string, context: CommandContext, notes: readonly string[] = []): Promise<Answer> {
  const plan = await planOf(csv, context)
  if (plan.problems.length > 0) {
    const count = countText(plan.problems.length, 'problem')
    const problems = plan.problems.map(
      ({ line, says }) => t`Line ${line}: ${says}${says.endsWith('?') ? '' : '.'}`,
    )
    return form(context, [
      t`${count}, so nothing would be imported. Correct the file and paste it again.`,
      ...problems,
    ])
  }
  const { adds, changes, same, missing, aside } = plan
  const keep = (remove: boolean) =>
    JSON.stringify({ step: 'apply', csv, plan: digestOf(plan), remove, first: null } satisfies KeptImport)
  const offer = (title: string, remove: boolean) =>
    context.offer(title, 'edit-office', `office import ${remove ? 'and remove' : ''}`.trim(), {
      uses: 'once',
      onlyMe: true,
      keep: keep(remove),
    })
  const mayRemove = missing.filter((office) => context.may('edit-office', office).ok)
  const nothing = adds.length + changes.length === 0
  const buttons = [
    ...(nothing ? [] : [await offer(missing.length === 0 ? t`Import` : t`Import, keep others`, false)]),
    ...(mayRemove.length > 0 && mayRemove.length === missing.length
      ? [await offer(nothing ? t`Remove ${missing.length}` : t`Import, remove ${missing.length}`, true)]
      : []),
  ]
  const card = formCard({
    title: nothing && missing.length === 0 ? t`The file changes nothing` : t`Import these offices?`,
    lead: t`Dry run: nothing is stored yet. ${sumOf(plan)}`,
    problems: [
      ...notes,
      ...(aside.length === 0 ? [] : [t`Columns that I do not use: ${listText(aside.map(outside))}.`]),
    ],
    facts: [
      ...some(adds, (office) => ({
        label: t`Add`,
        value: `${outside(office.name)}: ${office.egress.length === 0 ? t`no egress` : office.egress.join(', ')}`,
      })),
      ...some(changes, ({ before, after }) => ({
        label: t`Change`,
        value: `${outside(before.name)}: ${differences(before, after)
          .map((field) => FIELD_TITLES[field].toLowerCase())
          .join(', ')}`,
      })),
      ...some(missing, (office) => ({ label: t`Not in the file`, value: outside(office.name) })),
      ...(same > 0 ? [{ label: t`As it is`, value: countText(same, 'office') }] : []),
    ],
    buttons,
  })
  return { kind: 'card', card, inPlace: true }
}

function sumOf({ adds, changes, missing }: ImportPlan): string {
  const not =
    missing.length === 0 ? '' : t` ${countText(missing.length, 'office is', 'offices are')} not in the file.`
  return t`${countText(adds.length, 'office')} to add and ${countText(changes.length, 'office')} to change.${not}`
}

async function done(plan: ImportPlan, kept: KeptImport, context: CommandContext): Promise<Answer> {
  for (const office of kept.remove ? plan.missing : []) {
    if (!context.may('edit-office', office).ok) return dryRun(kept.csv, context)
  }
  const outcome = await applyPlan(plan, kept.remove, context)
  if (outcome === 'stale') {
    return dryRun(kept.csv, context, [
      t`Somebody changed the registry at the same moment, so nothing was imported. This is what would happen now.`,
    ])
  }
  if (outcome === 'failed') return notStored(kept, context)
  if (outcome === 'unknown') {
    const card = errorCard({
      reference: context.reference,
      happened: t`The store failed just when the import was decided. Either all of the file is imported, or nothing of it.`,
      todo: t`Say offices to see which. Import the file again if they are as they were.`,
      buttons: [await context.offer(t`Offices`, 'offices', 'offices')],
    })
    return { kind: 'card', card, inPlace: true, refused: true }
  }
  const card = formCard({
    title: t`The offices are imported`,
    facts: [
      { label: t`Added`, value: countText(plan.adds.length, 'office') },
      { label: t`Changed`, value: countText(plan.changes.length, 'office') },
      { label: t`Removed`, value: countText(kept.remove ? plan.missing.length : 0, 'office') },
      { label: t`As they were`, value: countText(plan.same, 'office') },
    ],
    foot: [t`by ${outside(context.person.name)}`],
    buttons: [await context.offer(t`Offices`, 'offices', 'offices')],
  })
  return { kind: 'card', card, inPlace: true }
}

/** The store failed before anything counted. */
async function notStored(kept: KeptImport, context: CommandContext): Promise<Answer> {
  const again = await context.offer(t`Try again`, 'edit-office', 'office import', {
    uses: 'once',
    onlyMe: true,
    keep: JSON.stringify(kept),
  })
  const card = errorCard({
    reference: context.reference,
    happened: t`The store failed, so nothing was imported. All offices are as they were.`,
    todo: t`Try again in a minute. If it happens again, give the reference to whoever runs Doorstep.`,
    buttons: [again],
  })
  return { kind: 'card', card, inPlace: true, refused: true }
}

function keptIn(text: string | null): KeptImport | null {
  const kept = objectIn(text ?? '')
  const [step, csv, plan] = [textIn(kept, 'step'), textIn(kept, 'csv'), textIn(kept, 'plan')]
  if ((step !== 'apply' && step !== 'sure') || csv === null || plan === null) return null
  return { step, csv, plan, remove: kept['remove'] === true, first: textIn(kept, 'first') }
}

/** A plan as a short text that differs where plans differ: two 32-bit FNV-1a hashes, against chance and not against malice. */
function digestOf(plan: ImportPlan): string {
  const text = planText(plan)
  let [one, two] = [0x811c9dc5, 0x01000193]
  for (let index = 0; index < text.length; index++) {
    one = Math.imul(one ^ text.charCodeAt(index), 0x01000193) >>> 0
    two = Math.imul(two ^ (text.charCodeAt(index) + index), 0x01000193) >>> 0
  }
  return `${one.toString(16)}-${two.toString(16)}-${text.length}`
}
