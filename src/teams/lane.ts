import { type RateLimit, RateWindows } from '../core/rate-windows.ts'
import { YIELD_MS } from './limits.ts'
import type { Tried } from './retry.ts'

/** One message, edit or question on its way out. */
export interface Item<T extends Tried> {
  readonly kind: 'post' | 'edit' | 'read'
  readonly conversationId: string
  /** The message that an edit is for: a newer edit of it takes the place of one that waits. */
  readonly messageId: string | null
  /** One try. */
  run: () => Promise<T>
  /** Gives way to what came after it, for a while. */
  progress: boolean
  /** When it was asked for, monotonic ms. */
  readonly at: number
  /** It is known that the conversation lives. */
  checked: boolean
  tries: number
  /** An edit whose fate is not known waits alone; others pass it. */
  notBefore: number
  last: T | null
  readonly waiters: PromiseWithResolvers<T>[]
}

/**
 * What waits for one conversation (all threads of a channel are one), in order. One request at a time: two that overlap
 * may arrive the wrong way round, and then an older card would stand last.
 */
export class Lane<T extends Tried> {
  readonly windows: RateWindows
  readonly tenantId: string
  readonly waiting: Item<T>[] = []
  inFlight: Item<T> | null = null
  /** Teams asked not to be sent anything before this. Monotonic ms. */
  heldUntil = 0
  /** A count of all starts at this lane's last one: who was served longest ago is next. */
  served = 0

  constructor(limits: readonly RateLimit[], tenantId: string) {
    this.windows = new RateWindows(limits)
    this.tenantId = tenantId
  }

  /** Takes an item in. A waiting edit of the same message gives its place in the line to the newer content. */
  put(item: Item<T>): void {
    const older = this.#waitingFor(item)
    if (!older) {
      this.waiting.push(item)
      return
    }
    older.run = item.run
    older.progress = older.progress && item.progress
    older.waiters.push(...item.waiters)
  }

  /** Takes an item back that is to be tried again: in front, or into a newer edit of the same message. */
  putBack(item: Item<T>): void {
    const newer = this.#waitingFor(item)
    if (newer) newer.waiters.unshift(...item.waiters)
    else this.waiting.unshift(item)
  }

  /** Reports whether a newer edit of the same message waits already. */
  has(item: Pick<Item<T>, 'messageId'>): boolean {
    return this.#waitingFor(item) !== undefined
  }

  /**
   * The item to start next, and from when on; null when all wait for something else. Progress comes last, until it has
   * waited for {@link YIELD_MS}.
   */
  next(now: number): { readonly item: Item<T>; readonly from: number } | null {
    const first = this.waiting
      .filter(({ notBefore }) => notBefore <= now)
      .toSorted((a, b) => rank(a, now) - rank(b, now))[0]
    if (first) return first.checked ? { item: first, from: this.openAt(now) } : null
    const from = Math.min(...this.waiting.map(({ notBefore }) => notBefore))
    const item = this.waiting.find(({ notBefore }) => notBefore === from)
    return item ? { item, from: Math.max(from, this.openAt(now)) } : null
  }

  openAt(now: number): number {
    return Math.max(this.heldUntil, this.windows.openAt(now))
  }

  remove(item: Item<T>): void {
    const at = this.waiting.indexOf(item)
    if (at >= 0) this.waiting.splice(at, 1)
  }

  isIdle(now: number): boolean {
    const { inFlight, waiting, heldUntil, windows } = this
    return inFlight === null && waiting.length === 0 && heldUntil <= now && windows.isFresh(now)
  }

  #waitingFor({ messageId }: Pick<Item<T>, 'messageId'>): Item<T> | undefined {
    return messageId === null ? undefined : this.waiting.find((other) => other.messageId === messageId)
  }
}

/** 0 before 1. Equal ones keep their order. */
export function rank(item: Pick<Item<Tried>, 'progress' | 'at'>, now: number): 0 | 1 {
  return item.progress && now - item.at < YIELD_MS ? 1 : 0
}
