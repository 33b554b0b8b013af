/** What a card shows of an outside name, in characters. */
const TEXT_LIMIT = 80

/** The value at a path of keys in a record from outside; undefined where any of them is missing. */
export function at(record: unknown, ...path: readonly string[]): unknown {
  let value = record
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return value
}

/** A name from outside, without control characters and no longer than a card shows; null when it names nothing. */
export function nameOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  // Only so much is looked at: a damaged length may make it a megabyte.
  const plain = value
    .slice(0, 4 * TEXT_LIMIT)
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .trim()
  const text = [...plain].slice(0, TEXT_LIMIT).join('').trim()
  return text === '' || NOTHING.includes(text.toLowerCase()) ? null : text
}

/** How databases write that they do not know. */
const NOTHING = ['-', 'n/a', 'none', 'null', 'unknown']

/** A number of degrees up to `most` either way, as a number or in digits; null for anything else. */
export function degreesOf(value: unknown, most: number): number | null {
  const number = typeof value === 'string' && DEGREES.test(value) ? Number(value) : value
  return typeof number === 'number' && Math.abs(number) <= most ? number : null
}

const DEGREES = /^-?\d{1,3}(\.\d{1,20})?$/
