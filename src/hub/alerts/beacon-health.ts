import type { OwnTrouble } from '../../core/alert.ts'
import type { Clock } from '../../core/ports.ts'

/** Two in a row: one lost datagram is nothing. */
const FAILURES = 2

export interface BeaconHealthDeps {
  /** Asks the beacon for names that nobody looked up; null: it did not answer. */
  readonly ask: () => Promise<unknown>
  /** Between two questions, ms. */
  readonly everyMs: number
  readonly clock: Clock
}

/** Whether the beacon that is configured answers the hub. It is asked now and then, when somebody looks. */
export class BeaconHealth {
  readonly #deps: BeaconHealthDeps
  #askedAt: number | null = null
  /** In a row; null: the first answer is still to come. */
  #failures: number | null = null
  #since = 0

  constructor(deps: BeaconHealthDeps) {
    this.#deps = deps
  }

  /** Nobody knows yet. */
  get isUndecided(): boolean {
    return this.#failures === null || this.#failures === 1
  }

  trouble(): OwnTrouble | null {
    const { clock, everyMs } = this.#deps
    const now = clock.monotonic()
    // Not waited for: a look at everything else must not take as long as a beacon that is silent.
    if (this.#askedAt === null || now - this.#askedAt >= everyMs) void this.#ask(now)
    return (this.#failures ?? 0) < FAILURES ? null : { word: 'beacon-silent', count: 1, since: this.#since }
  }

  async #ask(now: number): Promise<void> {
    const { ask, clock } = this.#deps
    this.#askedAt = now
    const at = clock.now()
    const answered = (await ask()) !== null
    const before = this.#failures ?? 0
    if (before === 0) this.#since = at
    this.#failures = answered ? 0 : before + 1
  }
}
