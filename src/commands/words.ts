/**
 * Longest command in characters, counted before anything else is done with it: an office name has at most 58, and
 * nothing that we answer needs more.
 */
export const MAX_COMMAND_LENGTH = 200

/** A message as a command sees it. */
export interface Words {
  /** As typed, tidied: one space between words, no trailing dot, no quotes around. */
  readonly words: readonly string[]
  /** The same words folded for comparing: lower case, without diacritics. */
  readonly folded: readonly string[]
}

/** What a message turned out to be. */
export type ReadMessage =
  | { readonly kind: 'words'; readonly words: Words }
  | { readonly kind: 'empty' }
  | { readonly kind: 'too-long' }

const INVISIBLE = /\p{Cf}|\u034F|[\uFE00-\uFE0F]/gu
const CONTROL = /\p{Cc}+/gu
const QUOTES = /["'\u2018-\u201F\u00AB\u00BB\u2039\u203A`]/gu
/** Phones write another one than keyboards do. */
const APOSTROPHES = /[\u2018\u2019\u201B\u02BC`]/gu

/**
 * Lower case without diacritics and with one kind of apostrophe, for comparing names: "Zürich" and "zurich" are the
 * same, "Seattle" in Cyrillic is not.
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(APOSTROPHES, "'")
    .toLowerCase()
    .normalize('NFC')
}

/**
 * Reads a message whose mentions are already removed. Full-width letters, no-break and doubled spaces, smart quotes,
 * zero-width characters and a trailing dot are forgiven; a line break is a space, so a second line is never a second
 * command.
 */
export function readWords(text: string): ReadMessage {
  if (text.length > MAX_COMMAND_LENGTH) {
    return text.replace(INVISIBLE, '').trim() === '' ? { kind: 'empty' } : { kind: 'too-long' }
  }
  const tidied = tidy(text)
  if (tidied === '') return { kind: 'empty' }
  const words = tidied.split(' ')
  return { kind: 'words', words: { words, folded: words.map(fold) } }
}

/** A text as {@link readWords} takes it, on one line; names are tidied alike before they are compared. */
export function tidy(text: string): string {
  return text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(CONTROL, ' ')
    .replace(QUOTES, (quote, at: number, whole: string) => (isApostrophe(whole, at) ? quote : ' '))
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[.\u3002!?]+$/u, '')
    .trim()
}

/** An apostrophe inside a word belongs to it: "Coeur d'Alene". */
function isApostrophe(whole: string, at: number): boolean {
  return /[\p{L}\p{N}]/u.test(whole[at - 1] ?? '') && /[\p{L}\p{N}]/u.test(whole[at + 1] ?? '')
}

/** The words after the first `count`, as one typed name. */
export function restOf(words: Words, count: number): string {
  return words.words.slice(count).join(' ')
}
