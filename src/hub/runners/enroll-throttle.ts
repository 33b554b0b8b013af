/** Failures per minute after which an address, or an office, is no longer listened to. */
const FAILURES_PER_MINUTE = 10
const MINUTE_MS = 60_000
/** Addresses and offices that are counted at most; beyond, the oldest count is forgotten. */
const COUNTED = 10_000

/**
 * Counts failed enrolments per address and per office. An office under fire still listens to an address that has not
 * failed itself: otherwise anybody who knows an office's name could keep it from enrolling.
 */
export class EnrollThrottle {
  readonly #failures = new Map<string, number[]>()

  /** `officeId`: null while it is not known what the request is about. `now`: epoch ms. */
  allows(address: string, officeId: string | null, now: number): boolean {
    const own = this.#recent(`address:${address}`, now)
    if (own >= FAILURES_PER_MINUTE) return false
    return officeId === null || own === 0 || this.#recent(`office:${officeId}`, now) < FAILURES_PER_MINUTE
  }

  failed(address: string, officeId: string | null, now: number): void {
    this.#note(`address:${address}`, now)
    if (officeId !== null) this.#note(`office:${officeId}`, now)
  }

  #recent(key: string, now: number): number {
    return (this.#failures.get(key) ?? []).filter((at) => at > now - MINUTE_MS).length
  }

  #note(key: string, now: number): void {
    const recent = (this.#failures.get(key) ?? []).filter((at) => at > now - MINUTE_MS)
    this.#failures.delete(key)
    this.#failures.set(key, [...recent, now].slice(-FAILURES_PER_MINUTE))
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= COUNTED) break
      this.#failures.delete(oldest)
    }
  }
}
