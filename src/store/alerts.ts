import { z } from 'zod'
import { ALERT_KINDS, type Alert, type AlertOrder, TROUBLES } from '../core/alert.ts'
import { ANY_ETAG, type TableStore } from '../core/table-store.ts'
import { CRITERIA } from '../core/verdict.ts'
import { STORED_REF } from './conversations.ts'
import { rowsOf } from './offices.ts'
import { ALERT_ORDERS, alertKey, alertOrderKey } from './order-keys.ts'
import { pack, unpack } from './packed.ts'

/** An alert as it was read: it is changed on the condition that nobody else did so meanwhile. */
export interface StoredAlert {
  readonly alert: Alert
  readonly etag: string
}

/** Orders of alerts (table `alertorders`) and the alerts that came of them (table `alerts`). */
export interface AlertStore {
  orders(): Promise<readonly AlertOrder[]>
  putOrder(order: AlertOrder): Promise<void>
  /** Removes an order with its alerts; false when there was none. */
  removeOrder(orderId: string): Promise<boolean>
  /** Alerts of an order, those that are closed included. */
  alertsOf(orderId: string): Promise<readonly StoredAlert[]>
  /** Keeps a new one; null: it is there already. */
  insert(alert: Alert): Promise<StoredAlert | null>
  /** Changes one; null: somebody else did so first, or it is gone. */
  change(before: StoredAlert, alert: Alert): Promise<StoredAlert | null>
  remove(alert: Alert): Promise<void>
}

const ORDER = z.looseObject({
  id: z.string().min(1),
  plan: z.looseObject({
    selector: z.string().min(1),
    kinds: z.array(z.enum(ALERT_KINDS)).min(1),
    quiet: z.object({ from: z.string(), to: z.string() }).nullable(),
    timeZone: z.string().min(1),
  }),
  conversation: STORED_REF,
  madeBy: z.looseObject({ objectId: z.string(), name: z.string() }),
  madeAt: z.number(),
})

const OFFICE = z.looseObject({ id: z.string(), name: z.string() })

const FACTS = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('not-ready'),
    office: OFFICE,
    failing: z.array(z.enum(CRITERIA)),
    because: z.string(),
    decided: z.array(
      z.looseObject({
        what: z.enum(['limit-set', 'limit-ended', 'attested', 'attestation-ended']),
        criterion: z.enum(CRITERIA),
        by: z.string(),
        value: z.number().optional(),
        at: z.number(),
      }),
    ),
  }),
  z.looseObject({ kind: z.literal('silent'), office: OFFICE, runner: z.string(), all: z.boolean() }),
  z.looseObject({
    kind: z.literal('egress'),
    office: OFFICE,
    from: z.array(z.string()),
    to: z.array(z.string()),
  }),
  z.looseObject({
    kind: z.literal('endpoints'),
    version: z.string(),
    sets: z.number(),
    effectiveOn: z.string(),
    unchecked: z.number(),
  }),
  z.looseObject({ kind: z.literal('trouble'), word: z.enum(TROUBLES), count: z.number() }),
])

const ALERT = z.looseObject({
  orderId: z.string(),
  id: z.string(),
  kind: z.enum(ALERT_KINDS),
  cause: z.string(),
  openedAt: z.number(),
  rows: z.array(
    z.looseObject({
      subject: z.string(),
      cause: z.string(),
      since: z.number(),
      facts: FACTS,
      resolvedAt: z.number().nullable(),
      isLeft: z.boolean().optional(),
    }),
  ),
  state: z.enum(['waiting', 'posting', 'standing', 'closed']),
  activityId: z.string().nullable(),
  isBehind: z.boolean(),
})

/** The two tables behind one port. A row that cannot be read is named to `onDamaged` and left out. */
export function alertStore(store: TableStore, onDamaged: (id: string) => void = () => undefined): AlertStore {
  return {
    async orders() {
      const rows = await rowsOf(store, 'alertorders', ALERT_ORDERS)
      return rows.flatMap(({ rk, props }) => {
        const order = ORDER.safeParse(unpack(props))
        if (order.success) return [order.data as unknown as AlertOrder]
        onDamaged(rk)
        return []
      })
    },
    async putOrder(order) {
      await store.upsert(alertOrderKey(order.id), pack(order), 'replace')
    },
    async removeOrder(orderId) {
      const removed = await store.remove(alertOrderKey(orderId), ANY_ETAG)
      for (const { rk } of await rowsOf(store, 'alerts', orderId)) {
        await store.remove({ table: 'alerts', pk: orderId, rk })
      }
      return removed.ok
    },
    async alertsOf(orderId) {
      const rows = await rowsOf(store, 'alerts', orderId)
      return rows.flatMap(({ rk, props, etag }): StoredAlert[] => {
        const alert = ALERT.safeParse(unpack(props))
        if (alert.success) return [{ alert: alert.data as unknown as Alert, etag }]
        onDamaged(rk)
        return []
      })
    },
    async insert(alert) {
      const written = await store.insert(alertKey(alert.orderId, alert.id), pack(alert))
      return written.ok ? { alert, etag: written.etag } : null
    },
    async change({ alert: { orderId, id }, etag }, alert) {
      const written = await store.update(alertKey(orderId, id), pack(alert), 'replace', etag)
      return written.ok ? { alert, etag: written.etag } : null
    },
    async remove({ orderId, id }) {
      await store.remove(alertKey(orderId, id))
    },
  }
}
