import { DEPTH_LIMIT, ITEMS_LIMIT } from './limits.ts'

/** An array or object whose end has not been seen; `keys` is null for an array. */
interface Open {
  readonly keys: Set<string> | null
  items: number
}

/**
 * What is wrong with a text that `JSON.parse` has accepted already: a key twice in one object (readers differ in which
 * they take), nesting deeper than 32, more than 10,000 items in one place. Null when nothing is.
 */
export function jsonShapeProblem(text: string): string | null {
  const stack: Open[] = []
  let at = 0
  while (at < text.length) {
    const char = text[at]
    const top = stack.at(-1)
    if (char === '{' || char === '[') {
      stack.push({ keys: char === '{' ? new Set() : null, items: 1 })
      if (stack.length > DEPTH_LIMIT) return `nested deeper than ${DEPTH_LIMIT}`
    } else if (char === '}' || char === ']') {
      stack.pop()
    } else if (char === ',' && top !== undefined) {
      top.items += 1
      if (top.items > ITEMS_LIMIT) return `more than ${ITEMS_LIMIT} items`
    } else if (char === '"') {
      const end = endOfString(text, at)
      if (top?.keys != null && isKey(text, end)) {
        const key: unknown = JSON.parse(text.slice(at, end))
        if (top.keys.has(String(key))) return 'a key twice in one object'
        top.keys.add(String(key))
      }
      at = end
      continue
    }
    at += 1
  }
  return null
}

/** Where the string that starts at `from` ends, the closing quote included. */
function endOfString(text: string, from: number): number {
  let at = from + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

/** A string is a key when a colon follows it; inside an object no value is followed by one. */
function isKey(text: string, end: number): boolean {
  let at = end
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1
  return text[at] === ':'
}

/** Reports whether every number inside a value is finite: `1e999` parses as Infinity. */
export function allFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.values(value).every(allFinite)
}
