import { formCard } from '../../cards/form-card.ts'
import { outside } from '../../cards/text.ts'
import { t } from '../../core/t.ts'
import type { Answer, Command, CommandContext } from '../command.ts'
import { preview, save } from './change.ts'
import { type Draft, EMPTY_DRAFT } from './draft.ts'
import { officeForm } from './form.ts'
import { type Kept, keep, readKept } from './kept.ts'
import { cityText, draftIn } from './place.ts'
import { changed, filled, firstField, readChanges } from './typed.ts'

/** Cities offered as buttons: Teams shows six, and one is "another place". */
const OFFERED_MAX = 5

type Args =
  | { readonly kind: 'typed'; readonly words: readonly string[] }
  | { readonly kind: 'kept'; readonly kept: Kept; readonly inputs: Readonly<Record<string, string>> }

/** `office add Lyon`: coordinates and zone from the table of cities, to be looked over in a form; then a preview, then saved. */
export const officeAdd: Command<Args> = {
  name: 'office add',
  forms: ['office add', 'office add <city>', 'office add <name> place <city> egress <ranges> tags <tags>'],
  summary: t`Registers an office: coordinates and time zone come from its city, the rest from a form.`,
  examples: [
    { say: 'office add Lyon', get: t`a form with coordinates and time zone filled in` },
    { say: 'office add Lyon egress 203.0.113.0/24 tags emea', get: t`a preview at once` },
  ],
  group: 'Offices',
  verb: 'edit-office',
  card: 'form',
  read(words, { kept, inputs }) {
    if (words.folded[0] !== 'office' || words.folded[1] !== 'add') return { kind: 'not-mine' }
    const found = readKept(kept)
    if (found) return { kind: 'args', args: { kind: 'kept', kept: found, inputs } }
    return { kind: 'args', args: { kind: 'typed', words: words.words.slice(2) } }
  },
  async handle(args, context) {
    if (args.kind === 'typed') return typedAdd(args.words, context)
    const { kept, inputs } = args
    const draft = filled(kept.draft, inputs)
    if (kept.step === 'save') return save(context, kept)
    if (kept.step === 'again') return officeForm(context, { ...kept, draft })
    return preview(context, { ...kept, draft })
  },
}

async function typedAdd(words: readonly string[], context: CommandContext): Promise<Answer> {
  const start = firstField(words, 1)
  const name = words.slice(0, start).join(' ')
  const changes = readChanges(words.slice(start))
  const { draft: typed, problems } = changed({ ...EMPTY_DRAFT, name }, changes)
  const bare = { step: 'look', id: null, etag: null } as const
  if (name === '') return officeForm(context, { ...bare, draft: typed }, { problems })
  if (problems.length > 0) return officeForm(context, { ...bare, draft: typed }, { problems })
  if (typed.place !== '') return preview(context, { ...bare, draft: typed })
  const cities = await context.geography.cities(name)
  const [city, ...more] = cities
  // `Lyon, FR` says where it is; its name is the city's.
  const named = city !== undefined && name.includes(',') ? { ...typed, name: city.name } : typed
  if (city === undefined) {
    const lead = t`I know no city called ${outside(name)}: say where the office is.`
    return officeForm(context, { ...bare, draft: typed }, { lead })
  }
  if (more.length > 0) return whichCity(context, named, cities)
  const draft = draftIn(named, city)
  if (changes.length > 0) return preview(context, { ...bare, draft })
  const lead = t`Place and time zone are those of ${outside(cityText(city))}: confirm them. A preview comes first.`
  return officeForm(context, { ...bare, draft }, { lead })
}

async function whichCity(
  context: CommandContext,
  draft: Draft,
  cities: Awaited<ReturnType<CommandContext['geography']['cities']>>,
): Promise<Answer> {
  const bare = { step: 'again', id: null, etag: null } as const
  const buttons = await Promise.all(
    cities.slice(0, OFFERED_MAX).map((city) =>
      context.offer(cityText(city), 'edit-office', 'office add', {
        onlyMe: true,
        keep: keep({ ...bare, draft: draftIn(draft, city) }),
      }),
    ),
  )
  const elsewhere = await context.offer(t`Another place`, 'edit-office', 'office add', {
    onlyMe: true,
    keep: keep({ ...bare, draft }),
  })
  const name = outside(draft.name)
  const rest = cities.length - buttons.length
  const card = formCard({
    title: t`Which ${name}?`,
    lead: t`${cities.length} cities are called so${rest > 0 ? t`; the largest are below` : ''}. Nothing was saved.`,
    buttons: [...buttons, elsewhere],
  })
  return { kind: 'card', card, inPlace: true }
}
