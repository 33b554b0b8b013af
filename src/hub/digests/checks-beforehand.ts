import { officesOfPlan } from '../../commands/digests/make.ts'
import { type Authority, may } from '../../core/authority.ts'
import type { DigestSchedule } from '../../core/digest.ts'
import type { Clock } from '../../core/ports.ts'
import type { Geography } from '../../core/registry.ts'
import type { DigestStore, SlotClaim } from '../../store/digests.ts'
import { fnv1a } from '../../store/keys.ts'
import type { LatestStore } from '../../store/latest.ts'
import type { OfficeStore } from '../../store/offices.ts'
import type { CheckDesk, DeskLog } from '../check/check-desk.ts'

export interface BeforehandDeps {
  readonly digests: Pick<DigestStore, 'claim' | 'done'>
  readonly offices: Pick<OfficeStore, 'all'>
  readonly geography: Geography
  readonly latest: Pick<LatestStore, 'all'>
  readonly authority: () => Promise<Authority>
  readonly desk: Pick<CheckDesk, 'begin' | 'newCheckId' | 'running'>
  readonly clock: Clock
  /** How long a check takes at most, ms. */
  readonly deadline: number
  readonly log: DeskLog
}

/** Checks begin between these many ms before the digest is due, each schedule at its own time: not all on the hour. */
const EARLIEST_MS = 15 * 60_000
const LATEST_MS = 3 * 60_000

/** An office that was judged within this is not measured again: many digests tell of the same ones. */
const FRESH_MS = 20 * 60_000

/** Time for a check to be judged and stored after its deadline. */
const STORED_MS = 2_000

/** A hub that dies here leaves the digest to tell of older verdicts; it is not worth waiting longer for. */
const CLAIM_MS = 60_000

/** A slot is forgotten with its digest's post. */
const KEEP_MS = 30 * 24 * 3600_000

/** Checks the offices of a digest before it is due, without a card: what is found is in the digest. */
export class ChecksBeforehand {
  readonly #deps: BeforehandDeps
  /** When a check of this run ends at the latest, by schedule and slot. */
  readonly #until = new Map<string, number>()
  readonly #begun = new Set<string>()

  constructor(deps: BeforehandDeps) {
    this.#deps = deps
  }

  /** Reports whether it is time to begin; pure, and spread by the schedule's id. */
  isTime(scheduleId: string, slot: number, now: number): boolean {
    const early = LATEST_MS + (fnv1a(scheduleId) % (EARLIEST_MS - LATEST_MS))
    return now >= slot - early
  }

  /** How long a check that this run began for the slot may still be running, ms; 0: none is. */
  leftMs(scheduleId: string, slot: number, now: number): number {
    return Math.max(0, (this.#until.get(`${scheduleId} ${slot}`) ?? 0) - now)
  }

  /** Begins the check of a slot unless that was done, here or elsewhere. */
  async begin(claim: SlotClaim, schedule: DigestSchedule): Promise<void> {
    const { digests, clock, desk, deadline, log } = this.#deps
    const key = `${schedule.id} ${claim.slot}`
    if (this.#begun.has(key)) return
    const now = clock.now()
    const got = await digests.claim(claim, now, now + CLAIM_MS)
    this.#begun.add(key)
    if (got.kind !== 'mine') return
    const officeIds = await this.#due(schedule, now)
    if (officeIds.length > 0) {
      const { conversation, madeBy } = schedule
      const id = desk.newCheckId()
      await desk.begin({ id, officeIds, conversation, askedBy: madeBy, replyTo: null, quiet: true })
      this.#until.set(key, now + deadline + STORED_MS)
      log.info({ digest: schedule.id, check: id, offices: officeIds.length }, 'checks before a digest')
    }
    await digests.done(claim, claim.slot - KEEP_MS)
    this.#forget(now)
  }

  /** The offices of the plan that were not judged lately and are not being measured. */
  async #due({ plan, madeBy }: DigestSchedule, now: number): Promise<readonly string[]> {
    const { offices, geography, latest, authority, desk } = this.#deps
    const rights = await authority()
    const meant = await officesOfPlan({
      plan,
      offices: await offices.all(),
      geography,
      maySee: (office) => may(rights, madeBy, 'check', office).ok,
    })
    const fresh = (await latest.all()).filter(({ at }) => now - at < FRESH_MS).map(({ officeId }) => officeId)
    const spared = new Set([...fresh, ...desk.running().flatMap(({ officeIds }) => officeIds)])
    return meant.map(({ id }) => id).filter((id) => !spared.has(id))
  }

  #forget(now: number): void {
    for (const [key, until] of this.#until) if (until < now) this.#until.delete(key)
    for (const key of this.#begun) {
      if (Number(key.split(' ')[1]) < now - KEEP_MS) this.#begun.delete(key)
    }
  }
}
