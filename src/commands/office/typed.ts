import { outside } from '../../cards/text.ts'
import { t } from '../../core/t.ts'
import { fold } from '../words.ts'
import { type Draft, FIELDS, type Field } from './draft.ts'
import { partsOf } from './ranges.ts'

/** Words that name a field in a typed line. */
const FIELD_WORDS: Readonly<Record<string, Field>> = {
  name: 'name',
  called: 'name',
  place: 'place',
  at: 'place',
  zone: 'zone',
  timezone: 'zone',
  alias: 'aliases',
  aliases: 'aliases',
  tag: 'tags',
  tags: 'tags',
  egress: 'egress',
  resolver: 'resolvers',
  resolvers: 'resolvers',
  door: 'doors',
  doors: 'doors',
  rtt: 'rtt',
  target: 'rtt',
  download: 'download',
}

/** Fields of several values, where one may be added or taken away. */
const LISTS: readonly Field[] = ['aliases', 'tags', 'egress', 'resolvers', 'doors']

/** One change that was typed. */
export interface TypedChange {
  readonly field: Field
  readonly how: 'set' | 'add' | 'remove'
  readonly text: string
}

/** The field that a word names; `time zone` is two words. */
export function fieldAt(words: readonly string[], index: number): { field: Field; words: number } | null {
  const word = fold(words[index] ?? '')
  if (word === 'time' && fold(words[index + 1] ?? '') === 'zone') return { field: 'zone', words: 2 }
  const field = Object.hasOwn(FIELD_WORDS, word) ? FIELD_WORDS[word] : undefined
  return field === undefined ? null : { field, words: 1 }
}

/** Where the first field begins, from `from` on; the number of words where none does. */
export function firstField(words: readonly string[], from: number): number {
  for (let index = from; index < words.length; index++) if (fieldAt(words, index)) return index
  return words.length
}

/** Reads `egress 203.0.113.0/24 tags add emea`: every field takes the words up to the next. */
export function readChanges(words: readonly string[]): readonly TypedChange[] {
  const changes: TypedChange[] = []
  for (let index = 0; index < words.length; ) {
    const named = fieldAt(words, index)
    if (named === null) return changes
    const from = index + named.words
    const to = firstField(words, from)
    const verb = fold(words[from] ?? '')
    const isList = LISTS.includes(named.field)
    const how = isList && (verb === 'add' || verb === 'remove') ? verb : 'set'
    const text = words.slice(how === 'set' ? from : from + 1, to).join(' ')
    changes.push({ field: named.field, how, text })
    index = to
  }
  return changes
}

/** A draft with what was typed; what names nothing, or takes away what is not there, is a sentence. */
export function changed(
  draft: Draft,
  changes: readonly TypedChange[],
): { readonly draft: Draft; readonly problems: readonly string[] } {
  const problems: string[] = []
  const next = { ...draft }
  for (const { field, how, text } of changes) {
    if (text === '') problems.push(t`Say what comes after ${field}, or none to empty it.`)
    else if (how === 'set') next[field] = fold(text) === 'none' ? '' : text
    else if (how === 'add') next[field] = next[field] === '' ? text : `${next[field]}, ${text}`
    else {
      const had = listOf(field, next[field])
      const gone = listOf(field, text).map(keyOf)
      const missing = listOf(field, text).filter((one) => !had.map(keyOf).includes(keyOf(one)))
      for (const one of missing) problems.push(t`${outside(one)} is not among its ${field}.`)
      next[field] = had.filter((one) => !gone.includes(keyOf(one))).join(', ')
    }
  }
  return { draft: next, problems }
}

function listOf(field: Field, text: string): readonly string[] {
  if (field !== 'aliases') return partsOf(text)
  return text
    .split(/[,;]/u)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function keyOf(one: string): string {
  return fold(one).replace(/^#/, '')
}

/** What a form sent, laid over the draft that it was drawn from; fields that the form did not have stay. */
export function filled(draft: Draft, inputs: Readonly<Record<string, string>>): Draft {
  const next = { ...draft }
  for (const field of FIELDS) {
    const sent = Object.hasOwn(inputs, field) ? inputs[field] : undefined
    if (sent !== undefined) next[field] = fold(sent.trim()) === 'none' ? '' : sent
  }
  return next
}
