import { GOLDEN_CARDS } from '../cards/golden-cases/cards.ts'

/** Texts of a card are under these keys. */
const SHOWN = new Set(['text', 'title', 'label', 'placeholder', 'errorMessage', 'speak', 'legend', 'altText'])

function textsIn(value: unknown, key = ''): readonly string[] {
  if (typeof value === 'string') return SHOWN.has(key) ? [value] : []
  if (Array.isArray(value)) return value.flatMap((entry) => textsIn(entry, key))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, entry]) => textsIn(entry, name))
}

// A program: what every golden card shows, as JSON.
const shown = Object.entries(GOLDEN_CARDS).map(([name, make]) => [name, textsIn(make().card)])
process.stdout.write(JSON.stringify(Object.fromEntries(shown)))
