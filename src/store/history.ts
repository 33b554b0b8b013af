import { z } from 'zod'
import { FAILURES, type Failure } from '../core/failure.ts'
import { type Measurement, PROBE_NAMES } from '../core/measurement.ts'
import type { PastCheck, PastRulings } from '../core/past.ts'
import type { Ruling } from '../core/ruling.ts'
import type { StoredEvidence } from '../core/stored-evidence.ts'
import { everyRow, type Row, type TableStore } from '../core/table-store.ts'
import { CRITERIA, isCriterionId, type Readiness, verdictOf } from '../core/verdict.ts'
import { fromRev, historyTable, monthsBetween, revRange } from './keys.ts'
import { unpack } from './packed.ts'

/** Closed checks of an office, from the tables `hist<yyyymm>`. Times are epoch ms. */
export interface HistoryStore {
  /** The checks that were asked for in [fromMs, toMs], oldest first: verdicts alone, nothing is unpacked. */
  between(officeId: string, fromMs: number, toMs: number): Promise<readonly PastCheck[]>
  /** The last check that was asked for in [fromMs, toMs], with its rulings; null: none that can be read. */
  lastIn(officeId: string, fromMs: number, toMs: number): Promise<PastRulings | null>
  /**
   * The measurements of a check that was closed at `closedAt` (epoch ms), those that can be read; null: the check is not
   * among the newest of then, or not kept any more.
   */
  measurementsOf(officeId: string, checkId: string, closedAt: number): Promise<readonly Measurement[] | null>
  /** All that such a check knew of the office; null also where it was closed before evidence was kept. */
  evidenceOf(officeId: string, checkId: string, closedAt: number): Promise<StoredEvidence | null>
}

const READINESS: Readonly<Record<string, Readiness>> = { r: 'ready', n: 'not-ready', u: 'unproven' }

/** The small properties of a row: a month of checks is read without its measurements. */
const SMALL = ['c', 'r', 'v', 'ms', 'criteria', 'rtt']

/** What must hold before the rulings of a stored check are believed. */
const PACKED = z.looseObject({
  rulings: z.array(
    z.looseObject({
      criterion: z.enum(CRITERIA),
      level: z.enum(['required', 'optional']),
      verdict: z.enum(['pass', 'fail', 'unproven', 'not-applicable']),
      because: z.string(),
      signals: z.array(z.unknown()),
      findings: z.array(z.unknown()),
    }),
  ),
})

/** A check is closed within minutes, or when the hub is back: after a month nobody waits for it. */
const LONGEST_OPEN_MS = 31 * 24 * 60 * 60 * 1000

/** Checks of one office that were asked for later and closed earlier are few. */
const OVERTAKING_MAX = 8

/** The last time that a date can hold. */
const LAST_TIME_MS = 8.64e15

/** What must hold before a stored measurement is believed; its result is read by its probe. */
const MEASURED = z.looseObject({
  measurementId: z.string(),
  checkId: z.string(),
  officeId: z.string(),
  runnerId: z.string(),
  probe: z.enum(PROBE_NAMES),
  params: z.looseObject({ targets: z.array(z.looseObject({ set: z.number(), host: z.string() })) }),
  outcome: z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), result: z.unknown() }),
    z.object({
      ok: z.literal(false),
      failure: z.enum(Object.keys(FAILURES) as [Failure, ...Failure[]]),
      detail: z.string().optional(),
    }),
  ]),
  startedAt: z.number().min(0).max(LAST_TIME_MS),
  durationMs: z.number().min(0),
  receivedAt: z.number(),
  probeVersion: z.number(),
  runnerVersion: z.string(),
  listVersion: z.string(),
  loopDelayMs: z.number(),
  world: z.string().nullable(),
})

/** What must hold before stored evidence is judged again; its parts are those that this program itself stored. */
const EVIDENCE = z.looseObject({
  office: z.looseObject({ id: z.string(), name: z.string() }),
  owed: z.array(z.unknown()),
  questions: z.array(z.unknown()),
  findings: z.array(z.unknown()),
  now: z.number(),
})

