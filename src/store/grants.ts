import { z } from 'zod'
import { GRANTED_ROLES, type GrantsChange, type GrantsChanged, type StoredGrant } from '../core/granted.ts'
import type { BatchOp, TableStore } from '../core/table-store.ts'
import { everyRow } from '../core/table-store.ts'
import { GRANTS, GRANTS_PREFIX, grantKey, grantsHeadKey, nameKey } from './keys.ts'
import { rowsOf } from './offices.ts'

const OBJECT_ID = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)

/** A grant as its row holds it. A row that does not fit grants nothing and is reported. */
const GRANT = z.object({
  objectId: OBJECT_ID,
  role: z.enum(GRANTED_ROLES),
  tag: z.string().min(1).optional(),
  name: z.string(),
  byId: z.string(),
  byName: z.string(),
  at: z.number().int(),
})

/** Tries of a change while others change grants too: each round one of them gets through. */
const MAX_TRIES = 5

/** How a person was last called. */
export interface KnownName {
  readonly objectId: string
  readonly name: string
}

/** Roles that were given in the chat, and the names of people who hold one. */
export interface GrantStore {
  /** All grants; rows that cannot be read are named to `onDamaged` and grant nothing. */
  all(): Promise<readonly StoredGrant[]>
  /**
   * Changes the grants. `decide` is given what is stored now, not a copy, and is asked again when somebody else was
   * faster; so a rule that it keeps holds whoever else is at work, on this hub or another.
   */
  change<R>(decide: (current: readonly StoredGrant[]) => GrantsChange<R>): Promise<GrantsChanged<R>>
  names(): Promise<readonly KnownName[]>
  putName(known: KnownName): Promise<void>
}

/** Grants and names in the table `grants`. */
export function grantStore(store: TableStore, onDamaged: (row: string) => void): GrantStore {
  const all = async () => {
    const query = { table: grantsHeadKey().table, pk: GRANTS, rkPrefix: GRANTS_PREFIX }
    const rows = await Array.fromAsync(everyRow(store, query))
    return rows.flatMap((row): readonly StoredGrant[] => {
      const read = GRANT.safeParse(row.props)
      if (!read.success) {
        onDamaged(row.rk)
        return []
      }
      const { byId, byName, tag = null, ...rest } = read.data
      return [{ ...rest, tag, by: { objectId: byId, name: byName } }]
    })
  }
  return {
    all,
    async change(decide) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        // The head first: a change between the two reads makes the batch stale.
        const head = await store.get(grantsHeadKey())
        const change = decide(await all())
        if (change.kind === 'refuse') return { kind: 'refused', why: change.why }
        const { table, pk, rk } = grantsHeadKey()
        const props = { changes: Number(head?.props['changes'] ?? 0) + 1 }
        const mark: BatchOp = head
          ? { op: 'update', rk, props, mode: 'replace', etag: head.etag }
          : { op: 'insert', rk, props }
        if ((await store.batch(table, pk, [mark, ...opsOf(change)])).ok) return { kind: 'done' }
      }
      return { kind: 'busy' }
    },
    async names() {
      const rows = await rowsOf(store, 'grants', 'names')
      return rows.flatMap(({ rk, props }) =>
        typeof props['name'] === 'string' ? [{ objectId: rk, name: props['name'] }] : [],
      )
    },
    async putName({ objectId, name }) {
      await store.upsert(nameKey(objectId), { name }, 'replace')
    },
  }
}

function opsOf(change: Exclude<GrantsChange<never>, { kind: 'refuse' }>): readonly BatchOp[] {
  if (change.kind === 'remove') {
    return change.grants.map(({ objectId, tag }) => ({ op: 'remove', rk: grantKey(objectId, tag).rk }))
  }
  const { objectId, role, tag, name, by, at } = change.grant
  const props = { objectId, role, name, byId: by.objectId, byName: by.name, at }
  const tagged = tag === null ? props : { ...props, tag }
  return [{ op: 'upsert', rk: grantKey(objectId, tag).rk, props: tagged, mode: 'replace' }]
}
