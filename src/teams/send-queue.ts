import type { Clock, Random } from '../core/ports.ts'
import { type RateLimit, RateWindows } from '../core/rate-windows.ts'
import { type Item, Lane, rank } from './lane.ts'
import { MAX_WAIT_MS, MAX_WAITING, MAX_WAITING_HERE, TENANT_LIMITS } from './limits.ts'
import { nextAfter, type Tried } from './retry.ts'

/** Something to be sent or asked. */
export interface Work<T extends Tried>
  extends Pick<Item<T>, 'kind' | 'conversationId' | 'messageId' | 'run'> {
  /** What shares limits and order. */
  readonly lane: string
  readonly limits: readonly RateLimit[]
  readonly tenantId: string
  readonly progress: boolean
  /** Asked once, before the first try: an answer in place of sending, or null to go on. Never rejects. */
  readonly instead: () => Promise<T | null>
}

export interface SendQueueDeps<T extends Tried> {
  readonly clock: Clock
  readonly random: Pick<Random, 'unit'>
  readonly log: { warn(fields: object, message: string): void }
  /** The answer for what is given back without a try. `retryAfterMs`: when it may be worth asking again. */
  readonly notNow: (retryAfterMs: number | null) => T
}

/** What the queue did since the start, and what it holds. */
export interface SendCounts {
  readonly waiting: number
  readonly inFlight: number
  /** Requests made, those again included. */
  readonly tried: number
  readonly again: number
  /** Given back because too many waited. */
  readonly dropped: number
  /** Given back because Teams' limits would have kept it too long. */
  readonly tooLate: number
}

/** Lanes are looked through for forgotten ones when there are this many, or twice as many as were left the last time. */
const FIRST_SWEEP = 1_000

/**
 * One queue for all that goes to Teams. A lane per conversation keeps order and limits; of the lanes that may send the one
 * served longest ago is next, so that a noisy conversation takes nothing from a quiet one. Everything that is taken in is
 * answered: sent, refused, or given back after {@link MAX_WAIT_MS}.
 */
export class SendQueue<T extends Tried> {
  readonly #deps: SendQueueDeps<T>
  readonly #lanes = new Map<string, Lane<T>>()
  /** The lanes in which something waits or is under way. */
  readonly #busy = new Set<Lane<T>>()
  readonly #tenants = new Map<string, RateWindows>()
  readonly #counts = { waiting: 0, inFlight: 0, tried: 0, again: 0, dropped: 0, tooLate: 0 }
  #sweepAt = FIRST_SWEEP
  #cancelWake: () => void = () => undefined
  #stopped: PromiseWithResolvers<void> | null = null

  constructor(deps: SendQueueDeps<T>) {
    this.#deps = deps
  }

