import { formCard } from '../../cards/form-card.ts'
import { outside } from '../../cards/text.ts'
import { kmText, listText } from '../../cards/wording.ts'
import { anyHolds } from '../../core/cidr.ts'
import type { Office } from '../../core/office.ts'
import { officeIdOf } from '../../core/office-id.ts'
import { t } from '../../core/t.ts'
import type { Answer, CommandContext } from '../command.ts'
import { goneMeanwhile, notAllowed } from '../refusals.ts'
import { nameConflicts, warningsOf } from './conflicts.ts'
import { draftOf, type OfficeValues, readDraft } from './draft.ts'
import { differences, FIELD_TITLES, factsOf, officeForm, textsOf } from './form.ts'
import { type Kept, keep } from './kept.ts'
import { addNumbered } from './new-id.ts'
import { placed } from './place.ts'

/** Egress farther than this from the office is what local egress would fail; Microsoft's number. */
const FAR_KM = 800

/** What a draft came to: the office before and after, or the answer that says why not. */
type Looked =
  | {
      readonly before: Office | null
      readonly after: Office
      readonly kept: Kept
      readonly others: readonly Office[]
    }
  | { readonly answer: Answer }

/** The preview of a draft: what would be stored, what is worth a look, and the button that does it. */
export async function preview(context: CommandContext, kept: Kept): Promise<Answer> {
  const looked = await look(context, kept)
  if ('answer' in looked) return looked.answer
  const { before, after, others } = looked
  const fields = before === null ? [] : differences(before, after)
  if (before !== null && fields.length === 0) return nothingToDo(context, looked.kept)
  const command =
    before === null ? `office add ${after.name}` : `office edit ${before.name}: ${fields.join(', ')}`
  const buttons = [
    await context.offer(before === null ? t`Add it` : t`Save`, 'edit-office', command.slice(0, 190), {
      uses: 'once',
      onlyMe: true,
      keep: keep({ ...looked.kept, step: 'save' }),
    }),
    await context.offer(t`Change`, 'edit-office', before === null ? 'office add' : 'office edit', {
      onlyMe: true,
      keep: keep({ ...looked.kept, step: 'again' }),
    }),
  ]
  const [was, is] = [before === null ? null : textsOf(before), textsOf(after)]
  const card = formCard({
    title: before === null ? t`Add ${outside(after.name)}?` : t`Change ${outside(before.name)}?`,
    lead: t`Nothing is saved yet.`,
    problems: [
      ...(await egressNotes(context, before, after)),
      ...warningsOf(after, others, context.geography),
    ],
    facts:
      was === null
        ? factsOf(after)
        : fields.map((field) => ({ label: FIELD_TITLES[field], value: t`${is[field]} (was ${was[field]})` })),
    buttons,
  })
  return { kind: 'card', card, inPlace: true }
}

/** Stores what the preview showed, unless somebody changed the office or took the name meanwhile. */
export async function save(context: CommandContext, kept: Kept): Promise<Answer> {
  const looked = await look(context, kept)
  if ('answer' in looked) return looked.answer
  const { before, after } = looked
  if (before !== null && kept.etag !== null) {
    const done = await context.registry.change(after, kept.etag)
    return done === 'stale' ? changedMeanwhile(context, kept) : saved(context, before, after)
  }
  const added = await addNumbered(after, context.registry)
  if (typeof added === 'object') return saved(context, null, added.office)
  const problem =
    added === 'named'
      ? t`An office called ${outside(after.name)} was registered meanwhile.`
      : t`Too many offices were called ${outside(after.name)} before. Take another name.`
  return officeForm(context, kept, { problems: [problem] })
}

/** Reads a draft against the registry as it is now. */
async function look(context: CommandContext, kept: Kept): Promise<Looked> {
  const row = kept.id === null ? null : await context.registry.row(kept.id)
  if (kept.id !== null && row === null) return { answer: goneMeanwhile(kept.draft.name) }
  if (row !== null && row.etag !== kept.etag) return { answer: await changedMeanwhile(context, kept) }
  const before = row?.office ?? null
  const found = await placed(kept.draft, context.geography)
  const read = readDraft(found.draft)
  const place = found.problem === null ? [] : [found.problem]
  if (!read.ok || found.problem !== null) {
    // The place is told of once: as a name that means no city, not as numbers that it is not.
    const rest = read.ok ? [] : readDraftProblems(kept, found.problem !== null)
    return { answer: await officeForm(context, kept, { problems: [...place, ...rest] }) }
  }
  const others = (await context.offices()).filter(({ id }) => id !== kept.id)
  const conflicts = nameConflicts(read.values, others)
  if (conflicts.length > 0) return { answer: await officeForm(context, kept, { problems: conflicts }) }
  const after = officeWith(before, read.values)
  for (const office of before === null ? [after] : [before, after]) {
    const allowed = context.may('edit-office', office)
    if (!allowed.ok) return { answer: notAllowed(allowed) }
  }
  return { before, after, kept: { ...kept, draft: draftOf(read.values) }, others }
}

