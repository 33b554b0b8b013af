import type { OwnTrouble } from '../../core/alert.ts'
import type { Clock } from '../../core/ports.ts'

/** Runners whose clocks disagree within this are about one cause. */
const WINDOW_MS = 3_600_000

/** One runner alone has a wrong clock of its own. */
const FEWEST = 2

/** Whose clocks were too far from the hub's: when most are, it is the hub's own that is wrong. */
export class ClockDoubts {
  readonly #clock: Clock
  /** When each runner was last refused for its clock, epoch ms. */
  readonly #refused = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A request of this runner, well signed, was of another time. */
  note(runnerId: string): void {
    this.#refused.set(runnerId, this.#clock.now())
  }

  /** `runners`: how many are counted on. Null: no reason to doubt the hub's clock. */
  trouble(runners: number): OwnTrouble | null {
    const now = this.#clock.now()
    // A clock that was set back would keep them for ever.
    for (const [id, at] of this.#refused) if (Math.abs(now - at) > WINDOW_MS) this.#refused.delete(id)
    const count = this.#refused.size
    if (count < FEWEST || 2 * count <= runners) return null
    return { word: 'hub-clock', count, since: Math.min(...this.#refused.values()) }
  }
}