  get counts(): SendCounts {
    return { ...this.#counts }
  }

  /** Takes work in; ends with the last word on it. Rejects only for a bug, which `run` throws. */
  add(work: Work<T>): Promise<T> {
    const { kind, conversationId, messageId, run, progress } = work
    const done = Promise.withResolvers<T>()
    if (this.#stopped) return Promise.resolve(this.#deps.notNow(null))
    const lane = this.#laneOf(work)
    const at = this.#deps.clock.monotonic()
    const base = { kind, conversationId, messageId, run, progress, at, waiters: [done] }
    const item: Item<T> = { ...base, checked: false, tries: 0, notBefore: at, last: null }
    if (!lane.has(item) && !this.#hasRoom(lane, item)) return done.promise
    lane.put(item)
    this.#busy.add(lane)
    this.#count()
    if (!lane.waiting.includes(item)) {
      this.#pump()
      return done.promise
    }
    void work.instead().then((answer) => {
      item.checked = true
      if (answer) this.#giveBack(lane, item, answer)
      this.#pump()
    })
    return done.promise
  }

  /** Answers whatever waits for conversations that match. */
  giveBack(matches: (conversationId: string) => boolean, answer: T): void {
    for (const lane of this.#busy)
      for (const item of lane.waiting.filter(({ conversationId }) => matches(conversationId)))
        this.#giveBack(lane, item, answer)
  }

  /** Takes no more, gives back what waits, and ends once nothing is under way. */
  async stop(): Promise<void> {
    this.#stopped ??= Promise.withResolvers<void>()
    this.#cancelWake()
    if (this.#counts.waiting > 0)
      this.#deps.log.warn({ waiting: this.#counts.waiting }, 'stopped before all was sent')
    this.giveBack(() => true, this.#deps.notNow(null))
    if (this.#counts.inFlight === 0) this.#stopped.resolve()
    await this.#stopped.promise
  }

  #laneOf({ lane: name, limits, tenantId }: Work<T>): Lane<T> {
    const known = this.#lanes.get(name)
    if (known) return known
    if (this.#lanes.size >= this.#sweepAt) this.#sweep()
    const made = new Lane<T>(limits, tenantId)
    this.#lanes.set(name, made)
    return made
  }

  #sweep(): void {
    const now = this.#deps.clock.monotonic()
    for (const [name, lane] of this.#lanes) if (lane.isIdle(now)) this.#lanes.delete(name)
    for (const [id, windows] of this.#tenants) if (windows.isFresh(now)) this.#tenants.delete(id)
    this.#sweepAt = Math.max(FIRST_SWEEP, 2 * this.#lanes.size)
  }

  /** Makes room where too many wait: progress goes first, then the newest of the longest lane. */
  #hasRoom(lane: Lane<T>, item: Item<T>): boolean {
    const full = lane.waiting.length >= MAX_WAITING_HERE
    if (!full && this.#counts.waiting < MAX_WAITING) return true
    const longest = [...this.#busy].reduce((a, b) => (b.waiting.length > a.waiting.length ? b : a), lane)
    const crowded = full || lane.waiting.length >= longest.waiting.length ? lane : longest
    const idlest = crowded.waiting.findLast(({ progress }) => progress)
    const victim = idlest ?? (crowded === lane ? item : (crowded.waiting.at(-1) ?? item))
    this.#counts.dropped += 1
    const { conversationId, kind } = victim
    this.#deps.log.warn({ conversationId, kind, dropped: this.#counts.dropped }, 'dropped: too many wait')
    this.#giveBack(crowded, victim, this.#deps.notNow(null))
    return victim !== item
  }

  #giveBack(lane: Lane<T>, item: Item<T>, answer: T): void {
    lane.remove(item)
    this.#count()
    for (const waiter of item.waiters) waiter.resolve(answer)
  }

  /** Starts all that may start now, and sets the alarm for what may start next. */
  #pump(): void {
    this.#cancelWake()
    if (this.#stopped) return
    const now = this.#deps.clock.monotonic()
    for (;;) {
      const { lane, item, wakeAt } = this.#choose(now)
      if (lane && item) {
        this.#start(lane, item, now)
        continue
      }
      if (wakeAt !== null) this.#cancelWake = this.#deps.clock.after(wakeAt - now, () => this.#pump())
      return
    }
  }

  #choose(now: number): { lane?: Lane<T>; item?: Item<T>; wakeAt: number | null } {
    let best: { lane: Lane<T>; item: Item<T> } | undefined
    let wakeAt: number | null = null
    for (const lane of this.#busy) {
      if (lane.inFlight || lane.waiting.length === 0) continue
      this.#giveBackTooLate(lane, now)
      const next = lane.next(now)
      if (!next) continue
      const from = Math.max(next.from, this.#tenant(lane.tenantId).openAt(now))
      if (from > now) wakeAt = wakeAt === null ? from : Math.min(wakeAt, from)
      else if (!best || comesBefore(lane, next.item, best, now)) best = { lane, item: next.item }
    }
    return { ...best, wakeAt }
  }

  #giveBackTooLate(lane: Lane<T>, now: number): void {
    const openAt = lane.openAt(now)
    for (const item of lane.waiting.filter(({ at, checked }) => checked && openAt - at > MAX_WAIT_MS)) {
      this.#counts.tooLate += 1
      const { conversationId, kind } = item
      this.#deps.log.warn({ conversationId, kind, openInMs: openAt - now }, 'given back: too long to wait')
      const unsure = item.last?.outcome === 'unknown' ? item.last : null
      this.#giveBack(lane, item, unsure ?? this.#deps.notNow(openAt - now))
    }
  }

  #start(lane: Lane<T>, item: Item<T>, now: number): void {
    lane.remove(item)
    lane.inFlight = item
    lane.windows.take(now)
    this.#tenant(lane.tenantId).take(now)
    this.#counts.tried += 1
    lane.served = this.#counts.tried
    if (item.tries > 0) this.#counts.again += 1
    item.tries += 1
    this.#count()
    item.run().then(
      (tried) => this.#tried(lane, item, tried),
      (bug: unknown) => {
        for (const waiter of item.waiters) waiter.reject(bug)
        this.#landed(lane)
      },
    )
  }

  #tried(lane: Lane<T>, item: Item<T>, tried: T): void {
    const now = this.#deps.clock.monotonic()
    const { holdMs, againMs } = nextAfter(tried, item.kind, item.tries, this.#deps.random)
    if (holdMs > 0) lane.heldUntil = Math.max(lane.heldUntil, now + holdMs)
    if (againMs === null || this.#stopped) {
      for (const waiter of item.waiters) waiter.resolve(tried)
    } else {
      item.last = tried
      item.notBefore = now + againMs
      lane.putBack(item)
    }
    this.#landed(lane)
  }

  #landed(lane: Lane<T>): void {
    lane.inFlight = null
    this.#count()
    if (this.#stopped && this.#counts.inFlight === 0) this.#stopped.resolve()
    this.#pump()
  }

  #tenant(id: string): RateWindows {
    const known = this.#tenants.get(id)
    if (known) return known
    const made = new RateWindows(TENANT_LIMITS)
    this.#tenants.set(id, made)
    return made
  }

  #count(): void {
    let waiting = 0
    let inFlight = 0
    for (const lane of this.#busy) {
      waiting += lane.waiting.length
      if (lane.inFlight) inFlight += 1
      else if (lane.waiting.length === 0) this.#busy.delete(lane)
    }
    this.#counts.waiting = waiting
    this.#counts.inFlight = inFlight
  }
}

/** What shows only progress comes after all else; among equals the lane that was served longest ago is first. */
function comesBefore<T extends Tried>(
  lane: Lane<T>,
  item: Item<T>,
  than: { readonly lane: Lane<T>; readonly item: Item<T> },
  now: number,
): boolean {
  const byRank = rank(item, now) - rank(than.item, now)
  return byRank === 0 ? lane.served < than.lane.served : byRank < 0
}
