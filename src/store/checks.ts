import { z } from 'zod'
import { CHECK_STATUSES, type Check } from '../core/check.ts'
import type { Measurement } from '../core/measurement.ts'
import { type BatchOp, everyRow, type Props, type TableStore } from '../core/table-store.ts'
import { allDueBuckets, CHECK_OFFICES_PREFIX, checkHeadKey, checkPartition, dueKey, seenKey } from './keys.ts'
import { PACKED_NAMES, pack, unpack } from './packed.ts'
import { type RecentChecks, recentChecks } from './recent-checks.ts'

/** Another hub has changed the check since we read it. */
export class CheckTaken extends Error {
  override readonly name = 'CheckTaken'
}

/** Running checks: one partition each, the head and one row per office, changed together under their ETags. */
export interface CheckStore extends RecentChecks {
  /**
   * Remembers that an activity was accepted and as which check. The first delivery wins; every other gets the id that
   * the first one chose.
   */
  claimActivity(conversationId: string, activityId: string, checkId: string): Promise<string>
  /** Stores a new check, its reminder first: a crash in between leaves a reminder that holds the whole request. */
  create(check: Check): Promise<void>
  /** Stores what changed between two versions: the head, and the rows of the offices that got measurements. */
  save(before: Check, after: Check): Promise<void>
  load(checkId: string): Promise<Check | null>
  /** Keeps a measurement that came after the close; it never changes the check. */
  keepLate(measurement: Measurement): Promise<void>
  /** Every check that has not been told to the end. */
  unfinished(): Promise<readonly Check[]>
  /** Takes the reminder away: the check is told to the end. */
  forget(check: Check): Promise<void>
}

type Measured = Readonly<Record<string, Measurement>>

/** What must hold before a stored check is believed; what a newer hub adds is kept. */
const CHECK = z.looseObject({
  id: z.string().min(1),
  status: z.enum(CHECK_STATUSES),
  version: z.number(),
  officeIds: z.array(z.string()),
  download: z.boolean().optional(),
  places: z.array(z.looseObject({ conversation: z.looseObject({ conversationId: z.string() }) })),
  createdAt: z.number(),
  deadline: z.number(),
  closedAt: z.number().nullable(),
  owed: z.array(z.looseObject({ measurementId: z.string(), officeId: z.string(), runnerId: z.string() })),
})

/**
 * Checks in the tables `checks`, `due` and `seen`. One hub writes a check at a time; ETags catch a second one. Rows
 * that cannot be read are named to `onDamaged` (the check's id) and harm no other check.
 */
