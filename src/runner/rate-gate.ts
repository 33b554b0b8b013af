import type { Clock } from '../core/ports.ts'

/** Probes per minute at most, whatever the hub asks: a check has about six. */
export const PROBES_PER_MINUTE = 120
const MINUTE_MS = 60_000

/** Keeps the runner from being used as a hammer. */
export class RateGate {
  readonly #clock: Clock
  readonly #most: number
  #starts: number[] = []

  constructor(clock: Clock, most = PROBES_PER_MINUTE) {
    this.#clock = clock
    this.#most = most
  }

  /** Ms until a probe may start; 0 takes the place. */
  enter(): number {
    const now = this.#clock.monotonic()
    this.#starts = this.#starts.filter((start) => start > now - MINUTE_MS)
    const first = this.#starts[0]
    if (this.#starts.length >= this.#most && first !== undefined) return first + MINUTE_MS - now
    this.#starts.push(now)
    return 0
  }
}
