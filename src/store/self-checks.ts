import { z } from 'zod'
import type { SelfCheck } from '../core/self-check.ts'
import { everyRow, type Row, type TableStore } from '../core/table-store.ts'
import { STORED_REF } from './conversations.ts'
import {
  allShards,
  fromRev,
  SELF_SECRETS,
  type SelfSecretKind,
  selfCheckKey,
  selfChecksPrefix,
  selfSecretKey,
  shard,
} from './keys.ts'
import { rowsOf } from './offices.ts'
import { pack, unpack } from './packed.ts'

/** What names one self-check: enough to find its row. */
export type SelfCheckName = Pick<SelfCheck, 'id' | 'askedAt' | 'person'>

/** Self-checks of people and the secrets that lead to them (tables `selfchecks` and `selfsecrets`). */
export interface SelfCheckStore {
  /** Stores a new one, and the code that leads to it until `until`. */
  add(check: SelfCheck): Promise<void>
  /**
   * Spends a code: of any number of tries exactly one gets the check, as an update on its ETag decides. Null: there is no
   * such code, it ran out, or it was spent; nobody is told which.
   */
  spend(codeHash: string, now: number): Promise<SelfCheck | null>
  /** Makes a key lead to a check until `until`, epoch ms. */
  addKey(keyHash: string, check: SelfCheckName, until: number): Promise<void>
  /** The check that a key leads to; null: none, or no more. */
  byKey(keyHash: string, now: number): Promise<SelfCheck | null>
  /**
   * Changes one under its ETag: `next` may run more than once; null from it leaves the row as it is. The answer is what is
   * stored after; null when nothing was changed, or the row is gone.
   */
  change(name: SelfCheckName, next: (before: SelfCheck) => SelfCheck | null): Promise<SelfCheck | null>
  /** A person's own, newest first. */
  of(objectId: string): Promise<readonly SelfCheck[]>
  all(): Promise<readonly SelfCheck[]>
  /** Removes all of a person's, with what leads to them; the answer is what was there. */
  forget(objectId: string): Promise<readonly SelfCheck[]>
  /** Removes those asked for before a time, and secrets that ran out before `now`; all times epoch ms. */
  sweep(askedBefore: number, now: number): Promise<void>
}

/** Tries of one change while the card, the page and the sweep want to change the same row. */
const MAX_TRIES = 8

const DOOR = z.looseObject({ name: z.string(), kind: z.string() })
const RESULT = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('page'),
    at: z.number(),
    evidence: z.looseObject({
      doors: z.array(DOOR),
      egress: z.array(z.looseObject({ address: z.string() })),
    }),
    judgement: z.looseObject({ outcome: z.enum(['well', 'not-well', 'unknown']), compare: z.string() }),
  }),
  z.looseObject({
    kind: z.literal('command'),
    at: z.number(),
    office: z.looseObject({ id: z.string(), name: z.string() }).nullable(),
    readiness: z.enum(['ready', 'not-ready', 'unproven']),
    rulings: z.array(z.looseObject({ criterion: z.string(), verdict: z.string(), because: z.string() })),
  }),
])

const STATE = z.enum(['invited', 'running', 'done', 'expired'])
const CHECK = z.looseObject({
  id: z.string().min(1),
  person: z.looseObject({ objectId: z.string(), name: z.string() }),
  conversation: STORED_REF,
  cardId: z.string().nullable(),
  timeZone: z.string(),
  officeId: z.string().nullable(),
  askedAt: z.number(),
  until: z.number(),
  state: STATE,
  told: STATE,
  codeHash: z.string(),
  keyHash: z.string().nullable(),
  seen: z.array(z.string()),
  nonces: z.array(z.string()),
  plan: z.looseObject({ owed: z.array(z.unknown()), already: z.array(z.unknown()) }).nullable(),
  result: RESULT.nullable(),
})

