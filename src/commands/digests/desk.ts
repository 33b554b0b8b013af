import type { DigestMemory, DigestPlan, DigestSchedule } from '../../core/digest.ts'

/** A schedule with the next time at which it is due, epoch ms. */
export interface DigestHere {
  readonly schedule: DigestSchedule
  readonly nextAt: number
}

/** The digests of the conversation in which somebody speaks. Asks nobody for their rights: ask `may` first. */
export interface DigestDesk {
  /** Oldest first: the order in which they are numbered. */
  here(): Promise<readonly DigestHere[]>
  /** Keeps a new one, made by whoever speaks. */
  add(plan: DigestPlan): Promise<DigestHere>
  /** Gives one another plan; it is then theirs who speaks. Null: it was stopped meanwhile. */
  change(id: string, plan: DigestPlan): Promise<DigestHere | null>
  /** Leaves the next one out; when the one after is due, epoch ms. Null: it was stopped meanwhile. */
  snooze(id: string): Promise<number | null>
  /** False when it was stopped before. */
  stop(id: string): Promise<boolean>
  /** What one said last; null: it never came. */
  memory(id: string): Promise<DigestMemory | null>
}
