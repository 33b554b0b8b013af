import type { RenderedCard } from '../../cards/render-card.ts'
import { type Check, type CheckEvent, isClosed } from '../../core/check.ts'
import type { Clock, Random } from '../../core/ports.ts'
import type { HubTimes } from '../times.ts'
import type { DeskLog } from './check-desk.ts'
import type { Speaker } from './speaker.ts'

/** First pause before an edit that failed is tried again; it doubles up to {@link MAX_PAUSE_MS}, with jitter. */
const FIRST_PAUSE_MS = 500

/** A connector that is down is asked again this often at most. */
const MAX_PAUSE_MS = 15_000

/**
 * Times that one final edit is handed over. The chat tries each some times by itself, which takes a quarter of a minute:
 * with the pauses above about ten minutes. Then the place is given up, and said in the log.
 */
const MAX_TRIES = 20

/** Posts whose fate stayed unknown, per place: each may be a card that stands, so a chat sees three at most. */
const MAX_UNCONFIRMED = 3

interface TellerDeps {
  readonly speaker: Speaker
  readonly clock: Clock
  readonly random: Random
  readonly times: HubTimes
  readonly check: () => Check
  readonly render: (place: number, resent: boolean) => Promise<RenderedCard>
  /** Reports whether a card drawn now would show a measured verdict. */
  readonly hasVerdict: () => boolean
  readonly apply: (event: CheckEvent) => Promise<void>
  readonly log: DeskLog
}

/**
 * Keeps a check's cards up to date: one post per place, then edits only. Edits are rendered from the state at the
 * moment they leave, at most one per `times.edit`; the first waits for a verdict to show, and the final one for nothing.
 */
export class CardTeller {
  readonly #deps: TellerDeps
  #stopped = false
  /** No edit was made yet: one without a verdict says little more than the card that stands. */
  #isFirst = true
  /** When the card was asked for, or its last edit was made. Monotonic ms. */
  #lastEdit: number
  /** Teams asked not to be sent anything before this. Monotonic ms. */
  #notBefore = Number.NEGATIVE_INFINITY
  #cancelEdit: (() => void) | null = null
  readonly #finalSent = new Set<number>()
  /** Posts that were put off or stayed unconfirmed, by place. */
  readonly #putOff = new Map<number, number>()
  readonly #unconfirmed = new Map<number, number>()

  constructor(deps: TellerDeps) {
    this.#deps = deps
    this.#lastEdit = deps.clock.monotonic()
  }

