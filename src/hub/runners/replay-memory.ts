/** What was seen of one key. */
type Seen = Map<string, number>

/** Requests of one key that are remembered at most. A runner sends some dozens a minute; more is no runner. */
const PER_KEY = 2_000

/** Remembers the ids of signed requests for as long as they would be accepted again. */
export class ReplayMemory {
  readonly #byKey = new Map<string, Seen>()

  /**
   * Takes an id in: `fresh` the first time. `until` (epoch ms) is when the request becomes too old to be accepted. A
   * key that fills its share is answered `full`, since forgetting would let a request in twice.
   */
  take(kid: string, jti: string, until: number, now: number): 'fresh' | 'seen' | 'full' {
    const seen = this.#byKey.get(kid) ?? new Map<string, number>()
    this.#byKey.set(kid, seen)
    if (seen.has(jti)) return 'seen'
    if (seen.size >= PER_KEY) dropOld(seen, now)
    if (seen.size >= PER_KEY) return 'full'
    seen.set(jti, until)
    return 'fresh'
  }

  /** Forgets what is too old. Call it about once a minute. */
  sweep(now: number): void {
    for (const [kid, seen] of this.#byKey) {
      dropOld(seen, now)
      if (seen.size === 0) this.#byKey.delete(kid)
    }
  }
}

function dropOld(seen: Seen, now: number): void {
  for (const [jti, until] of seen) if (until <= now) seen.delete(jti)
}
