import { digestCard } from '../../cards/digest-card.ts'
import type { RenderedCard } from '../../cards/render-card.ts'
import { digestButtons, makeDigest } from '../../commands/digests/make.ts'
import { type Authority, may } from '../../core/authority.ts'
import type { ConversationRef } from '../../core/chat.ts'
import type { DigestMemory, DigestSchedule } from '../../core/digest.ts'
import type { Clock } from '../../core/ports.ts'
import type { Geography } from '../../core/registry.ts'
import type { DigestStore, SlotClaim, StoredDigest } from '../../store/digests.ts'
import type { LatestStore } from '../../store/latest.ts'
import type { OfficeStore } from '../../store/offices.ts'
import type { DeskLog } from '../check/check-desk.ts'
import type { Speaker } from '../check/speaker.ts'
import type { OfferButton } from '../offer-button.ts'
import { type BeforehandDeps, ChecksBeforehand } from './checks-beforehand.ts'
import { newestSlot, nextSlot } from './next-slot.ts'

export interface DigestKeeperDeps {
  readonly digests: DigestStore
  readonly offices: Pick<OfficeStore, 'all'>
  readonly geography: Geography
  readonly latest: Pick<LatestStore, 'all'>
  readonly authority: () => Promise<Authority>
  readonly desk: BeforehandDeps['desk']
  readonly speaker: Pick<Speaker, 'post'>
  readonly offer: OfferButton
  /** Reports whether a conversation is known to take nothing any more: then an admin was told of it. */
  readonly isDead: (conversationId: string) => Promise<boolean>
  /** Tells an admin of a digest that could not be sent. */
  readonly notSent: (conversation: ConversationRef) => void
  readonly clock: Clock
  /** The name under which this run of the hub claims slots: no other run has it. */
  readonly holder: string
  /** How long a check takes at most, ms. */
  readonly deadline: number
  readonly log: DeskLog
}

/** Between two looks at all digests: they are due by the minute, and another hub may have made one. */
const LOOK_MS = 30_000

/** Longer than the chat keeps a message before it gives it back, tries included (`teams/limits.ts`). */
const CLAIM_MS = 300_000

/** A digest that comes later than this says so; waiting for others and for a check takes less. */
const LATE_MS = 600_000

/** After this long nobody waits for a digest that the chat would not take. */
const GIVE_UP_MS = 2 * 3600_000

/** Slots are kept this long, for whoever asks what became of one. */
const KEEP_MS = 30 * 24 * 3600_000

/**
 * Posts each digest when it is due: once per slot, whichever hub does it and however often one dies. After an outage the
 * newest slot is caught up on and says that it is late; older ones are left out. Nothing lives in memory alone.
 */
export class DigestKeeper {
  readonly #deps: DigestKeeperDeps
  readonly #checks: ChecksBeforehand
  readonly #busy = new Map<string, Promise<void>>()
  /** Schedules whose last digest was refused in this run: an admin is told of the first one alone. */
  readonly #refused = new Set<string>()
  #cancel: (() => void) | null = null
  #lookAt = 0
  #looking = false
  #stopped = false

  constructor(deps: DigestKeeperDeps) {
    this.#deps = deps
    this.#checks = new ChecksBeforehand(deps)
  }

  /** Begins to look; also to be called when a schedule was made or changed. */
  changed(): void {
    this.#lookIn(0)
  }

