import type { Outsider } from './chat.ts'
import type { Office } from './office.ts'

/** What a person may be. Each role may all that the one before it may. */
export const ROLES = ['member', 'viewer', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** What can be done, by the least role that may do it. Every command and every click names one of these. */
export const VERBS = {
  help: 'member',
  about: 'member',
  me: 'member',
  forget: 'member',
  offices: 'viewer',
  status: 'viewer',
  why: 'viewer',
  history: 'viewer',
  compare: 'viewer',
  evidence: 'viewer',
  'what-if': 'viewer',
  endpoints: 'viewer',
  runners: 'viewer',
  check: 'operator',
  digest: 'operator',
  alert: 'operator',
  freeze: 'operator',
  cancel: 'operator',
  'edit-office': 'admin',
  'export-offices': 'admin',
  limit: 'admin',
  attest: 'admin',
  'add-runner': 'admin',
  role: 'admin',
  audit: 'admin',
  'count-self-checks': 'admin',
} as const satisfies Record<string, Role>
export type Verb = keyof typeof VERBS

/**
 * Verbs that are done to offices: a role held for a tag alone lets them through the door, and the handler asks again,
 * office by office.
 */
export const OFFICE_VERBS: readonly Verb[] = [
  'offices',
  'status',
  'why',
  'history',
  'compare',
  'what-if',
  'endpoints',
  'runners',
  'check',
  'digest',
  'alert',
  'freeze',
  'cancel',
  'edit-office',
  'export-offices',
  'limit',
  'attest',
  'add-runner',
  'role',
]

/** Who asks: the object id that the identity provider vouches for, never a name or an address. */
export interface Asker {
  /** Lower-case GUID; null for a person whom nobody vouched for. */
  readonly objectId: string | null
  /** Why they are no member of the tenant; missing: they are one. */
  readonly outsider?: Outsider
}

/** A role held by a person, for all offices or for those with a tag. */
export interface Grant {
  readonly objectId: string
  readonly role: Role
  /** Tag without `#`; null: all offices. */
  readonly tag: string | null
  /** As the person was last called, for showing alone; missing: not known. Outside text. */
  readonly name?: string
}

/** Who may what, from the configuration and from what was granted in the chat. */
export interface Authority {
  readonly grants: readonly Grant[]
  /** The role of every member of the tenant who has no grant. Guests have none but what was granted to them. */
  readonly everyone: Role
  /** Object ids of people who are no members of the tenant and may ask all the same; missing: nobody. */
  readonly guests?: readonly string[]
}

/** What it takes, what the person has, and whom to ask for the rest. */
export interface Denied {
  readonly ok: false
  readonly needs: Role
  /** The highest role that counts here. */
  readonly has: Role
  /** What was asked for. */
  readonly verb: Verb
  /** The office it was asked for; null: none in particular. */
  readonly office: Pick<Office, 'name' | 'tags'> | null
  /** Tags for which the person holds the role that it takes, when those are not of this office. */
  readonly elsewhere: readonly string[]
  /** The person is no member of the tenant and is not listed: no role helps. */
  readonly outsider: Outsider | null
  /** Names of admins who can change that, as last seen. Outside text. */
  readonly ask: readonly string[]
  /** Under which the audit has it. */
  readonly reference?: string
}

/** Allowed, or what it takes. */
export type Permission = { readonly ok: true } | Denied

function rank(role: Role): number {
  return ROLES.indexOf(role)
}

function higher(a: Role, b: Role): Role {
  return rank(a) >= rank(b) ? a : b
}

/**
 * Whether a person may do something to an office (or, with null, to none in particular). The one place that decides;
 * it is asked before every command and again at every click, about the person who clicks.
 */
export function may(authority: Authority, asker: Asker, verb: Verb, office: Office | null): Permission {
  const needs = VERBS[verb]
  const inScope = (grant: Grant) => grant.tag === null || (office?.tags.includes(grant.tag) ?? false)
  const own = grantsOf(authority, asker)
  const has = own
    .filter(inScope)
    .map(({ role }) => role)
    .reduce(higher, baseRole(authority, asker))
  const outsider = shutOut(authority, asker)
  if (outsider === null && rank(has) >= rank(needs)) return { ok: true }
  const elsewhere = own.flatMap((grant) =>
    grant.tag !== null && !inScope(grant) && rank(grant.role) >= rank(needs) ? [grant.tag] : [],
  )
  const ask = adminNames(authority, asker, inScope)
  return {
    ok: false,
    needs,
    has,
    verb,
    office: office && { name: office.name, tags: office.tags },
    elsewhere,
    outsider,
    ask,
  }
}

/**
 * Whether a person may give or take roles for a tag, or with null for all offices: an admin for all offices may, and an
 * admin for a tag for that very tag. Another tag may be put on other offices tomorrow, so it is beyond their scope.
 */
export function mayGrant(authority: Authority, asker: Asker, tag: string | null): Permission {
  const inScope = (grant: Grant) => grant.tag === null || grant.tag === tag
  const own = grantsOf(authority, asker)
  const has = own
    .filter(inScope)
    .map(({ role }) => role)
    .reduce(higher, baseRole(authority, asker))
  const outsider = shutOut(authority, asker)
  if (outsider === null && has === 'admin') return { ok: true }
  const elsewhere = own.flatMap((grant) => (grant.role === 'admin' && grant.tag !== null ? [grant.tag] : []))
  const ask = adminNames(authority, asker, inScope)
  return { ok: false, needs: 'admin', has, verb: 'role', office: null, elsewhere, outsider, ask }
}

/** Whether a person holds a grant for the offices of some tag that allows this, whichever offices those are. */
export function mayForSome(authority: Authority, asker: Asker, verb: Verb): boolean {
  return (
    shutOut(authority, asker) === null &&
    grantsOf(authority, asker).some(({ role, tag }) => tag !== null && rank(role) >= rank(VERBS[verb]))
  )
}

/** The highest role that a person holds for all offices. */
export function roleOf(authority: Authority, asker: Asker): Role {
  return grantsOf(authority, asker)
    .filter((grant) => grant.tag === null)
    .map((grant) => grant.role)
    .reduce(higher, baseRole(authority, asker))
}

/** Why a person is kept out altogether; null: they are not. */
export function shutOut(authority: Authority, asker: Asker): Outsider | null {
  if (asker.outsider === undefined) return null
  return asker.objectId !== null && (authority.guests ?? []).includes(asker.objectId.toLowerCase())
    ? null
    : asker.outsider
}

function grantsOf(authority: Authority, asker: Asker): readonly Grant[] {
  const id = asker.objectId?.toLowerCase()
  return authority.grants.filter((grant) => grant.objectId.toLowerCase() === id)
}

/** What is theirs without a grant: the tenant's own people have what everybody has, others nothing. */
function baseRole(authority: Authority, asker: Asker): Role {
  return asker.objectId === null || asker.outsider !== undefined ? 'member' : authority.everyone
}

function adminNames(
  authority: Authority,
  asker: Asker,
  inScope: (grant: Grant) => boolean,
): readonly string[] {
  const names = authority.grants
    .filter((grant) => grant.role === 'admin' && inScope(grant))
    .filter(({ objectId }) => objectId.toLowerCase() !== asker.objectId?.toLowerCase())
    .flatMap(({ name }) => (name === undefined || name === '' ? [] : [name]))
  return [...new Set(names)]
}
