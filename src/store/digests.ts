import { z } from 'zod'
import type { DigestMemory, DigestSchedule } from '../core/digest.ts'
import { ANY_ETAG, everyRow, type Row, type TableStore } from '../core/table-store.ts'
import { CRITERIA } from '../core/verdict.ts'
import { STORED_REF } from './conversations.ts'
import { time } from './keys.ts'
import { rowsOf } from './offices.ts'
import { DIGESTS, digestKey, digestMemoryKey, slotKey } from './order-keys.ts'
import { pack, unpack } from './packed.ts'

/** A schedule with the next time at which it is due, epoch ms. */
export interface StoredDigest {
  readonly schedule: DigestSchedule
  readonly nextAt: number
}

/** What is done for a time at which a digest is due; each part is claimed on its own. */
export type SlotPart = 'checks' | 'post'

/** What came of asking for a part of a slot. */
export type Claimed =
  /** Ours. `sentBefore`: whoever had it may have sent it, and nobody knows. */
  | { readonly kind: 'mine'; readonly sentBefore: boolean }
  /** Somebody else has it, or it waits; it may be asked for again. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'done' }

/** A part of a slot, and who asks for it. */
export interface SlotClaim {
  readonly scheduleId: string
  /** The time at which it is due, epoch ms. */
  readonly slot: number
  readonly part: SlotPart
  /** Who asks: another name for each run of a hub. */
  readonly holder: string
}

/** Schedules of digests, what each said last, and who does which slot. */
export interface DigestStore {
  all(): Promise<readonly StoredDigest[]>
  put(schedule: DigestSchedule, nextAt: number): Promise<void>
  /** Moves one on to its next time; one that was changed or stopped meanwhile stays as it is. */
  moveOn(before: StoredDigest, nextAt: number): Promise<void>
  /** False when there was none. */
  remove(scheduleId: string): Promise<boolean>
  memory(scheduleId: string): Promise<DigestMemory | null>
  /** When the newest digest of those that are kept was made, epoch ms; null: none was. */
  lastAt(): Promise<number | null>
  putMemory(scheduleId: string, memory: DigestMemory): Promise<void>
  /**
   * Takes a part until `until` (epoch ms): an insert decides between two, and a claim that ran out is taken over under
   * its ETag. A claim of the same holder that has not run out stays `taken`.
   */
  claim(claim: SlotClaim, now: number, until: number): Promise<Claimed>
  /** Notes that the part is about to be sent. False when somebody else has it by now: then it is not to be sent. */
  sending(claim: SlotClaim): Promise<boolean>
  /** Gives a part back unsent; it may be taken from `at` on. */
  giveBack(claim: SlotClaim, at: number): Promise<void>
  /** Ends a part for good, and forgets slots of before `keepFrom`. */
  done(claim: SlotClaim, keepFrom: number): Promise<void>
}

const SCHEDULE = z.looseObject({
  id: z.string().min(1),
  plan: z.looseObject({
    selector: z.string().min(1),
    days: z.array(z.number().int().min(1).max(7)).min(1),
    time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
    timeZone: z.string().min(1),
    mode: z.enum(['changes', 'full']),
  }),
  conversation: STORED_REF,
  madeBy: z.looseObject({ objectId: z.string(), name: z.string() }),
  madeAt: z.number(),
})

const MEMORY = z.looseObject({
  at: z.number(),
  offices: z.record(
    z.string(),
    z.object({
      readiness: z.enum(['ready', 'not-ready', 'unproven']),
      failing: z.array(z.enum(CRITERIA)),
    }),
  ),
})

/**
 * Tables `digests`, `digestmemory` and `slots`. A schedule that cannot be read is named to `onDamaged` and left out; a
 * memory that cannot be read counts as none.
 */
export function digestStore(
  store: TableStore,
  onDamaged: (scheduleId: string) => void = () => undefined,
): DigestStore {
  const read = ({ rk, props }: Row): StoredDigest | null => {
    const schedule = SCHEDULE.safeParse(unpack(props))
    const nextAt = props['nextAt']
    if (schedule.success && typeof nextAt === 'number') {
      return { schedule: schedule.data as unknown as DigestSchedule, nextAt }
    }
    onDamaged(rk)
    return null
  }
  const keyOf = ({ scheduleId, slot, part }: SlotClaim) => slotKey(scheduleId, slot, part)

  /** The row of a claim while it is this holder's. */
  async function own(claim: SlotClaim): Promise<Row | null> {
    const row = await store.get(keyOf(claim))
    return row && row.props['holder'] === claim.holder && row.props['state'] !== 'done' ? row : null
  }

  return {
    async all() {
      const rows = await rowsOf(store, 'digests', DIGESTS)
      return rows.flatMap((row) => read(row) ?? [])
    },
    async put(schedule, nextAt) {
      await store.upsert(digestKey(schedule.id), { nextAt, ...pack(schedule) }, 'replace')
    },
    async moveOn({ schedule, nextAt: before }, nextAt) {
      const row = await store.get(digestKey(schedule.id))
      if (!row || row.props['nextAt'] !== before) return
      await store.update(digestKey(schedule.id), { nextAt }, 'merge', row.etag)
    },
    async remove(scheduleId) {
      const removed = await store.remove(digestKey(scheduleId), ANY_ETAG)
      await store.remove(digestMemoryKey(scheduleId))
      return removed.ok
    },
    async memory(scheduleId) {
      const row = await store.get(digestMemoryKey(scheduleId))
      const memory = row ? MEMORY.safeParse(unpack(row.props)) : null
      return memory?.success ? (memory.data as DigestMemory) : null
    },
    async lastAt() {
      const known = await rowsOf(store, 'digests', DIGESTS)
      const made = await Promise.all(known.map(({ rk }) => store.get(digestMemoryKey(rk), ['at'])))
      const times = made.map((row) => row?.props['at']).filter((at) => typeof at === 'number')
      return times.length === 0 ? null : Math.max(...times)
    },
    async putMemory(scheduleId, memory) {
      await store.upsert(digestMemoryKey(scheduleId), { at: memory.at, ...pack(memory) }, 'replace')
    },
    async claim(claim, now, until) {
      const props = { holder: claim.holder, until, state: 'claimed' }
      if ((await store.insert(keyOf(claim), props)).ok) return { kind: 'mine', sentBefore: false }
      const row = await store.get(keyOf(claim))
      // It was there a moment ago: the next round decides.
      if (!row) return { kind: 'taken' }
      const { state, until: heldUntil } = row.props
      if (state === 'done') return { kind: 'done' }
      if (typeof heldUntil === 'number' && heldUntil > now) return { kind: 'taken' }
      const took = await store.update(keyOf(claim), props, 'replace', row.etag)
      return took.ok ? { kind: 'mine', sentBefore: state === 'sending' } : { kind: 'taken' }
    },
    async sending(claim) {
      const row = await own(claim)
      if (!row) return false
      return (await store.update(keyOf(claim), { state: 'sending' }, 'merge', row.etag)).ok
    },
    async giveBack(claim, at) {
      const row = await own(claim)
      if (row) await store.update(keyOf(claim), { state: 'claimed', until: at }, 'merge', row.etag)
    },
    async done(claim, keepFrom) {
      await store.upsert(keyOf(claim), { state: 'done', holder: claim.holder }, 'replace')
      const old = { table: 'slots', pk: claim.scheduleId, rkTo: time(keepFrom) }
      for await (const { rk } of everyRow(store, old)) {
        await store.remove({ table: 'slots', pk: claim.scheduleId, rk })
      }
    },
  }
}
