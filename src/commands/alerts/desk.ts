import type { AlertOrder, AlertPlan } from '../../core/alert.ts'
import type { Freeze } from '../../core/freeze.ts'
import type { OfficeWatch } from '../../core/watch.ts'

/** The alerts of the conversation in which somebody speaks, and what mutes them. Asks nobody for their rights: ask `may` first. */
export interface AlertDesk {
  /** Oldest first: the order in which they are numbered. */
  here(): Promise<readonly AlertOrder[]>
  /** Keeps a new one, made by whoever speaks. */
  add(plan: AlertPlan): Promise<AlertOrder>
  /** Gives one another plan; it is then theirs who speaks. Null: it was stopped meanwhile. */
  change(id: string, plan: AlertPlan): Promise<AlertOrder | null>
  /** False when it was stopped before. */
  stop(id: string): Promise<boolean>
  /** What is remembered of an office between its checks; null: it was never checked. */
  watch(officeId: string): Promise<OfficeWatch | null>
  /** Freezes that hold now. */
  freezes(): Promise<readonly Freeze[]>
  /** Mutes the alerts of an office until then (epoch ms), in the name of whoever speaks; takes the place of one before. */
  freeze(officeId: string, until: number, reason: string): Promise<Freeze>
  /** False when it was not frozen. */
  unfreeze(officeId: string): Promise<boolean>
}