  /** Posts the card of one place, unless it stands already. */
  async post(index: number): Promise<void> {
    const place = this.#deps.check().places[index]
    if (!place || place.activityId !== null || place.dead || this.#stopped) return
    const resent = place.posting
    // Asked before the drawing, which may take longer than the check: one edit too many beats one too few.
    const closedWhenDrawn = isClosed(this.#deps.check())
    const card = await this.#deps.render(index, resent)
    // Stored just before it is sent: what could not even be drawn was certainly not posted.
    if (!resent) await this.#deps.apply({ type: 'posting', place: index })
    const told = await this.#deps.speaker.post(place.conversation, place.replyTo, card)
    if (this.#stopped) return
    if (told.kind === 'sent') {
      if (closedWhenDrawn) this.#finalSent.add(index)
      await this.#deps.apply({ type: 'posted', place: index, activityId: told.activityId })
    } else if (told.kind === 'refused') {
      this.#deps.log.warn({ check: this.#deps.check().id, gone: told.gone }, 'card refused')
      await this.#deps.apply({ type: 'post-refused', place: index, gone: true })
    } else if (told.kind === 'later' && counted(this.#putOff, index) < MAX_TRIES) {
      await this.#deps.apply({ type: 'post-refused', place: index, gone: false })
      const doubled = FIRST_PAUSE_MS * 2 ** (this.#putOff.get(index) ?? 0)
      this.#again(index, Math.max(told.afterMs, Math.min(MAX_PAUSE_MS, doubled)))
      return
    } else if (told.kind === 'unknown' && counted(this.#unconfirmed, index) < MAX_UNCONFIRMED) {
      this.#deps.log.warn({ check: this.#deps.check().id }, 'card post unconfirmed, will be re-sent')
      this.#again(index, this.#deps.times.resend)
      return
    } else {
      this.#deps.log.error({ check: this.#deps.check().id, told: told.kind }, 'card given up')
      await this.#deps.apply({ type: 'post-refused', place: index, gone: true })
    }
    await this.#finishIfClosed()
  }

  #again(index: number, afterMs: number): void {
    this.#deps.clock.after(afterMs, () => {
      this.post(index).catch((error: unknown) => {
        this.#deps.log.error({ check: this.#deps.check().id, err: error }, 'card post failed')
        if (!this.#stopped) this.#again(index, this.#deps.times.resend)
      })
    })
  }

  /** Asks for an edit soon. */
  edit(): void {
    if (this.#stopped || isClosed(this.#deps.check())) return
    const { times } = this.#deps
    if (this.#isFirst && this.#isPosted() && this.#deps.hasVerdict()) this.#editAfter(times.afterPost)
    else if (!this.#cancelEdit) this.#editAfter(this.#isFirst ? times.firstEdit : times.edit)
  }

  #isPosted(): boolean {
    return this.#deps.check().places.some(({ activityId }) => activityId !== null)
  }

  /** Edits this long after the last edit, or as soon as Teams allows; takes the place of the edit that was to come. */
  #editAfter(pauseMs: number): void {
    this.#cancelEdit?.()
    this.#cancelEdit = null
    const { clock, check } = this.#deps
    if (this.#stopped || isClosed(check())) return
    const due = Math.max(this.#lastEdit + pauseMs, this.#notBefore)
    this.#cancelEdit = clock.after(Math.max(0, due - clock.monotonic()), () => {
      this.#cancelEdit = null
      // The edit before may have been taken later than it was sent.
      if (this.#lastEdit + pauseMs > clock.monotonic()) this.#editAfter(pauseMs)
      else this.#editNow()
    })
  }

  /**
   * The pause counts from when the one before was taken. Places do not wait for each other, for one of them may stand in
   * a busy conversation: there a newer edit takes the place of one that waits.
   */
  #editNow(): void {
    const { clock } = this.#deps
    this.#isFirst = false
    this.#lastEdit = clock.monotonic()
    for (const index of this.#deps.check().places.keys()) {
      this.#progressEdit(index).catch((error: unknown) => {
        this.#deps.log.error({ check: this.#deps.check().id, err: error }, 'card edit failed')
      })
    }
  }

  /**
   * Makes the final edit of every place, then says that the check is told. An edit that waits in the chat is not waited
   * for: the final one takes its place.
   */
  async finish(): Promise<void> {
    this.#cancelEdit?.()
    this.#cancelEdit = null
    const { places } = this.#deps.check()
    await Promise.all(places.map((_, index) => this.#finalEdit(index)))
    await this.#sayIfAllTold()
  }

  stop(): void {
    this.#stopped = true
    this.#cancelEdit?.()
  }

  async #finishIfClosed(): Promise<void> {
    if (isClosed(this.#deps.check())) await this.finish()
  }

  async #progressEdit(index: number): Promise<void> {
    const place = this.#deps.check().places[index]
    if (!place || place.activityId === null || place.dead || isClosed(this.#deps.check())) return
    const card = await this.#deps.render(index, false)
    if (isClosed(this.#deps.check())) return
    const told = await this.#deps.speaker.edit(place.conversation, place.activityId, card, 'progress')
    this.#lastEdit = Math.max(this.#lastEdit, this.#deps.clock.monotonic())
    const isStill = this.#deps.check().places[index]?.activityId === place.activityId
    if (told.kind === 'refused' && told.lost && isStill) {
      await this.#deps.apply({ type: 'card-lost', place: index })
    }
    if (told.kind === 'later') {
      this.#notBefore = this.#deps.clock.monotonic() + told.afterMs
      this.edit()
    }
  }

  async #finalEdit(index: number): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES && !this.#stopped; tries++) {
      const place = this.#deps.check().places[index]
      if (!place || place.dead || place.activityId === null || this.#finalSent.has(index)) return
      const card = await this.#deps.render(index, false)
      const told = await this.#deps.speaker.edit(place.conversation, place.activityId, card)
      if (told.kind === 'sent') {
        this.#finalSent.add(index)
        return
      }
      if (told.kind === 'refused') {
        const event: CheckEvent =
          told.lost && !told.gone
            ? { type: 'card-lost', place: index }
            : { type: 'post-refused', place: index, gone: true }
        await this.#deps.apply(event)
        return
      }
      await this.#pause(tries, told.kind === 'later' ? told.afterMs : 0)
    }
    if (!this.#stopped) await this.#deps.apply({ type: 'post-refused', place: index, gone: true })
  }

  #pause(tries: number, leastMs: number): Promise<void> {
    const ceiling = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#deps.clock.after(leastMs + ceiling * (0.5 + this.#deps.random.unit() / 2), resolve)
    return promise
  }

  async #sayIfAllTold(): Promise<void> {
    const check = this.#deps.check()
    const open = check.places.some((place, index) => !place.dead && !this.#finalSent.has(index))
    if (!open && !this.#stopped) await this.#deps.apply({ type: 'told' })
  }
}

/** Counts one more for a place, and gives the count. */
function counted(counts: Map<number, number>, index: number): number {
  const count = (counts.get(index) ?? 0) + 1
  counts.set(index, count)
  return count
}
