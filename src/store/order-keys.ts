import type { RowName } from '../core/table-store.ts'
import { sha256, shard, time } from './key-parts.ts'

/** Where the rows live of what people ordered, digests and alerts, and of what these remember; as in `keys.ts`. */

/** A digest that somebody wants. One partition: one row per schedule, all read together every half minute. */
export function digestKey(scheduleId: string): RowName {
  return { table: 'digests', pk: DIGESTS, rk: scheduleId }
}

/** The partition of all digests. */
export const DIGESTS = 'd'

/** What a digest said last. Apart from the schedules, which are read far more often. */
export function digestMemoryKey(scheduleId: string): RowName {
  return { table: 'digestmemory', pk: shard(scheduleId), rk: scheduleId }
}

/** Who does a part of a digest for a time at which it is due (epoch ms); oldest first within its schedule. */
export function slotKey(scheduleId: string, slot: number, part: string): RowName {
  return { table: 'slots', pk: scheduleId, rk: `${time(slot)}.${part}` }
}

/** Alerts that somebody wants. One partition: one row per order, all read together every half minute. */
export function alertOrderKey(orderId: string): RowName {
  return { table: 'alertorders', pk: ALERT_ORDERS, rk: orderId }
}

/** The partition of all orders. */
export const ALERT_ORDERS = 'a'

/**
 * One alert of an order. Hashed: its id holds what it is about, of any length.
 */
export function alertKey(orderId: string, alertId: string): RowName {
  return { table: 'alerts', pk: orderId, rk: sha256(alertId) }
}

/** What is remembered of an office between its checks. */
export function watchKey(officeId: string): RowName {
  return { table: 'watches', pk: shard(officeId), rk: officeId }
}

/** The freeze of an office. One partition: few at a time, all read together. */
export function freezeKey(officeId: string): RowName {
  return { table: 'freezes', pk: FREEZES, rk: officeId }
}

/** The partition of all freezes. */
export const FREEZES = 'f'