function readDraftProblems(kept: Kept, placeToldAlready: boolean): readonly string[] {
  const read = readDraft(placeToldAlready ? { ...kept.draft, place: '' } : kept.draft)
  return read.ok ? [] : read.problems
}

/** An office with new values; what no form holds stays as it is. */
export function officeWith(before: Office | null, values: OfficeValues): Office {
  const base = before ?? {
    id: officeIdOf(values.name),
    overrides: [],
    attestations: [],
    world: null,
    onlyWhenNamed: false,
  }
  return { ...base, ...values }
}

/** Of each new egress: where its place is said to be, and who else was seen to use it. */
async function egressNotes(
  context: CommandContext,
  before: Office | null,
  after: Office,
): Promise<readonly string[]> {
  const added = after.egress.filter((range) => !before?.egress.includes(range))
  const [latest, offices] = await Promise.all([context.latest(), context.offices()])
  return added.flatMap((range) => {
    const place = context.geography.placeOf(after, range.split('/')[0] ?? '')
    const users = latest
      .filter((entry) => entry.officeId !== after.id && entry.egress.some((seen) => anyHolds([range], seen)))
      .flatMap((entry) => offices.find(({ id }) => id === entry.officeId)?.name ?? [])
    return [
      place === null
        ? t`Where ${outside(range)} is, I do not know.`
        : t`${outside(range)} is said to be in ${outside(place.label)}${farText(place.km)}`,
      ...(users.length === 0
        ? []
        : [
            t`${listText(users.map(outside))} ${users.length === 1 ? t`was` : t`were`} seen to leave by it too.`,
          ]),
    ]
  })
}

function farText(km: number | null): string {
  if (km === null) return '.'
  const far = km > FAR_KM ? t` Register it only if the office itself leaves there.` : ''
  return t`, ${kmText(Math.round(km))} from the office.${far}`
}

async function saved(context: CommandContext, before: Office | null, after: Office): Promise<Answer> {
  const name = outside(after.name)
  const buttons = [
    await context.offer(t`Check ${after.name}`, 'check', `check office ${after.name}`),
    await context.offer(t`Show`, 'offices', `office ${after.name}`),
  ]
  const fields = before === null ? [] : differences(before, after)
  const is = textsOf(after)
  const card = formCard({
    title: before === null ? t`${name} is registered` : t`${name} is changed`,
    lead:
      before === null ? t`It is checked as soon as a runner stands there.` : t`The next check goes by it.`,
    facts:
      before === null
        ? factsOf(after)
        : fields.map((field) => ({ label: FIELD_TITLES[field], value: is[field] })),
    foot: [t`by ${outside(context.person.name)}`],
    buttons,
  })
  return { kind: 'card', card, inPlace: true }
}

/** Somebody else was faster: the form again, with what was typed, and with what stands there now. */
async function changedMeanwhile(context: CommandContext, kept: Kept): Promise<Answer> {
  const row = kept.id === null ? null : await context.registry.row(kept.id)
  if (row === null) return goneMeanwhile(kept.draft.name)
  const now = textsOf(row.office)
  const read = readDraft(kept.draft)
  const fields = read.ok ? differences(row.office, read.values) : []
  const problems = [
    t`Somebody changed this office meanwhile. Nothing was saved. Look it over and try again.`,
    ...fields.map((field) => t`${FIELD_TITLES[field]} now: ${now[field]}.`),
  ]
  return officeForm(context, { id: kept.id, etag: row.etag, draft: kept.draft }, { problems })
}

async function nothingToDo(context: CommandContext, kept: Kept): Promise<Answer> {
  const card = formCard({
    title: t`${outside(kept.draft.name)} is like that already`,
    lead: t`Nothing was changed.`,
    buttons: [await context.offer(t`Show`, 'offices', `office ${kept.draft.name}`)],
  })
  return { kind: 'card', card, inPlace: true, refused: true }
}
