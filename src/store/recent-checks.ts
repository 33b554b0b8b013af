import { z } from 'zod'
import type { CheckAsked } from '../core/check.ts'
import { homeId } from '../core/known-conversation.ts'
import type { TableStore } from '../core/table-store.ts'
import { recentKey } from './keys.ts'
import { pack, unpack } from './packed.ts'

/** The checks that were asked for in each conversation, newest first: tables `recent<yyyymm>`. */
export interface RecentChecks {
  addAsked(conversationId: string, asked: CheckAsked): Promise<void>
  /** The newest of this month and the one before, as of `now` (epoch ms); null: none, or none that can be read. */
  lastAsked(conversationId: string, now: number): Promise<CheckAsked | null>
}

const ASKED = z.object({ id: z.string(), officeIds: z.array(z.string()), at: z.number() })

/** Recent checks in their tables. All threads of a channel share one list: people say `recheck` where they are. */
export function recentChecks(store: TableStore): RecentChecks {
  return {
    async addAsked(conversationId, asked) {
      const row = recentKey(homeId({ conversationId }), asked.at, asked.id)
      await store.upsert(row, pack(asked), 'replace')
    },
    async lastAsked(conversationId, now) {
      const pk = homeId({ conversationId })
      const before = new Date(now)
      before.setUTCDate(0)
      for (const at of [now, before.getTime()]) {
        const { table } = recentKey(pk, at, '')
        const [row] = (await store.query({ table, pk, limit: 1 })).rows
        const read = row ? ASKED.safeParse(unpack(row.props)) : null
        if (read?.success) return read.data
      }
      return null
    },
  }
}
