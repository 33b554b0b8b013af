import type { Role } from '../core/authority.ts'
import type { Mention } from '../core/chat.ts'
import { GRANTED_ROLES, type GrantedRole } from '../core/granted.ts'
import type { Extras } from './command.ts'
import { fold, restOf, tidy, type Words } from './words.ts'

/** Whom a command means. A name alone means nobody: two people may have the same. */
export type Whom =
  | { readonly kind: 'mention'; readonly mention: Mention }
  | { readonly kind: 'id'; readonly objectId: string }
  | { readonly kind: 'name'; readonly typed: string }
  | { readonly kind: 'several' }
  | { readonly kind: 'missing' }

/** For which offices: all, those of a tag (as typed, without `#`), or not said. */
export type ScopeWords =
  | { readonly kind: 'all' }
  | { readonly kind: 'tag'; readonly typed: string }
  | { readonly kind: 'unsaid' }

/** What was said of a role, or the words that belong to none of it. */
export interface RoleWords {
  readonly whom: Whom
  readonly role: GrantedRole | null
  readonly scope: ScopeWords
  /** A form was sent: then nothing that it asks for is taken as said. */
  readonly byForm: boolean
}

const GUID = /(?<![0-9a-f-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f-])/i

/** Words for all offices. */
const ALL = new Set(['', 'all', 'all offices', 'every office', 'everywhere'])

const FILLERS = new Set(['as', 'a', 'an', 'the', 'role', 'to', 'from'])

/** Takes the person out of the words: a mention, else an object id. What is left may still hold a name. */
export function takePerson(
  rest: string,
  mentions: readonly Mention[],
): { readonly whom: Whom; readonly rest: string } {
  if (mentions.length > 1) return { whom: { kind: 'several' }, rest }
  const [mention] = mentions
  if (mention) return { whom: { kind: 'mention', mention }, rest: without(rest, tidy(mention.text)) }
  const found = GUID.exec(rest)
  if (!found) return { whom: { kind: 'missing' }, rest }
  return { whom: { kind: 'id', objectId: found[0].toLowerCase() }, rest: without(rest, found[0]) }
}

/** Reads `@Ana operator for #emea` from the words after the first two, and what a form adds to them. */
export function readRoleWords(
  words: Words,
  { mentions, inputs }: Pick<Extras, 'mentions' | 'inputs'>,
): RoleWords {
  const taken = takePerson(restOf(words, 2), mentions)
  const [before = '', ...after] = taken.rest.split(/(?:^|\s)for(?:\s|$)/i)
  const left = before.split(' ').filter((word) => word !== '' && !FILLERS.has(fold(word)))
  const role = left.map(roleOf).find((word) => word !== null) ?? null
  const name = left.filter((word) => roleOf(word) === null).join(' ')
  const byForm = inputs['role'] !== undefined || inputs['scope'] !== undefined
  const typed = formPerson(inputs['person'] ?? '')
  const named: Whom = name === '' ? { kind: 'missing' } : { kind: 'name', typed: name }
  const spoken = taken.whom.kind === 'missing' ? named : taken.whom
  return {
    whom: spoken.kind === 'missing' ? typed : spoken,
    role: roleOf(inputs['role'] ?? '') ?? role,
    scope: byForm ? formScope(inputs['scope'] ?? '') : scopeOf(after),
    byForm,
  }
}

function formPerson(typed: string): Whom {
  const tidied = tidy(typed)
  if (tidied === '') return { kind: 'missing' }
  const { whom } = takePerson(tidied, [])
  return whom.kind === 'id' ? whom : { kind: 'name', typed: tidied }
}

function formScope(chosen: string): ScopeWords {
  return tidy(chosen) === '' ? { kind: 'unsaid' } : scopeOf([chosen])
}

function scopeOf(after: readonly string[]): ScopeWords {
  if (after.length === 0) return { kind: 'unsaid' }
  const typed = tidy(after.join(' for '))
  if (ALL.has(fold(typed))) return { kind: 'all' }
  return { kind: 'tag', typed: typed.replace(/^#/, '') }
}

function roleOf(word: string): GrantedRole | null {
  const folded: string = fold(word)
  return GRANTED_ROLES.find((role: Role) => role === folded) ?? null
}

/** The text without the first place where the part stands, and without the dots that ended it. */
function without(text: string, part: string): string {
  const at = text.indexOf(part)
  if (at < 0) return text.replace(/@\S+/, ' ').trim()
  return `${text.slice(0, at)} ${text.slice(at + part.length).replace(/^[.!?]+/, '')}`
    .replace(/ +/g, ' ')
    .trim()
}
