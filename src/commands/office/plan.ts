import { outside } from '../../cards/text.ts'
import type { Permission } from '../../core/authority.ts'
import type { Office } from '../../core/office.ts'
import type { Geography } from '../../core/registry.ts'
import { t } from '../../core/t.ts'
import { foldedName, namesOf } from '../match-office.ts'
import { officeWith } from './change.ts'
import { draftFrom, type RowRead, readTable } from './columns.ts'
import { type LineProblem, readCsv } from './csv.ts'
import { draftOf, EMPTY_DRAFT, readDraft } from './draft.ts'
import { differences } from './form.ts'
import { placed } from './place.ts'

/** What an import would do. With any problem, nothing of it is done. */
export interface ImportPlan {
  readonly adds: readonly Office[]
  readonly changes: readonly { readonly before: Office; readonly after: Office }[]
  readonly same: number
  /** Registered offices that the file does not name. */
  readonly missing: readonly Office[]
  readonly problems: readonly LineProblem[]
  /** Titles of columns that are left aside. Outside text. */
  readonly aside: readonly string[]
}

interface PlanDeps {
  readonly geography: Pick<Geography, 'cities'>
  may(office: Office): Permission
}

/** Reads a file against the registry. An office is known by its Id where the file gives one, else by its name. */
export async function planImport(
  text: string,
  offices: readonly Office[],
  deps: PlanDeps,
): Promise<ImportPlan> {
  // The machine itself is nobody's row.
  const registered = offices.filter((office) => !office.onlyWhenNamed)
  const csv = readCsv(text)
  const table =
    csv.problems.length > 0 ? { rows: [], aside: [], problems: csv.problems } : readTable(csv.rows)
  const problems: LineProblem[] = [...table.problems]
  const adds: Office[] = []
  const changes: { before: Office; after: Office }[] = []
  const named = new Map<string, number>()
  let same = 0
  for (const row of table.rows) {
    const read = await readRow(row, registered, deps)
    problems.push(...read.problems.map((says) => ({ line: row.line, says })))
    if (read.after === null) continue
    const { before, after } = read
    const keys = before === null ? [] : [t`id ${before.id}`]
    for (const key of [...keys, ...namesIn(after)]) {
      const first = named.get(key)
      if (first !== undefined && first !== row.line) {
        problems.push({ line: row.line, says: t`${outside(after.name)} stands in line ${first} already` })
        break
      }
      named.set(key, row.line)
    }
    if (before === null) adds.push(after)
    else if (differences(before, after).length > 0) changes.push({ before, after })
    else same++
  }
  const touched = new Set([...named.keys()].flatMap((key) => (key.startsWith('id ') ? [key.slice(3)] : [])))
  const missing = registered.filter((office) => !touched.has(office.id))
  problems.push(...takenNames([...adds, ...changes.map(({ after }) => after)], offices, changes, named))
  return { adds, changes, same, missing, problems: inOrder(problems), aside: table.aside }
}

interface RowOutcome {
  readonly before: Office | null
  readonly after: Office | null
  readonly problems: readonly string[]
}

async function readRow(row: RowRead, offices: readonly Office[], deps: PlanDeps): Promise<RowOutcome> {
  const id = (row.cells.get('id') ?? '').trim()
  const name = row.cells.get('name') ?? ''
  const before =
    id === ''
      ? (offices.find((office) => foldedName(office.name) === foldedName(name)) ?? null)
      : (offices.find((office) => office.id === id) ?? null)
  if (id !== '' && before === null) {
    const says = t`no office has the Id ${outside(id)}; leave it empty for a new one`
    return { before, after: null, problems: [says] }
  }
  const { draft: typed, problems: wrong } = draftFrom(row, before === null ? EMPTY_DRAFT : draftOf(before))
  if (wrong.length > 0) return { before, after: null, problems: wrong }
  const found = await placed(typed, deps.geography)
  const draft = found.draft.zone === '' ? { ...found.draft, zone: await zoneFor(row, deps) } : found.draft
  const read = readDraft(found.problem === null ? draft : { ...draft, place: '' })
  const problems = [found.problem, ...(read.ok ? [] : read.problems)].filter((one) => one !== null)
  if (!read.ok || problems.length > 0) return { before, after: null, problems: problems.map(inLine) }
  const after = officeWith(before, read.values)
  const touchesNothing = before !== null && differences(before, after).length === 0
  const refused = touchesNothing ? [] : [before, after].filter((one) => one !== null && !deps.may(one).ok)
  if (refused.length > 0) {
    return { before, after: null, problems: [t`you may not change ${outside(after.name)}`] }
  }
  return { before, after, problems: [] }
}

/** The admin centre's file has no time zones: the address or the name may be a city of the table. */
async function zoneFor(row: RowRead, { geography }: PlanDeps): Promise<string> {
  const address = row.cells.get('address') ?? ''
  const parts = address.split(',').map((part) => part.replace(/\d+/g, '').trim())
  const guesses = [
    ...parts.map((_, index) => parts.slice(index).join(', ')),
    ...parts,
    row.cells.get('name') ?? '',
  ]
  for (const guess of guesses) {
    if (guess.trim() === '') continue
    const zones = new Set((await geography.cities(guess)).map(({ timeZone }) => timeZone))
    const [zone] = zones
    if (zone !== undefined && zones.size === 1) return zone
  }
  return ''
}

/** Names of the file that an office beside it has already. */
function takenNames(
  after: readonly Office[],
  offices: readonly Office[],
  changes: ImportPlan['changes'],
  lines: ReadonlyMap<string, number>,
): readonly LineProblem[] {
  const changed = new Set(changes.map(({ before }) => before.id))
  const holders = new Map(
    offices
      .filter(({ id }) => !changed.has(id))
      .flatMap((office) => namesOf(office).map((name) => [name, office] as const)),
  )
  return after.flatMap((office): LineProblem[] => {
    const name = namesIn(office).find((one) => holders.has(one) && holders.get(one)?.id !== office.id)
    const holder = name === undefined ? undefined : holders.get(name)
    if (name === undefined || holder === undefined) return []
    // A new office may get the id of one that is there: ids are made different when it is stored.
    if (
      foldedName(holder.id) === name &&
      ![holder.name, ...holder.aliases].some((one) => foldedName(one) === name)
    ) {
      return []
    }
    const says = t`${outside(office.name)} has a name that means ${outside(holder.name)} already`
    return [{ line: lines.get(name) ?? 1, says }]
  })
}

function namesIn(office: Office): readonly string[] {
  return [office.name, ...office.aliases].map(foldedName)
}

/** A sentence as it follows `line 3: `. */
function inLine(sentence: string): string {
  return sentence.replace(/^(The|There|Write|Several) /, (word) => word.toLowerCase()).replace(/\.$/, '')
}

function inOrder(problems: readonly LineProblem[]): readonly LineProblem[] {
  return [...problems].sort((a, b) => a.line - b.line)
}

/** Offices that may vanish before a second yes is asked for, and the share of all of them, one in so many. */
export const VANISH_FREE = 3
export const VANISH_SHARE = 4

/** Reports whether a second yes is asked for: more than three offices would go, or more than one in four. */
export function isMuch(removed: number, registered: number): boolean {
  return removed > VANISH_FREE || removed * VANISH_SHARE > registered
}

/** A plan in one text: equal for equal plans, so that a plan that was shown is the plan that is done. */
export function planText(plan: ImportPlan): string {
  return JSON.stringify([plan.adds, plan.changes, plan.missing.map(({ id }) => id)])
}
