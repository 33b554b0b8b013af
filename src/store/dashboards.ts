import { z } from 'zod'
import type { ConversationRef } from '../core/chat.ts'
import { homeId } from '../core/known-conversation.ts'
import type { TableStore } from '../core/table-store.ts'
import { STORED_REF } from './conversations.ts'
import { DASHBOARDS, dashboardKey } from './keys.ts'
import { rowsOf } from './offices.ts'
import { pack, unpack } from './packed.ts'

/** The one living dashboard of a channel or chat. */
export interface Dashboard {
  /** Where it stands, with its thread. */
  readonly conversation: ConversationRef
  /** The message that is edited. */
  readonly activityId: string
  /** Who asked for it, by object id: it shows the offices that this person may see. */
  readonly pinnedBy: string
  /** The zone in which its times are told: that of whoever asked for it. */
  readonly timeZone: string
  /** Its buttons, and when they were offered (epoch ms). They live for a month, the card longer. */
  readonly buttons: readonly { readonly title: string; readonly actionId: string }[]
  readonly offeredAt: number
}

const DASHBOARD = z.looseObject({
  conversation: STORED_REF,
  activityId: z.string().min(1),
  pinnedBy: z.string(),
  timeZone: z.string().default('UTC'),
  buttons: z.array(z.object({ title: z.string(), actionId: z.string() })),
  offeredAt: z.number(),
})

/** Living dashboards (table `dashboards`), one per conversation. */
export interface DashboardStore {
  all(): Promise<readonly Dashboard[]>
  /** That of the conversation of a reference; threads share their channel's. */
  get(ref: ConversationRef): Promise<Dashboard | null>
  /** Takes the place of the one before. */
  put(dashboard: Dashboard): Promise<void>
  /** Forgets it, as long as it is still this message. */
  remove(dashboard: Dashboard): Promise<void>
}

/** The table of dashboards behind its port; a row that cannot be read counts as none. */
export function dashboardStore(store: TableStore): DashboardStore {
  const keyOf = (ref: ConversationRef) => dashboardKey(ref.tenantId, homeId(ref))
  const read = (props: Parameters<typeof unpack>[0]): Dashboard | null => {
    const dashboard = DASHBOARD.safeParse(unpack(props))
    return dashboard.success ? (dashboard.data as Dashboard) : null
  }
  return {
    async all() {
      const rows = await rowsOf(store, 'dashboards', DASHBOARDS)
      return rows.flatMap(({ props }) => read(props) ?? [])
    },
    async get(ref) {
      const row = await store.get(keyOf(ref))
      return row ? read(row.props) : null
    },
    async put(dashboard) {
      await store.upsert(keyOf(dashboard.conversation), pack(dashboard), 'replace')
    },
    async remove(dashboard) {
      const key = keyOf(dashboard.conversation)
      const row = await store.get(key)
      if (row && read(row.props)?.activityId !== dashboard.activityId) return
      await store.remove(key)
    },
  }
}
