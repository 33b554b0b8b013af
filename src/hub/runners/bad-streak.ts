/** Bad messages in a row after which a runner counts as faulty, and after which it is quarantined. */
export const FAULTY_AFTER = 3
export const QUARANTINE_AFTER = 20

export type Streak = 'fine' | 'faulty' | 'quarantined'

/** Counts a runner's bad messages in a row. One good message ends the row. */
export class BadStreaks {
  readonly #rows = new Map<string, number>()

  /** Notes a message; `quarantined` from the twentieth bad one in a row. */
  note(runnerId: string, good: boolean): Streak {
    const row = good ? 0 : (this.#rows.get(runnerId) ?? 0) + 1
    if (row === 0) this.#rows.delete(runnerId)
    else this.#rows.set(runnerId, row)
    return this.of(runnerId)
  }

  of(runnerId: string): Streak {
    const row = this.#rows.get(runnerId) ?? 0
    if (row >= QUARANTINE_AFTER) return 'quarantined'
    return row >= FAULTY_AFTER ? 'faulty' : 'fine'
  }
}
