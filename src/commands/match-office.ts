import type { Office } from '../core/office.ts'
import { fold, tidy } from './words.ts'

/** Typing errors that still earn a suggestion: one slip or two, as in "Seatle". */
const MAX_SLIPS = 2

/** Suggestions shown at most: as many buttons as Teams draws without hiding some. */
const MAX_SUGGESTIONS = 5

/** Which office a typed name means. Never a guess: anything but an exact match only suggests. */
export type OfficeMatch =
  | { readonly kind: 'one'; readonly office: Office }
  | { readonly kind: 'several'; readonly offices: readonly Office[] }
  | { readonly kind: 'none'; readonly suggestions: readonly Office[] }

/** Finds an office by name, alias or id, forgiving case and diacritics. */
export function matchOffice(offices: readonly Office[], typed: string): OfficeMatch {
  const wanted = foldedName(typed)
  const exact = offices.filter((office) => namesOf(office).includes(wanted))
  if (exact.length === 1 && exact[0]) return { kind: 'one', office: exact[0] }
  if (exact.length > 1) {
    // Names that differ in marks alone, or a name that is another's alias: what was typed may still name one of them.
    const literal = exact.filter((office) => office.id === typed || tidy(office.name) === tidy(typed))
    return literal.length === 1 && literal[0]
      ? { kind: 'one', office: literal[0] }
      : { kind: 'several', offices: exact }
  }
  const starting = offices.filter((office) => namesOf(office).some((name) => name.startsWith(wanted)))
  if (wanted.length >= 2 && starting.length > 1) {
    return { kind: 'several', offices: starting.slice(0, MAX_SUGGESTIONS) }
  }
  const near = offices
    .map((office) => ({
      office,
      slips: Math.min(...namesOf(office).map((name) => slipsIn(name, wanted))),
    }))
    .filter(({ office, slips }) => slips <= MAX_SLIPS || starting.includes(office))
    .sort((a, b) => a.slips - b.slips)
  return { kind: 'none', suggestions: near.slice(0, MAX_SUGGESTIONS).map(({ office }) => office) }
}

/** In a name of two letters two slips leave nothing of it: half of a name must be right. */
function slipsIn(name: string, wanted: string): number {
  const slips = slipsBetween(name, wanted)
  return slips * 2 <= name.length ? slips : MAX_SLIPS + 1
}

/** Everything that an office is found by, folded. */
export function namesOf(office: Pick<Office, 'id' | 'name' | 'aliases'>): readonly string[] {
  const known = NAMES.get(office)
  if (known !== undefined) return known
  const names = [office.name, office.id, ...office.aliases].map(foldedName)
  NAMES.set(office, names)
  return names
}

/** Folded once per office as it was read: every message is compared with the names of all. */
const NAMES = new WeakMap<Pick<Office, 'id' | 'name' | 'aliases'>, readonly string[]>()

/** A name as it is compared: case, marks, hyphens and doubled blanks do not tell names apart. */
export function foldedName(text: string): string {
  return fold(tidy(text))
    .replace(/[\s_-]+/gu, ' ')
    .trim()
}

/** Damerau-Levenshtein distance (adjacent letters swapped count once), cut off above {@link MAX_SLIPS}. */
export function slipsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MAX_SLIPS) return MAX_SLIPS + 1
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1)
      }
      row.push(best)
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}
