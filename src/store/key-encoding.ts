import { RowRefused } from '../core/table-store.ts'

/**
 * Keys as they are stored. Azure Tables refuses `/ \ # ?` and control characters in keys and mishandles `%`; its
 * emulator mishandles more (a `,` in a batch). So all but a plain few characters become `=` and two hex digits per
 * UTF-8 byte, for both adapters alike: any text may be a key, and every backend agrees on the order, which is ASCII.
 */
const ODD = /[^A-Za-z0-9._:@-]/gu

const ENCODED = /^(?:[A-Za-z0-9._:@-]|=[0-9A-F]{2}|=u[0-9A-F]{4})*$/

/**
 * A stored key at most, in characters. Azure Tables allows 1 KiB, which is 512 UTF-16 characters; Azurite enforces 512.
 */
export const MAX_KEY = 512

/** Encodes any text as a stored key. Throws `RowRefused` when the result is longer than `MAX_KEY`. */
export function encodeKey(key: string): string {
  if (typeof key !== 'string') throw new RowRefused(`a key must be text, not ${typeof key}`)
  const encoded = key.replace(ODD, encodeCharacter)
  if (encoded.length > MAX_KEY) {
    throw new RowRefused(`key is too long: ${encoded.length} characters when stored, at most ${MAX_KEY}`)
  }
  return encoded
}

/** The text behind a stored key; the inverse of `encodeKey`. A key that we did not write comes back unchanged. */
export function decodeKey(stored: string): string {
  if (!ENCODED.test(stored)) return stored
  return stored
    .replace(/=u([0-9A-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/(?:=[0-9A-F]{2})+/g, (run) => Buffer.from(run.replaceAll('=', ''), 'hex').toString('utf8'))
}

/** The first stored key after all keys that start with `encoded`, or undefined when there is none (empty prefix). */
export function afterPrefix(encoded: string): string | undefined {
  const last = encoded.charCodeAt(encoded.length - 1)
  return Number.isNaN(last) ? undefined : encoded.slice(0, -1) + String.fromCharCode(last + 1)
}

/** Bounds of a range of stored keys. `from` is included, `to` is not. */
export interface KeyRange {
  readonly from?: string
  readonly to?: string
}

const CURSOR = 'after:'

/** The cursor that continues after a row: the stored key itself, so that it does not depend on the adapter. */
export function cursorAfter(storedKey: string): string {
  return CURSOR + storedKey
}

/** Works out the stored bounds of a query. Throws `RowRefused` on a cursor that no adapter made. */
export function keyRange(query: {
  readonly rkFrom?: string
  readonly rkTo?: string
  readonly rkPrefix?: string
  readonly cursor?: string
}): KeyRange {
  const prefix = encodeKey(query.rkPrefix ?? '')
  const starts = [prefix, encodeKey(query.rkFrom ?? '')]
  if (query.cursor !== undefined) starts.push(readCursor(query.cursor))
  const from = starts.sort().at(-1) ?? ''
  const ends = [afterPrefix(prefix), query.rkTo === undefined ? undefined : encodeKey(query.rkTo)]
  const to = ends.filter((end) => end !== undefined).sort()[0]
  return {
    ...(from === '' ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }
}

function readCursor(cursor: string): string {
  const stored = cursor.slice(CURSOR.length)
  if (!cursor.startsWith(CURSOR) || !ENCODED.test(stored)) throw new RowRefused('not a cursor of this store')
  // A space sorts before every character of a stored key: this is the least text after that key.
  return `${stored} `
}

function encodeCharacter(character: string): string {
  const half = character.length === 1 && /[\ud800-\udfff]/.test(character)
  // Half a surrogate pair has no UTF-8 form; 'u' is no hex digit, so the two forms cannot be confused.
  if (half) return `=u${character.charCodeAt(0).toString(16).toUpperCase()}`
  return Buffer.from(character, 'utf8').toString('hex').toUpperCase().replace(/../g, '=$&')
}
