import { z } from 'zod'
import type { Runner } from '../core/runner.ts'
import type { Row, TableStore } from '../core/table-store.ts'
import { allShards, runnerKey } from './keys.ts'
import { rowsOf } from './offices.ts'
import { pack, unpack } from './packed.ts'

const RUNNER = z.object({
  id: z.string(),
  officeId: z.string(),
  name: z.string(),
  kid: z.string(),
  publicKey: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
  state: z.enum(['pending', 'active', 'locked', 'revoked']),
  enrolledAt: z.number(),
  seenAt: z.number().nullable(),
  hello: z
    .object({
      version: z.string(),
      platform: z.string(),
      probes: z.record(z.string(), z.number()),
      listVersion: z.string(),
      settings: z.object({ tenant: z.boolean(), echo: z.boolean(), beacon: z.boolean() }),
      world: z.string().nullable(),
    })
    .nullable(),
  quarantined: z.boolean(),
})

/** An enrolment code: stored hashed, spent once, and remembered by whom so that a lost answer can be repeated. */
export interface EnrolCode {
  readonly officeId: string
  readonly createdBy: string
  /** Epoch ms. */
  readonly expiresAt: number
  /** Thumbprint of the key that spent it; null while unspent. */
  readonly usedBy: string | null
  readonly runnerId: string | null
}

/** The registry of runners and their enrolment codes. */
export interface RunnerStore {
  all(): Promise<readonly Runner[]>
  byKid(kid: string): Promise<Runner | null>
  put(runner: Runner): Promise<void>
  putCode(hash: string, code: EnrolCode): Promise<void>
  code(hash: string): Promise<(EnrolCode & { readonly etag: string }) | null>
  /** Marks a code spent; false when somebody else changed it since `etag` was read. */
  spendCode(hash: string, etag: string, kid: string, runnerId: string): Promise<boolean>
}

const CODES = { table: 'codes', pk: 'tok' } as const
const KIDS = { table: 'runnerkeys', pk: 'kid' } as const

/**
 * Runners in the table `runners`, found by their key through `runnerkeys`. Rows that cannot be read are named to
 * `onDamaged` and left out.
 */
export function runnerStore(
  store: TableStore,
  onDamaged: (row: string) => void = () => undefined,
): RunnerStore {
  const read = (row: Row): Runner | null => {
    const parsed = RUNNER.safeParse(unpack(row.props))
    if (parsed.success) return parsed.data as Runner
    onDamaged(row.rk)
    return null
  }
  return {
    async all() {
      const shards = await Promise.all(allShards().map((pk) => rowsOf(store, 'runners', pk)))
      return shards.flat().flatMap((row) => read(row) ?? [])
    },
    async byKid(kid) {
      const pointer = await store.get({ ...KIDS, rk: kid })
      const { officeId, runnerId } = pointer?.props ?? {}
      if (typeof officeId !== 'string' || typeof runnerId !== 'string') return null
      const row = await store.get(runnerKey(officeId, runnerId))
      return row ? read(row) : null
    },
    async put(runner) {
      await store.upsert(runnerKey(runner.officeId, runner.id), pack(runner), 'replace')
      await store.upsert(
        { ...KIDS, rk: runner.kid },
        { officeId: runner.officeId, runnerId: runner.id },
        'replace',
      )
    },
    async putCode(hash, code) {
      await store.insert({ ...CODES, rk: hash }, { ...code })
    },
    async code(hash) {
      const row = await store.get({ ...CODES, rk: hash })
      if (!row) return null
      const { officeId, createdBy, expiresAt, usedBy, runnerId } = row.props
      if (typeof officeId !== 'string' || typeof expiresAt !== 'number') return null
      return {
        officeId,
        createdBy: String(createdBy),
        expiresAt,
        usedBy: typeof usedBy === 'string' ? usedBy : null,
        runnerId: typeof runnerId === 'string' ? runnerId : null,
        etag: row.etag,
      }
    },
    async spendCode(hash, etag, kid, runnerId) {
      const wrote = await store.update({ ...CODES, rk: hash }, { usedBy: kid, runnerId }, 'merge', etag)
      return wrote.ok
    },
  }
}
