import type { Office } from './office.ts'

/** What a person may be. Each role may all that the one before it may. */
export const ROLES = ['member', 'viewer', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** What can be done, by the least role that may do it. Every command and every click names one of these. */
export const VERBS = {
  help: 'member',
  about: 'member',
  offices: 'viewer',
  status: 'viewer',
  why: 'viewer',
  history: 'viewer',
  compare: 'viewer',
  runners: 'viewer',
  check: 'operator',
  cancel: 'operator',
  'edit-office': 'admin',
  'export-offices': 'admin',
  limit: 'admin',
  attest: 'admin',
  'add-runner': 'admin',
  role: 'admin',
  audit: 'admin',
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
  'runners',
  'check',
  'cancel',
  'edit-office',
  'export-offices',
  'limit',
  'attest',
  'add-runner',
]

/** Who asks: the object id that the identity provider vouches for, never a name or an address. */
export interface Asker {
  /** Lower-case GUID; null for a person whom nobody vouched for. */
  readonly objectId: string | null
}

/** A role held by a person, for all offices or for those with a tag. */
export interface Grant {
  readonly objectId: string
  readonly role: Role
  /** Tag without `#`; null: all offices. */
  readonly tag: string | null
}

/** Who may what, from configuration. */
export interface Authority {
  readonly grants: readonly Grant[]
  /** The role of every member of the tenant who has no grant. */
  readonly everyone: Role
}

/** Allowed, or the role that it takes. */
export type Permission =
  | { readonly ok: true }
  | { readonly ok: false; readonly needs: Role; readonly has: Role }

function rank(role: Role): number {
  return ROLES.indexOf(role)
}

/**
 * Whether a person may do something to an office (or, with null, to none in particular). The one place that decides;
 * it is asked before every command and again at every click, about the person who clicks.
 */
export function may(authority: Authority, asker: Asker, verb: Verb, office: Office | null): Permission {
  const needs = VERBS[verb]
  if (asker.objectId === null) {
    return needs === 'member' ? { ok: true } : { ok: false, needs, has: 'member' }
  }
  const id = asker.objectId.toLowerCase()
  const held = authority.grants
    .filter((grant) => grant.objectId.toLowerCase() === id)
    .filter((grant) => grant.tag === null || (office?.tags.includes(grant.tag) ?? false))
    .map((grant) => grant.role)
  const has = [...held, authority.everyone].reduce((best, role) => (rank(role) > rank(best) ? role : best))
  return rank(has) >= rank(needs) ? { ok: true } : { ok: false, needs, has }
}

/** The highest role that a person holds for all offices. */
export function roleOf(authority: Authority, asker: Asker): Role {
  const id = asker.objectId?.toLowerCase()
  const held = authority.grants
    .filter((grant) => grant.tag === null && grant.objectId.toLowerCase() === id)
    .map((grant) => grant.role)
  return [...held, asker.objectId === null ? 'member' : authority.everyone].reduce(
    (best: Role, role) => (rank(role) > rank(best) ? role : best),
    'member',
  )
}