export function checkStore(
  store: TableStore,
  onDamaged: (checkId: string) => void = () => undefined,
): CheckStore {
  const etags = new Map<string, Map<string, string>>()

  async function read(checkId: string): Promise<{ check: Check | null; known: Map<string, string> }> {
    const pk = checkPartition(checkId)
    const rows = await Array.fromAsync(everyRow(store, { table: 'checks', pk }))
    const known = new Map(rows.map((row) => [row.rk, row.etag]))
    const head = rows.find((row) => row.rk === 'head')
    if (!head) return { check: null, known }
    const check = readHead(head.props)
    if (check === null) {
      onDamaged(checkId)
      return { check: null, known }
    }
    const owed = new Set(check.owed.map(({ measurementId }) => measurementId))
    const measurements = rows
      .filter((row) => row.rk.startsWith(CHECK_OFFICES_PREFIX))
      .flatMap((row) => {
        const measured = unpack(row.props)
        if (measured === undefined) onDamaged(checkId)
        return Object.entries((measured ?? {}) as Measured)
      })
      // Rows are written before the head: a crash in between may leave measurements of a plan that never was.
      .filter(([measurementId]) => owed.has(measurementId))
    return { check: { ...check, measurements: Object.fromEntries(measurements) }, known }
  }

  /** A reminder whose check has no head that can be read: the check begins anew, as it was asked for. */
  async function rebuild(request: Check, known: Map<string, string>): Promise<Check> {
    const wrote = await store.upsert(checkHeadKey(request.id), packHead(request), 'replace')
    etags.set(request.id, new Map([...known, ['head', wrote.etag]]))
    return request
  }

  return {
    ...recentChecks(store),
    load: async (checkId) => (await read(checkId)).check,
    async claimActivity(conversationId, activityId, checkId) {
      const row = seenKey(conversationId, activityId)
      if ((await store.insert(row, { checkId })).ok) return checkId
      const first = (await store.get(row, ['checkId']))?.props['checkId']
      return typeof first === 'string' ? first : checkId
    },
    async create(check) {
      await store.upsert(
        dueKey(check.deadline, check.id),
        { checkId: check.id, ...pack(check, 'short') },
        'replace',
      )
      const wrote = await store.insert(checkHeadKey(check.id), packHead(check))
      if (!wrote.ok) throw new CheckTaken(check.id)
      etags.set(check.id, new Map([['head', wrote.etag]]))
    },
    async save(before, after) {
      const known = etags.get(after.id) ?? new Map<string, string>()
      const put = (rk: string, props: ReturnType<typeof pack>): BatchOp => {
        const etag = known.get(rk)
        const cleared = { ...Object.fromEntries(PACKED_NAMES.map((name) => [name, null])), ...props }
        return etag === undefined
          ? { op: 'insert', rk, props }
          : { op: 'update', rk, props: cleared, mode: 'replace', etag }
      }
      const offices = changedOffices(before, after)
      // The head comes last: what it says is in is stored, also when a crash comes between two batches.
      const ops = [
        ...offices.map((officeId) =>
          put(CHECK_OFFICES_PREFIX + officeId, pack(measurementsOf(after, officeId), 'short')),
        ),
        put('head', packHead(after)),
      ]
      for (let at = 0; at < ops.length; at += OPS_PER_BATCH) {
        const some = ops.slice(at, at + OPS_PER_BATCH)
        const answer = await store.batch('checks', checkPartition(after.id), some)
        if (!answer.ok) throw new CheckTaken(after.id)
        answer.etags.forEach((etag, index) => {
          const op = some[index]
          if (op && etag !== undefined) known.set(op.rk, etag)
        })
      }
      etags.set(after.id, known)
    },
    async keepLate(measurement) {
      const row = {
        table: 'checks',
        pk: checkPartition(measurement.checkId),
        rk: `late:${measurement.measurementId}`,
      }
      await store.insert(row, pack(measurement))
    },
    async unfinished() {
      const due = await Promise.all(
        allDueBuckets().map((pk) => Array.fromAsync(everyRow(store, { table: 'due', pk }))),
      )
      const found = await Promise.all(
        due.flat().map(async (row) => {
          const checkId = String(row.props['checkId'])
          const { check, known } = await read(checkId)
          if (check) {
            etags.set(checkId, known)
            return check
          }
          const request = readHead(row.props)
          if (request) return rebuild(request, known)
          onDamaged(checkId)
          return null
        }),
      )
      return found.filter((check) => check !== null)
    },
    async forget(check) {
      await store.remove(dueKey(check.deadline, check.id))
      etags.delete(check.id)
    },
  }
}

/** Rows in one transaction: each may hold up to 770 KB, and Azure Tables takes 4 MiB at once. */
const OPS_PER_BATCH = 5

/** The check of a head or a reminder, without measurements; null when it cannot be read. */
function readHead(props: Props): Check | null {
  const read = CHECK.safeParse(unpack(props))
  return read.success ? ({ ...(read.data as unknown as Check), measurements: {} } as Check) : null
}

function packHead(check: Check): ReturnType<typeof pack> {
  return { status: check.status, version: check.version, ...pack({ ...check, measurements: {} }, 'short') }
}

function measurementsOf(check: Check, officeId: string): Measured {
  return Object.fromEntries(
    Object.entries(check.measurements).filter(([, measurement]) => measurement.officeId === officeId),
  )
}

function changedOffices(before: Check, after: Check): readonly string[] {
  const fresh = Object.values(after.measurements).filter(
    (measurement) => before.measurements[measurement.measurementId] === undefined,
  )
  return [...new Set(fresh.map((measurement) => measurement.officeId))]
}