  /** Looks no more; ends when what is being posted has been answered. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel?.()
    await Promise.allSettled([...this.#busy.values()])
  }

  /** The earlier of this and what is planned already. */
  #lookIn(ms: number): void {
    const { clock } = this.#deps
    const at = clock.monotonic() + ms
    if (this.#stopped || (this.#cancel !== null && this.#lookAt <= at)) return
    this.#cancel?.()
    this.#lookAt = at
    this.#cancel = clock.after(ms, () => {
      this.#cancel = null
      this.#look().catch((error: unknown) => {
        this.#deps.log.error({ err: error }, 'the digests could not be looked at')
        this.#lookIn(LOOK_MS)
      })
    })
  }

  async #look(): Promise<void> {
    if (this.#looking) return this.#lookIn(LOOK_MS)
    this.#looking = true
    try {
      const all = await this.#deps.digests.all()
      const now = this.#deps.clock.now()
      for (const stored of all) this.#begin(stored, now)
      const waits = all.map(({ nextAt }) => nextAt - now).filter((ms) => ms > 0)
      this.#lookIn(Math.min(LOOK_MS, ...waits))
    } finally {
      this.#looking = false
    }
  }

  /** One schedule at a time, all schedules side by side: a slow conversation holds up no other. */
  #begin(stored: StoredDigest, now: number): void {
    const { id } = stored.schedule
    if (this.#busy.has(id) || this.#stopped) return
    const work = this.#tend(stored, now)
      .catch((error: unknown) => this.#deps.log.error({ err: error, digest: id }, 'a digest failed'))
      .finally(() => this.#busy.delete(id))
    this.#busy.set(id, work)
  }

  async #tend(stored: StoredDigest, now: number): Promise<void> {
    const { schedule, nextAt } = stored
    if (now < nextAt) {
      if (this.#checks.isTime(schedule.id, nextAt, now))
        await this.#checks.begin(this.#claim(schedule, nextAt, 'checks'), schedule)
      return
    }
    const { slot, missed } = newestSlot(schedule.plan, nextAt, now)
    if (missed > 0)
      this.#deps.log.warn({ digest: schedule.id, missed }, 'digests were missed; the newest is sent')
    await this.#checks.begin(this.#claim(schedule, slot, 'checks'), schedule)
    const left = this.#checks.leftMs(schedule.id, slot, this.#deps.clock.now())
    if (left > 0) return this.#lookIn(left)
    await this.#post(stored, this.#claim(schedule, slot, 'post'), now)
  }

  #claim({ id }: DigestSchedule, slot: number, part: SlotClaim['part']): SlotClaim {
    return { scheduleId: id, slot, part, holder: this.#deps.holder }
  }

  async #post(stored: StoredDigest, claim: SlotClaim, now: number): Promise<void> {
    const { digests, speaker, clock, log } = this.#deps
    const { schedule } = stored
    const got = await digests.claim(claim, now, now + CLAIM_MS)
    if (got.kind === 'taken') return
    if (got.kind === 'done') return this.#moveOn(stored)
    const { card, memory } = await this.#draw(schedule, claim.slot, got.sentBefore)
    if (!(await digests.sending(claim))) return
    const told = await speaker.post(schedule.conversation, null, card)
    const fields = { digest: schedule.id, slot: claim.slot, outcome: told.kind }
    if (told.kind === 'later' && clock.now() - claim.slot < GIVE_UP_MS) {
      log.warn(fields, 'a digest waits')
      // The chat has tried for a while by now: each new try draws the card and its buttons anew.
      const pause = Math.max(told.afterMs, LOOK_MS)
      await digests.giveBack(claim, clock.now() + pause)
      return this.#lookIn(pause)
    }
    // A post whose fate is not known must not be repeated: it may stand there.
    if (told.kind === 'sent' || told.kind === 'unknown') {
      log[told.kind === 'sent' ? 'info' : 'warn'](fields, 'a digest was posted')
      await digests.putMemory(schedule.id, memory)
      this.#refused.delete(schedule.id)
    } else {
      log.error(fields, 'a digest was not posted')
      await this.#tellOnce(schedule)
    }
    await digests.done(claim, claim.slot - KEEP_MS)
    await this.#moveOn(stored)
  }

  async #draw(
    schedule: DigestSchedule,
    slot: number,
    again: boolean,
  ): Promise<{ readonly card: RenderedCard; readonly memory: DigestMemory }> {
    const { digests, offices, geography, latest, authority, offer, clock } = this.#deps
    const { id, plan, madeBy, conversation } = schedule
    // Rights are those of whoever made it, as they are now.
    const rights = await authority()
    const now = clock.now()
    const digest = await makeDigest({
      plan,
      offices: await offices.all(),
      geography,
      latest: await latest.all(),
      maySee: (office) => may(rights, madeBy, 'digest', office).ok,
      before: await digests.memory(id),
      now,
    })
    const buttons = await digestButtons(digest, plan, id, (title, verb, command, how) =>
      offer(conversation.conversationId, title, verb, command, how),
    )
    const lateSince = now - slot > LATE_MS ? slot : null
    return { card: digestCard({ digest, plan, at: now, lateSince, again, buttons }), memory: digest.memory }
  }

  async #moveOn(stored: StoredDigest): Promise<void> {
    const { digests, clock } = this.#deps
    await digests.moveOn(stored, nextSlot(stored.schedule.plan, clock.now()))
  }

  async #tellOnce({ id, conversation }: DigestSchedule): Promise<void> {
    if (this.#refused.has(id)) return
    this.#refused.add(id)
    if (!(await this.#deps.isDead(conversation.conversationId))) this.#deps.notSent(conversation)
  }
}
