import type { Clock } from './ports.ts'

/**
 * How often one may ask: `burst` at once, and one more every `everyMs`. Whole numbers of ms alone, so that the time we
 * name is the time at which it works.
 */
export interface Pace {
  readonly burst: number
  readonly everyMs: number
}

/**
 * Keys that one kind of bucket remembers. A full bucket needs no memory, so this many people or conversations can be
 * asking within one minute before the longest idle is forgotten; a forgotten one starts full.
 */
export const REMEMBERED_KEYS = 10_000

/**
 * Token buckets by key, each as one number: the time at which it is full again. A bucket of `burst` that is refilled by
 * one every `everyMs` is one that may be filled until `burst * everyMs` ahead of now.
 */
export class Buckets {
  readonly #pace: Pace
  readonly #fullAt = new Map<string, number>()

  constructor(pace: Pace) {
    this.#pace = pace
  }

  /** When the next turn of a key is allowed, epoch ms; `now` or before: at once. Takes nothing. */
  nextAt(key: string, now: number): number {
    const { burst, everyMs } = this.#pace
    return this.#fullAgainAt(key, now) - (burst - 1) * everyMs
  }

  /** Takes one turn of a key that has one. */
  take(key: string, now: number): void {
    const fullAt = Math.max(this.#fullAgainAt(key, now), now)
    this.#fullAt.delete(key)
    this.#fullAt.set(key, fullAt + this.#pace.everyMs)
    if (this.#fullAt.size > REMEMBERED_KEYS) this.#forget(now)
  }

  /** No bucket is emptier than empty: a clock that was set back would keep everybody out until it caught up. */
  #fullAgainAt(key: string, now: number): number {
    const { burst, everyMs } = this.#pace
    const known = this.#fullAt.get(key) ?? now
    const fullAt = Math.min(known, now + burst * everyMs)
    if (fullAt < known) this.#fullAt.set(key, fullAt)
    return fullAt
  }

  get size(): number {
    return this.#fullAt.size
  }

  get burst(): number {
    return this.#pace.burst
  }

  /** Drops what is full again; if nothing is, the one that asked longest ago. */
  #forget(now: number): void {
    for (const [key, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(key)
    if (this.#fullAt.size <= REMEMBERED_KEYS) return
    const oldest = this.#fullAt.keys().next()
    if (!oldest.done) this.#fullAt.delete(oldest.value)
  }
}

/**
 * Messages and clicks of one person in a minute, unless the configuration says otherwise. Three times the six commands
 * of a busy minute, for a form that is filled in wrongly, its correction and its confirmation are three.
 */
export const PERSON_PER_MINUTE = 20

/**
 * Messages and clicks of everybody in one conversation, as a multiple of one person's. Teams takes 60 messages of ours
 * in 30 s in one conversation; an answer is one, and a check's card is edited some ten times: three people at their own
 * limit leave half of that free.
 */
export const CONVERSATION_FACTOR = 3

const MINUTE_MS = 60_000

/** Whose limit was reached. */
export type Limited = {
  readonly ok: false
  readonly whose: 'person' | 'conversation'
  /** How many a minute has. */
  readonly burst: number
  /** Epoch ms. */
  readonly againAt: number
  /** It is to be said; the refusals of the minute after that are silent. */
  readonly tell: boolean
}

/** The limits of people and of conversations. Nothing else is done before they are asked. */
export class TurnLimits {
  readonly #people: Buckets
  readonly #conversations: Buckets
  /** Who was told when. */
  readonly #told = new Map<string, number>()
  readonly #clock: Pick<Clock, 'now'>

  constructor(clock: Pick<Clock, 'now'>, perMinute: number = PERSON_PER_MINUTE) {
    const pace = (burst: number): Pace => ({ burst, everyMs: Math.ceil(MINUTE_MS / burst) })
    this.#people = new Buckets(pace(perMinute))
    this.#conversations = new Buckets(pace(perMinute * CONVERSATION_FACTOR))
    this.#clock = clock
  }

  /** Takes a turn of both buckets, or none of either. */
  take(objectId: string, conversationId: string): { readonly ok: true } | Limited {
    const now = this.#clock.now()
    const person = this.#people.nextAt(objectId, now)
    const conversation = this.#conversations.nextAt(conversationId, now)
    if (person <= now && conversation <= now) {
      this.#people.take(objectId, now)
      this.#conversations.take(conversationId, now)
      return { ok: true }
    }
    const whose = person >= conversation ? 'person' : 'conversation'
    const burst = whose === 'person' ? this.#people.burst : this.#conversations.burst
    const tell = this.#mayTell(`${objectId} ${conversationId}`, now)
    return { ok: false, whose, burst, againAt: Math.max(person, conversation), tell }
  }

  /** Once a minute: an answer to everything that is too much would be too much itself. */
  #mayTell(key: string, now: number): boolean {
    const last = this.#told.get(key)
    if (last !== undefined && now >= last && now - last < MINUTE_MS) return false
    this.#told.delete(key)
    this.#told.set(key, now)
    if (this.#told.size > REMEMBERED_KEYS) this.#told.delete(this.#told.keys().next().value ?? '')
    return true
  }
}
