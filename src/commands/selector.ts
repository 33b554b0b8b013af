import type { Office } from '../core/office.ts'
import { matchOffice, type OfficeMatch } from './match-office.ts'
import { fold, tidy } from './words.ts'

/**
 * What a typed selection of offices means: `Seattle`, `#emea`, `all`, joined by `+` and `-` from left to right. Never a
 * guess: what is not a known name is not taken for one.
 */
export type Selection =
  | {
      readonly kind: 'picked'
      /** Each office once, in the order of the registry; may be empty. */
      readonly offices: readonly Office[]
      /** One office was named, and nothing else was said. */
      readonly byName: boolean
    }
  | {
      readonly kind: 'unclear'
      /** The part that no office goes by, as typed. */
      readonly typed: string
      readonly match: Exclude<OfficeMatch, { readonly kind: 'one' }>
      /** It was all that was said. */
      readonly alone: boolean
    }
  /** No office carries this tag; without the `#`. */
  | { readonly kind: 'no-tag'; readonly tag: string }
  /** A plus or a minus has nothing before or behind it. */
  | { readonly kind: 'incomplete' }

/** The offices that a city's name means; none: it is no city, or no office is there. */
export type InCity = (name: string) => readonly Office[]

const ALL = 'all'

/** Phones make a long dash of a minus between blanks. */
const OPERATORS = /[+\u2010-\u2015\u2212-]/u

interface Term {
  readonly adds: boolean
  readonly text: string
}

/**
 * Reads a selection; pure, and never throws. Names may hold blanks, hyphens and plus signs: at every place the longest
 * known name wins. A minus has a blank before it, so that `San-Jose` stays a name; a plus needs none. `all` and tags
 * leave out the offices that are probed only when they are named.
 */
export function readSelection(
  typed: string,
  offices: readonly Office[],
  inCity: InCity = () => [],
): Selection {
  const terms = termsOf(typed, knownIn(offices))
  if (terms === null) return { kind: 'incomplete' }
  const picked = new Set<Office>()
  for (const { adds, text } of terms) {
    const found = officesOf(text, offices, inCity)
    if (found.kind === 'unclear') return { ...found, alone: terms.length === 1 }
    if (found.kind === 'no-tag') return found
    for (const office of found.offices) {
      if (adds) picked.add(office)
      else picked.delete(office)
    }
  }
  const [first] = terms
  const byName = terms.length === 1 && first !== undefined && !isSet(first.text)
  return { kind: 'picked', offices: offices.filter((office) => picked.has(office)), byName }
}

type Found =
  | { readonly kind: 'offices'; readonly offices: readonly Office[] }
  | Omit<Extract<Selection, { readonly kind: 'unclear' }>, 'alone'>
  | Extract<Selection, { readonly kind: 'no-tag' }>

function officesOf(text: string, offices: readonly Office[], inCity: InCity): Found {
  const usual = offices.filter((office) => !office.onlyWhenNamed)
  if (fold(tidy(text)) === ALL) return { kind: 'offices', offices: usual }
  if (text.startsWith('#')) {
    const tag = tagOf(text)
    const tagged = usual.filter((office) => office.tags.some((own) => fold(own) === tag))
    return tagged.length > 0 ? { kind: 'offices', offices: tagged } : { kind: 'no-tag', tag }
  }
  const match = matchOffice(offices, text)
  if (match.kind === 'one') return { kind: 'offices', offices: [match.office] }
  const there = match.kind === 'none' ? inCity(text) : []
  if (there.length === 1) return { kind: 'offices', offices: there }
  if (there.length > 1) return { kind: 'unclear', typed: text, match: { kind: 'several', offices: there } }
  return { kind: 'unclear', typed: text, match }
}

/** Parts by the operators between them; null when one has nothing beside it. */
function termsOf(typed: string, isKnown: (text: string) => boolean): readonly Term[] | null {
  const text = typed.trim()
  const terms: Term[] = []
  for (let at = 0, adds = true; ; ) {
    const end = endOfTerm(text, at, isKnown)
    const term = text.slice(at, end).trim()
    if (term === '') return null
    terms.push({ adds, text: term })
    if (end >= text.length) return terms
    adds = text[end] === '+'
    at = end + 1
  }
}

/** Where the part that begins at `at` ends: behind the longest known name, else before the next operator. */
function endOfTerm(text: string, at: number, isKnown: (text: string) => boolean): number {
  const ends: number[] = []
  for (let index = at; index < text.length; index++) {
    const sign = text[index] ?? ''
    if (!OPERATORS.test(sign)) continue
    if (sign === '+' || index === 0 || /[\s+]/u.test(text[index - 1] ?? '')) ends.push(index)
  }
  ends.push(text.length)
  return ends.findLast((end) => isKnown(text.slice(at, end))) ?? ends[0] ?? text.length
}

function isSet(text: string): boolean {
  return text.startsWith('#') || fold(tidy(text)) === ALL
}

function tagOf(text: string): string {
  return fold(text.slice(1).trim())
}

/** Reports whether a part is a whole on its own: a name, a tag, or `all`. */
function knownIn(offices: readonly Office[]): (text: string) => boolean {
  const names = new Set(offices.flatMap((office) => [office.name, office.id, ...office.aliases]).map(nameKey))
  const tags = new Set(offices.flatMap((office) => office.tags.map(fold)))
  return (text) => {
    const part = text.trim()
    if (part.startsWith('#')) return tags.has(tagOf(part))
    const key = nameKey(part)
    return key === ALL || (key !== '' && names.has(key))
  }
}

/**
 * A name as it is compared here: a hyphen inside a word is a blank, as in `matchOffice`, but one between blanks stays
 * what it is, so that `Baden - Baden` is never Baden-Baden.
 */
function nameKey(text: string): string {
  return fold(tidy(text))
    .replace(/(?<=[^\s_-])[_-]+(?=[^\s_-])/gu, ' ')
    .replace(/\s+/gu, ' ')
}