/** Reads history. Rows whose rulings cannot be read are named to `onDamaged` (the office's id) and passed over. */
export function historyStore(
  store: Pick<TableStore, 'query'>,
  onDamaged: (officeId: string) => void = () => undefined,
): HistoryStore {
  const newestFirst = async function* (
    officeId: string,
    fromMs: number,
    toMs: number,
    how: { readonly select?: readonly string[]; readonly limit?: number },
  ): AsyncGenerator<Row, void> {
    for (const month of monthsBetween(fromMs, toMs)) {
      const query = { table: historyTable(month), pk: officeId, ...revRange(fromMs, toMs), ...how }
      yield* everyRow(store, query)
    }
  }
  const rowOf = async (officeId: string, checkId: string, closedAt: number): Promise<Row | null> => {
    let left = OVERTAKING_MAX
    const rows = newestFirst(officeId, Math.max(0, closedAt - LONGEST_OPEN_MS), closedAt, { limit: 1 })
    for await (const row of rows) {
      if (row.props['c'] === checkId) return row
      if (--left === 0) return null
    }
    return null
  }
  return {
    async between(officeId, fromMs, toMs) {
      const rows = await Array.fromAsync(newestFirst(officeId, fromMs, toMs, { select: SMALL }))
      return rows.map(readSmall).reverse()
    },
    async lastIn(officeId, fromMs, toMs) {
      for await (const row of newestFirst(officeId, fromMs, toMs, { limit: 1 })) {
        const read = PACKED.safeParse(unpack(row.props))
        if (read.success) return { ...readSmall(row), rulings: read.data.rulings as unknown as Ruling[] }
        onDamaged(officeId)
      }
      return null
    },
    async measurementsOf(officeId, checkId, closedAt) {
      const row = await rowOf(officeId, checkId, closedAt)
      return row ? readMeasurements(row, () => onDamaged(officeId)) : null
    },
    async evidenceOf(officeId, checkId, closedAt) {
      const row = await rowOf(officeId, checkId, closedAt)
      if (!row) return null
      const read = z.looseObject({ ...PACKED.shape, evidence: EVIDENCE }).safeParse(unpack(row.props))
      const measurements = readMeasurements(row, () => onDamaged(officeId))
      if (!read.success || measurements === null) return null
      const { rulings, evidence } = read.data as unknown as Pick<StoredEvidence, 'rulings' | 'evidence'>
      const { readiness } = readSmall(row)
      return { checkId, closedAt, evidence, measurements, rulings, readiness }
    },
  }
}

/** Every measurement of a row that can be read; null when the row cannot. */
function readMeasurements({ props }: Row, damaged: () => void): readonly Measurement[] | null {
  const row = z.looseObject({ measurements: z.array(z.unknown()) }).safeParse(unpack(props))
  if (!row.success) {
    damaged()
    return null
  }
  const read = row.data.measurements.map((stored) => MEASURED.safeParse(stored))
  if (read.some(({ success }) => !success)) damaged()
  return read.flatMap(({ data }) => (data === undefined ? [] : [data as unknown as Measurement]))
}

/** A row without what is packed. A criterion that the row does not name has no verdict: no data is not a pass. */
function readSmall({ rk, props }: Row): PastCheck {
  const askedAt = fromRev(rk)
  const letters = String(props['v'] ?? '')
  const ids = String(props['criteria'] ?? '').split(' ')
  const verdicts = ids.flatMap((text, index) => {
    const id = text.split('@')[0] ?? ''
    const letter = letters[index]
    return isCriterionId(id) && letter !== undefined ? [[id, verdictOf(letter)] as const] : []
  })
  const rtt = props['rtt']
  return {
    checkId: String(props['c'] ?? ''),
    at: askedAt + (typeof props['ms'] === 'number' ? props['ms'] : 0),
    readiness: READINESS[String(props['r'])] ?? 'unproven',
    verdicts: Object.fromEntries(verdicts),
    roundTripMs: typeof rtt === 'number' ? rtt : null,
  }
}