/** The two tables behind their port. A row that cannot be read is named to `onDamaged` and counts as none. */
export function selfCheckStore(
  store: TableStore,
  onDamaged: (id: string) => void = () => undefined,
): SelfCheckStore {
  const read = (row: Row): SelfCheck | null => {
    const check = CHECK.safeParse(unpack(row.props))
    if (check.success) return check.data as unknown as SelfCheck
    onDamaged(row.rk)
    return null
  }
  const keyOf = ({ id, askedAt, person }: SelfCheckName) => selfCheckKey(person.objectId, askedAt, id)
  const load = async (name: SelfCheckName): Promise<SelfCheck | null> => {
    const row = await store.get(keyOf(name))
    return row ? read(row) : null
  }
  const secretProps = ({ id, askedAt, person }: SelfCheckName, until: number) => ({
    checkId: id,
    askedAt,
    objectId: person.objectId,
    until,
  })
  /** The row of a secret that has not run out, and the check that it leads to. */
  const led = async (kind: SelfSecretKind, hash: string, now: number) => {
    const row = await store.get(selfSecretKey(kind, hash))
    if (!row) return null
    const { checkId, askedAt, objectId, until } = row.props
    if (typeof askedAt !== 'number' || typeof until !== 'number' || until <= now) return null
    const person = { objectId: String(objectId), name: '' }
    return { row, name: { id: String(checkId), askedAt, person } satisfies SelfCheckName }
  }
  const removeAll = async (checks: readonly SelfCheck[]): Promise<void> => {
    for (const check of checks) {
      // Secrets first: what leads to a row goes before the row.
      await store.remove(selfSecretKey('code', check.codeHash))
      if (check.keyHash !== null) await store.remove(selfSecretKey('key', check.keyHash))
      await store.remove(keyOf(check))
    }
  }
  const rowsOfPerson = async (objectId: string): Promise<readonly Row[]> => {
    const rows: Row[] = []
    const range = { table: 'selfchecks', pk: shard(objectId), rkPrefix: selfChecksPrefix(objectId) }
    for await (const row of everyRow(store, range)) rows.push(row)
    return rows
  }
  const all = async (): Promise<readonly SelfCheck[]> => {
    const shards = await Promise.all(allShards().map((pk) => rowsOf(store, 'selfchecks', pk)))
    return shards.flat().flatMap((row) => read(row) ?? [])
  }

  return {
    async add(check) {
      await store.insert(keyOf(check), pack(check))
      await store.insert(selfSecretKey('code', check.codeHash), secretProps(check, check.until))
    },
    async spend(codeHash, now) {
      const found = await led('code', codeHash, now)
      if (!found || found.row.props['spent'] === true) return null
      const key = selfSecretKey('code', codeHash)
      if (!(await store.update(key, { spent: true }, 'merge', found.row.etag)).ok) return null
      return load(found.name)
    },
    async addKey(keyHash, check, until) {
      await store.insert(selfSecretKey('key', keyHash), secretProps(check, until))
    },
    async byKey(keyHash, now) {
      const found = await led('key', keyHash, now)
      return found ? load(found.name) : null
    },
    async change(name, next) {
      const key = keyOf(name)
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const row = await store.get(key)
        const before = row ? read(row) : null
        const after = before ? next(before) : null
        if (!row || after === null) return null
        if ((await store.update(key, pack(after), 'replace', row.etag)).ok) return after
      }
      throw new Error('a self-check changed faster than it could be stored')
    },
    async of(objectId) {
      return (await rowsOfPerson(objectId)).flatMap((row) => read(row) ?? [])
    },
    all,
    async forget(objectId) {
      const rows = await rowsOfPerson(objectId)
      const checks = rows.flatMap((row) => read(row) ?? [])
      await removeAll(checks)
      // What cannot be read goes too.
      for (const { pk, rk } of rows) await store.remove({ table: 'selfchecks', pk, rk })
      return checks
    },
    async sweep(askedBefore, now) {
      const shards = await Promise.all(allShards().map((pk) => rowsOf(store, 'selfchecks', pk)))
      // By the time in the key: what cannot be read grows old too.
      const old = shards.flat().filter(({ rk }) => !(fromRev(rk.slice(rk.indexOf('.') + 1)) >= askedBefore))
      await removeAll(old.flatMap((row) => read(row) ?? []))
      for (const { pk, rk } of old) await store.remove({ table: 'selfchecks', pk, rk })
      for (const kind of SELF_SECRETS) {
        for (const { rk, props } of await rowsOf(store, 'selfsecrets', kind)) {
          const { until } = props
          if (typeof until !== 'number' || until <= now) await store.remove(selfSecretKey(kind, rk))
        }
      }
    },
  }
}
