import type { Outcome } from '../core/failure.ts'
import type { Clock } from '../core/ports.ts'
import type { SigningKey } from './key-documents.ts'

/** Microsoft's rules for bots: ask anew at least once a day. */
export const REFRESH_MS = 24 * 3_600_000

/**
 * The least time between two questions. A token with a key that we do not know makes us ask, and anybody can send one:
 * so often and no more. It is also how long a key that is used before it was announced is refused at most.
 */
export const ASK_AGAIN_MS = 60_000

/** While there is no key at all nobody can be let in, so the first ones are worth asking for more often. */
export const ASK_FIRST_MS = 10_000

/** How long keys may serve when the issuer does not answer: what Microsoft's own library keeps them for. */
export const MAX_STALE_MS = 5 * 24 * 3_600_000

/** Why a key was not found: the issuer does not have it, or we cannot know what the issuer has. */
export type NoKey = 'unknown' | 'unavailable'

export interface SigningKeysOptions {
  /** Fetches all keys by their ids. Never rejects. */
  readonly fetch: () => Promise<Outcome<ReadonlyMap<string, SigningKey>>>
  readonly clock: Clock
  readonly log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
  }
}

/**
 * The issuer's keys, kept: fetched at the start and once a day, at most one question at a time and one a minute,
 * whatever comes in. What is kept is the newest list and nothing else, so forged key ids leave nothing behind.
 */
export class SigningKeys {
  readonly #fetch: SigningKeysOptions['fetch']
  readonly #clock: Clock
  readonly #log: SigningKeysOptions['log']
  #held: { readonly keys: ReadonlyMap<string, SigningKey>; readonly at: number } | null = null
  #askedAt = Number.NEGATIVE_INFINITY
  #failedLast = false
  #asking: Promise<void> | null = null
  #cancel: () => void = () => undefined
  #closed = false

  constructor({ fetch, clock, log }: SigningKeysOptions) {
    this.#fetch = fetch
    this.#clock = clock
    this.#log = log
  }

  /** Fetches the first keys and from then on keeps them fresh. Resolves when they are there or cannot be had now. */
  start(): Promise<void> {
    return this.#ask()
  }

  /** The key of this id. Waits for the issuer only where the id is not known and asking is due. */
  async find(kid: string): Promise<SigningKey | NoKey> {
    const known = this.#usable()?.get(kid)
    if (known) return known
    const interval = this.#usable() === null ? ASK_FIRST_MS : ASK_AGAIN_MS
    if (this.#asking) await this.#asking
    else if (this.#clock.monotonic() - this.#askedAt >= interval) await this.#ask()
    const keys = this.#usable()
    // An issuer that did not answer may well have the key by now.
    return keys?.get(kid) ?? (keys === null || this.#failedLast ? 'unavailable' : 'unknown')
  }

  /** How old the kept keys are, ms; null while there are none that may be used. */
  ageMs(): number | null {
    return this.#usable() === null || this.#held === null ? null : this.#clock.monotonic() - this.#held.at
  }

  /** Asks no more. */
  close(): void {
    this.#closed = true
    this.#cancel()
  }

  #usable(): ReadonlyMap<string, SigningKey> | null {
    if (this.#held === null || this.#clock.monotonic() - this.#held.at > MAX_STALE_MS) return null
    return this.#held.keys
  }

  #ask(): Promise<void> {
    this.#asking ??= this.#askOnce().finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  async #askOnce(): Promise<void> {
    this.#cancel()
    this.#askedAt = this.#clock.monotonic()
    const fetched = await this.#fetch()
    this.#failedLast = !fetched.ok
    if (fetched.ok) {
      this.#held = { keys: fetched.result, at: this.#clock.monotonic() }
      this.#log.info({ keys: fetched.result.size }, 'signing keys fetched')
    } else {
      const { failure, detail } = fetched
      this.#log.warn({ failure, detail, ageMs: this.ageMs() }, 'signing keys could not be fetched')
    }
    if (this.#closed) return
    const wait = fetched.ok ? REFRESH_MS : this.#usable() === null ? ASK_FIRST_MS : ASK_AGAIN_MS
    this.#cancel = this.#clock.after(wait, () => void this.#ask())
  }
}
