import type { Latest } from '../core/latest.ts'
import type { TableStore } from '../core/table-store.ts'
import type { Readiness } from '../core/verdict.ts'
import { allShards, historyKey, statusKey } from './keys.ts'
import { rowsOf } from './offices.ts'
import { pack, unpack } from './packed.ts'

/** One closed check of an office, packed for history. */
export interface HistoryEntry {
  readonly latest: Latest
  readonly startedAt: number
  /** All measurements of the office in this check. */
  readonly measurements: readonly unknown[]
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

/** The two tables of judgements behind one port. */
export function latestStore(store: TableStore): LatestStore {
  const get = async (officeId: string): Promise<Latest | null> => {
    const row = await store.get(statusKey(officeId))
    return row ? ((unpack(row.props) as Latest | undefined) ?? null) : null
  }
  return {
    get,
    async all() {
      const shards = await Promise.all(allShards().map((pk) => rowsOf(store, 'status', pk)))
      return shards.flat().flatMap((row) => (unpack(row.props) as Latest | undefined) ?? [])
    },
    async put(latest) {
      const stored = await store.get(statusKey(latest.officeId), ['at'])
      const at = stored?.props['at']
      if (typeof at === 'number' && at > latest.at) return
      const { readiness, verdicts, at: closedAt, checkId } = latest
      const props = { at: closedAt, r: READINESS_LETTER[readiness], v: verdicts, c: checkId }
      await store.upsert(statusKey(latest.officeId), { ...props, ...pack(latest) }, 'replace')
    },
    async addHistory({ latest, startedAt, measurements }) {
      const row = historyKey(latest.officeId, startedAt, latest.checkId)
      const { readiness, verdicts, checkId, at } = latest
      await store.insert(row, {
        c: checkId,
        r: READINESS_LETTER[readiness],
        v: verdicts,
        ms: at - startedAt,
        criteria: latest.criteria.map(({ id, version }) => `${id}@${version}`).join(' '),
        ...pack({ rulings: latest.rulings, measurements }),
      })
    },
  }
}
