import type { Grant, Role } from './authority.ts'

/** A role that somebody gave in the chat. */
export interface StoredGrant extends Grant {
  readonly role: GrantedRole
  readonly name: string
  /** Who gave it, and when (epoch ms). The name is outside text. */
  readonly by: { readonly objectId: string; readonly name: string }
  readonly at: number
}

/** What can be given: everybody is a member already. */
export const GRANTED_ROLES = ['viewer', 'operator', 'admin'] as const satisfies readonly Role[]
export type GrantedRole = (typeof GRANTED_ROLES)[number]

/** A change of the stored grants, decided on what is stored at that moment. */
export type GrantsChange<R> =
  | { readonly kind: 'put'; readonly grant: StoredGrant }
  | { readonly kind: 'remove'; readonly grants: readonly StoredGrant[] }
  | { readonly kind: 'refuse'; readonly why: R }

/** What became of it. `busy`: others changed grants all the while; nothing was changed. */
export type GrantsChanged<R> =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly why: R }
  | { readonly kind: 'busy' }

/** Whether somebody could still give roles if these grants went: an admin for all offices must be left. */
export function leavesAnAdmin(
  configured: readonly Grant[],
  stored: readonly StoredGrant[],
  gone: readonly StoredGrant[],
): boolean {
  const left = [...configured, ...stored.filter((grant) => !gone.includes(grant))]
  return left.some(({ role, tag }) => role === 'admin' && tag === null)
}
