/** Events that came close together, as one spell of trouble. Times are epoch ms. */
export interface Spell {
  readonly since: number
  readonly lastAt: number
  readonly count: number
}

/** Without another event for this long a spell is over. Shorter, and trouble that comes and goes would be many alerts. */
export const CALM_MS = 10 * 60_000

/** The spell after an event: it goes on, or a new one begins. */
export function eventAt(before: Spell | null, at: number, count = 1): Spell {
  return before === null || isOver(before, at)
    ? { since: at, lastAt: at, count }
    : { ...before, lastAt: at, count: before.count + count }
}

/** Reports whether nothing happened for a while. */
export function isOver({ lastAt }: Spell, now: number): boolean {
  return now - lastAt > CALM_MS
}
