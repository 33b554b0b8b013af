import type { ConversationRef, Person } from './chat.ts'

/** The alerts of an office are muted for a while; it is checked as before. */
export interface Freeze {
  readonly officeId: string
  /** Epoch ms. */
  readonly until: number
  /** Outside text. */
  readonly reason: string
  readonly by: Person
  /** When it began, epoch ms. */
  readonly at: number
  /** Where it was said: the first result after it comes here. */
  readonly conversation: ConversationRef
}

/** Offices whose alerts are muted at an instant (epoch ms). */
export function frozenAt(freezes: readonly Freeze[], now: number): ReadonlySet<string> {
  return new Set(freezes.filter(({ until }) => until > now).map(({ officeId }) => officeId))
}
