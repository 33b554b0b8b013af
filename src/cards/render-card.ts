import { Template } from 'adaptivecards-templating'
import { named } from '../core/t.ts'
import { cutLongest } from './cut-list.ts'
import { defused } from './text.ts'

/** A finished card, and the sentence for places that cannot draw it (the activity's `summary`). */
export interface RenderedCard {
  readonly card: object
  readonly summary: string
}

/** A template that was read once, at load: reading takes ten times as long as filling in. */
export interface CompiledTemplate {
  readonly name: string
  expand(data: object): object
}

/** What every template needs: the sentence that stands for the whole card. */
export interface CardData {
  readonly summary: string
}

/** UTF-8 bytes of a minified card at most. Teams takes 100 KB in UTF-16 now and 28 KB on older paths. */
export const CARD_BYTES_MAX = 24 * 1024

/** Even with its lists cut the card is too large: a bug, for every other text in it is bounded. */
export class CardTooLargeError extends Error {
  override readonly name = 'CardTooLargeError'
}

/** The template asked for a value that its data function did not give: a bug. */
export class UnboundCardError extends Error {
  override readonly name = 'UnboundCardError'
}

/** Reads a template. It throws on a template that cannot be parsed, so a broken one stops the program at its start. */
export function compileTemplate(name: string, template: object): CompiledTemplate {
  const compiled = new Template(inOurLanguage(template))
  return { name, expand: (data) => compiled.expand({ $root: data }) as object }
}

/** A template's own words; what has a value in it is the data's. */
function inOurLanguage(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOurLanguage)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, entry]) => [
    key,
    key === 'text' && typeof entry === 'string' && !entry.includes('${')
      ? named(entry)
      : inOurLanguage(entry),
  ])
  return Object.fromEntries(entries)
}

/** Size of a card on the wire, in UTF-8 bytes. */
export function cardBytes(card: object): number {
  return new TextEncoder().encode(JSON.stringify(card)).length
}

/** Fills a template. Lists are cut (`+12 more`) until the card is small enough to be sent on every path. */
export function renderCard<D extends CardData>(template: CompiledTemplate, data: D): RenderedCard {
  let current: D = defused(data)
  for (;;) {
    const card = withoutEmpty(template.expand(current)) as object
    const left = /\$\{[^}]*\}?/.exec(JSON.stringify(card))
    if (left !== null) throw new UnboundCardError(`${template.name}: no value for ${left[0]}`)
    const bytes = cardBytes(card)
    if (bytes <= CARD_BYTES_MAX) return { card, summary: current.summary }
    const shorter = cutLongest(current)
    if (shorter === null)
      throw new CardTooLargeError(`${template.name}: ${bytes} bytes, limit ${CARD_BYTES_MAX}`)
    current = shorter
  }
}

/**
 * What phones would show as a blank card: an empty list of actions goes (AdaptiveCards#9308), an empty text becomes a
 * dash.
 */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key, entry]) => key !== 'actions' || !isEmptyList(entry))
  return Object.fromEntries(
    kept.map(([key, entry]) => [key, key === 'text' && entry === '' ? '–' : withoutEmpty(entry)]),
  )
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}
