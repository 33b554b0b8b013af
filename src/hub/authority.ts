import type { RoleDesk } from '../commands/role-desk.ts'
import { type Authority, type Grant, mayGrant } from '../core/authority.ts'
import type { ConversationRef, Person } from '../core/chat.ts'
import { leavesAnAdmin, type StoredGrant } from '../core/granted.ts'
import type { People } from '../core/people.ts'
import type { GrantStore } from '../store/grants.ts'

export interface RolesDeps {
  /** As configured: what the chat cannot change. */
  readonly configured: Authority
  readonly grants: GrantStore
  readonly people: People
}

/** Who may what: the configuration and the chat's grants together, and the way to change the latter. */
export interface Roles {
  authority(): Promise<Authority>
  /** Keeps how somebody who holds a role is called now, for refusals that say whom to ask. */
  seen(person: Person): Promise<void>
  /** What the `role` command works with when this person says it here. */
  desk(person: Person, conversation: ConversationRef): RoleDesk
}

/** Joins configuration and stored grants. Names come from what was last seen of a person. */
export function rolesOf({ configured, grants, people }: RolesDeps): Roles {
  const join = async (stored: readonly StoredGrant[]): Promise<Authority> => {
    const names = new Map((await grants.names()).map(({ objectId, name }) => [objectId, name]))
    const named = (grant: Grant): Grant => {
      const name = names.get(grant.objectId) ?? grant.name
      return name === undefined ? grant : { ...grant, name }
    }
    return { ...configured, grants: [...configured.grants, ...stored].map(named) }
  }
  const authority = async () => join(await grants.all())
  return {
    authority,
    async seen({ objectId, name }) {
      if (name === '') return
      const all = [...configured.grants, ...(await grants.all())]
      if (!all.some((grant) => grant.objectId === objectId)) return
      const known = (await grants.names()).find((entry) => entry.objectId === objectId)
      if (known?.name !== name) await grants.putName({ objectId, name })
    },
    desk: (person, conversation) => ({
      async held() {
        const [stored, names] = await Promise.all([grants.all(), grants.names()])
        const nameOf = (objectId: string) => names.find((entry) => entry.objectId === objectId)?.name
        return [
          ...configured.grants.map(({ objectId, role, tag }) => ({
            objectId,
            role,
            tag,
            name: nameOf(objectId) ?? null,
            given: null,
          })),
          ...stored.map(({ objectId, role, tag, name, by, at }) => ({
            objectId,
            role,
            tag,
            name: nameOf(objectId) ?? (name === '' ? null : name),
            given: { by: nameOf(by.objectId) ?? by.name, at },
          })),
        ]
      },
      everyone: configured.everyone,
      mayGrant: async (tag) => mayGrant(await authority(), person, tag),
      find: (id) => people.find(conversation, id),
      isListedGuest: (objectId) => (configured.guests ?? []).includes(objectId),
      async grant(wanted) {
        const changed = await grants.change<'not-allowed' | 'same' | 'last-admin'>((current) => {
          // Asked on what is stored now: the giver's own role may have gone since the message came.
          const now = { ...configured, grants: [...configured.grants, ...current] }
          if (!mayGrant(now, person, wanted.tag).ok) return { kind: 'refuse', why: 'not-allowed' }
          const before = current.find((one) => one.objectId === wanted.objectId && one.tag === wanted.tag)
          if (before?.role === wanted.role) return { kind: 'refuse', why: 'same' }
          const lesser = before !== undefined && before.role === 'admin'
          if (lesser && before.tag === null && !leavesAnAdmin(configured.grants, current, [before]))
            return { kind: 'refuse', why: 'last-admin' }
          return { kind: 'put', grant: wanted }
        })
        return changed.kind === 'refused' ? changed.why : changed.kind
      },
      async revoke(objectId, tag) {
        let gone: readonly StoredGrant[] = []
        const changed = await grants.change<'not-allowed' | 'none' | 'last-admin'>((current) => {
          const now = { ...configured, grants: [...configured.grants, ...current] }
          gone = current.filter((one) => one.objectId === objectId && (tag === 'every' || one.tag === tag))
          if (gone.length === 0) return { kind: 'refuse', why: 'none' }
          if (gone.some((one) => !mayGrant(now, person, one.tag).ok))
            return { kind: 'refuse', why: 'not-allowed' }
          return leavesAnAdmin(configured.grants, current, gone)
            ? { kind: 'remove', grants: gone }
            : { kind: 'refuse', why: 'last-admin' }
        })
        if (changed.kind === 'done') return { kind: 'done', gone }
        return { kind: changed.kind === 'refused' ? changed.why : 'busy' }
      },
    }),
  }
}
