import type { Authority } from '../../src/core/authority.ts'
import type { ConversationRef, Person } from '../../src/core/chat.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { TurnLimits } from '../../src/core/turn-limits.ts'
import { rolesOf } from '../../src/hub/authority.ts'
import { peopleOf } from '../../src/hub/people.ts'
import { auditReader } from '../../src/store/audit.ts'
import { grantStore } from '../../src/store/grants.ts'
import type { TestClock } from './test-clock.ts'

export interface RolesKitOptions {
  readonly store: TableStore
  readonly clock: TestClock
  readonly configured: Authority
  /** What the roster says of an id; not given: nothing of anybody. */
  readonly member?: (conversation: ConversationRef, id: string) => Promise<Person | null>
  /** Whether a silent roster turns people away. */
  readonly signIn?: boolean
  /** The pace of one person; not given: as fast as a test asks. */
  readonly perMinute?: number
}

/** What a conversation needs of roles, all real but the roster. */
export function rolesKit(options: RolesKitOptions) {
  const { store, clock, configured, member = async () => null, signIn = false, perMinute = 1_000 } = options
  const people = peopleOf({ chat: { member }, clock, signIn })
  const roles = rolesOf({ configured, grants: grantStore(store, () => undefined), people })
  return {
    authority: roles.authority,
    roleDesk: roles.desk,
    seen: roles.seen,
    auditLog: auditReader(store),
    people,
    limits: new TurnLimits(clock, perMinute),
  }
}
