/** At most `count` starts within any stretch of `ms`. */
export interface RateLimit {
  readonly count: number
  readonly ms: number
}

/**
 * Several limits on one stream of work, kept exactly: no stretch of time, wherever it begins, holds more starts than its
 * limit says. A bucket that refills (or a window that begins anew) lets twice its count through around its edge, which
 * is the moment at which the other side counts. Times are monotonic ms, and never go back. Holds one number per start, up
 * to the largest count of the limits.
 */
export class RateWindows {
  readonly #limits: readonly RateLimit[]
  readonly #most: number
  readonly #longest: number
  /** The newest starts, oldest first. */
  readonly #starts: number[] = []

  constructor(limits: readonly RateLimit[]) {
    this.#limits = limits
    this.#most = Math.max(0, ...limits.map(({ count }) => count))
    this.#longest = Math.max(0, ...limits.map(({ ms }) => ms))
  }

  /** The earliest time from `now` on at which one more may start. */
  openAt(now: number): number {
    let at = now
    for (const { count, ms } of this.#limits) {
      const oldest = this.#starts[this.#starts.length - count]
      if (oldest !== undefined) at = Math.max(at, oldest + ms)
    }
    return at
  }

  /** Counts one start. The caller has asked `openAt` first. */
  take(now: number): void {
    this.#starts.push(now)
    // One by one would move the whole list at every start.
    if (this.#starts.length >= 2 * this.#most) this.#starts.splice(0, this.#starts.length - this.#most)
  }

  /** Reports whether no start counts any more: nothing is lost by forgetting this stream. */
  isFresh(now: number): boolean {
    const last = this.#starts.at(-1)
    return last === undefined || last + this.#longest <= now
  }
}
