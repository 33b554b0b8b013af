import type { Permission, Role } from '../core/authority.ts'
import type { Person } from '../core/chat.ts'
import type { StoredGrant } from '../core/granted.ts'

/** A role that somebody holds. Names are outside text; null: never seen. */
export interface HeldRole {
  readonly objectId: string
  readonly name: string | null
  readonly role: Role
  /** Without `#`; null: all offices. */
  readonly tag: string | null
  /** Who gave it, and when (epoch ms); null: it stands in the configuration, which a chat cannot change. */
  readonly given: { readonly by: string; readonly at: number } | null
}

/** What came of taking roles away. */
export type Revoked =
  | { readonly kind: 'done'; readonly gone: readonly StoredGrant[] }
  /** `none`: nothing was given in the chat. `last-admin`: nobody could give roles any more. */
  | { readonly kind: 'none' | 'not-allowed' | 'last-admin' | 'busy' }

/** Roles as the person who speaks may see and change them. Every change asks for their rights once more. */
export interface RoleDesk {
  /** Every role, those of the configuration first. */
  held(): Promise<readonly HeldRole[]>
  /** What everybody in the tenant is without a grant. */
  readonly everyone: Role
  mayGrant(tag: string | null): Promise<Permission>
  /** Who is meant by a mention's id or an object id; null when Teams does not say. */
  find(id: string): Promise<Person | null>
  /** Whether the configuration lets this guest in. */
  isListedGuest(objectId: string): boolean
  /** `same`: the person has this very role already. */
  grant(grant: StoredGrant): Promise<'done' | 'not-allowed' | 'same' | 'last-admin' | 'busy'>
  revoke(objectId: string, tag: string | null | 'every'): Promise<Revoked>
}
