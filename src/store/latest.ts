import { z } from 'zod'
import type { Evidence } from '../core/evidence.ts'
import type { Latest } from '../core/latest.ts'
import { roundTripOf } from '../core/past.ts'
import type { Row, TableStore } from '../core/table-store.ts'
import { CRITERIA, type Readiness } from '../core/verdict.ts'
import { allShards, historyKey, statusKey } from './keys.ts'
import { rowsOf } from './offices.ts'
import { pack, unpack } from './packed.ts'

/** One closed check of an office, packed for history. */
export interface HistoryEntry {
  readonly latest: Latest
  readonly startedAt: number
  /** All measurements of the office in this check. */
  readonly measurements: readonly unknown[]
  /** What the criteria ruled on. */
  readonly evidence: Evidence
}

/** Latest verdicts (table `status`) and history (`hist<yyyymm>`). */
export interface LatestStore {
  all(): Promise<readonly Latest[]>
  get(officeId: string): Promise<Latest | null>
  /** Keeps the newer of what is stored and what is given. */
  put(latest: Latest): Promise<void>
  addHistory(entry: HistoryEntry): Promise<void>
}

const READINESS_LETTER: Readonly<Record<Readiness, string>> = { ready: 'r', 'not-ready': 'n', unproven: 'u' }

/** What must hold before a stored judgement is believed; what a newer hub adds is kept. */
const LATEST = z.looseObject({
  officeId: z.string(),
  checkId: z.string(),
  at: z.number(),
  readiness: z.enum(['ready', 'not-ready', 'unproven']),
  verdicts: z.string(),
  since: z.number(),
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
  runners: z.array(z.looseObject({ id: z.string(), name: z.string() })),
  egress: z.array(z.string()),
  chains: z.array(z.unknown()),
  // Judgements of before reach was measured have none.
  reach: z
    .object({ answered: z.array(z.string()), failed: z.array(z.string()) })
    .default({ answered: [], failed: [] }),
})

/** The two tables of judgements behind one port. Rows that cannot be read are named to `onDamaged` and left out. */
export function latestStore(
  store: TableStore,
  onDamaged: (officeId: string) => void = () => undefined,
): LatestStore {
  const read = (row: Row): Latest | null => {
    const latest = LATEST.safeParse(unpack(row.props))
    if (latest.success) return latest.data as unknown as Latest
    onDamaged(row.rk)
    return null
  }
  return {
    async get(officeId) {
      const row = await store.get(statusKey(officeId))
      return row ? read(row) : null
    },
    async all() {
      const shards = await Promise.all(allShards().map((pk) => rowsOf(store, 'status', pk)))
      return shards.flat().flatMap((row) => read(row) ?? [])
    },
    async put(latest) {
      const stored = await store.get(statusKey(latest.officeId), ['at'])
      const at = stored?.props['at']
      if (typeof at === 'number' && at > latest.at) return
      const { readiness, verdicts, at: closedAt, checkId } = latest
      const props = { at: closedAt, r: READINESS_LETTER[readiness], v: verdicts, c: checkId }
      await store.upsert(statusKey(latest.officeId), { ...props, ...pack(latest) }, 'replace')
    },
    async addHistory({ latest, startedAt, measurements, evidence }) {
      const row = historyKey(latest.officeId, startedAt, latest.checkId)
      const { readiness, verdicts, checkId, at } = latest
      const roundTripMs = roundTripOf(latest.rulings)
      await store.insert(row, {
        c: checkId,
        r: READINESS_LETTER[readiness],
        v: verdicts,
        ms: at - startedAt,
        criteria: latest.criteria.map(({ id, version }) => `${id}@${version}`).join(' '),
        // Beside what is packed, so that a month of round trips is read without unpacking.
        ...(roundTripMs === null ? {} : { rtt: roundTripMs }),
        ...pack({ rulings: latest.rulings, measurements, evidence }),
      })
    },
  }
}
