import type { RenderedCard } from '../../cards/render-card.ts'
import type { ConversationRef, Person } from '../../core/chat.ts'
import { type CardPlace, type Check, isClosed, outstanding } from '../../core/check.ts'
import { newId } from '../../core/ids.ts'
import type { Measurement, Owed } from '../../core/measurement.ts'
import type { Clock, Random } from '../../core/ports.ts'
import type { CheckStore } from '../../store/checks.ts'
import type { LatestStore } from '../../store/latest.ts'
import type { HubTimes } from '../times.ts'
import type { CheckCards, Page } from './check-cards.ts'
import { type CheckContext, judgeOffices } from './check-context.ts'
import { RunningCheck } from './running-check.ts'
import type { Speaker } from './speaker.ts'

/** What the desk needs; made once, when the hub starts. */
export interface CheckDeskDeps {
  readonly checks: CheckStore
  readonly latest: LatestStore
  readonly speaker: Speaker
  readonly cards: CheckCards
  readonly clock: Clock
  readonly random: Random
  readonly times: HubTimes
  readonly context: (officeIds: readonly string[]) => Promise<CheckContext>
  readonly isSilent: (runnerId: string) => boolean
  /** Tells runners that there is work: their open polls are answered. */
  readonly wake: (runnerIds: readonly string[]) => void
  readonly log: DeskLog
}

export interface DeskLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Someone asks for a check. */
export interface CheckRequest {
  readonly id: string
  readonly officeIds: readonly string[]
  /** A download is asked for too. */
  readonly download?: boolean
  readonly conversation: ConversationRef
  readonly askedBy: Person
  readonly replyTo: string | null
  /** Offices that were selected and left out, because whoever asks may not check them; absent: none. */
  readonly leftOut?: number
  /** No card is posted; who asks for the same meanwhile gets one. */
  readonly quiet?: boolean
}

/** Whether a new check began, or which running one it joined. */
export type Begun =
  | { readonly kind: 'began' }
  | {
      readonly kind: 'joined'
      readonly checkId: string
      readonly askedBy: Person
      readonly sameConversation: boolean
    }

/** What became of a measurement that a runner posted. */
export type Kept = 'stored' | 'repeated' | 'conflict' | 'late' | 'unknown-check' | 'not-owed' | 'not-now'

/** Work for one runner out of one check. */
export interface RunnerWork {
  readonly checkId: string
  readonly deadline: number
  readonly owed: readonly Owed[]
}

/** All running checks of this hub. Keeps nothing that the store does not hold: `resume` after any crash goes on. */
export class CheckDesk {
  readonly #deps: CheckDeskDeps
  readonly #running = new Map<string, RunningCheck>()

  constructor(deps: CheckDeskDeps) {
    this.#deps = deps
  }

  /** A fresh id for a check. */
  newCheckId(): string {
    return newId(this.#deps.clock.now(), this.#deps.random)
  }

  /** Begins a check, stored before anything is sent, or joins one that runs for the same offices and brings all that is asked for. */
  async begin(request: CheckRequest): Promise<Begun> {
    if (this.#running.has(request.id)) return { kind: 'began' }
    const place: CardPlace = {
      conversation: request.conversation,
      askedBy: request.askedBy,
      replyTo: request.replyTo,
      activityId: null,
      posting: false,
      // A place that takes no card, from the start.
      dead: request.quiet === true,
      ...(request.leftOut ? { leftOut: request.leftOut } : {}),
    }
    for (const running of request.quiet ? [] : this.#runningFor(request)) {
      const joined = await this.#join(running, place)
      if (joined) return joined
    }
    return this.#start(request, place)
  }

  /** Null when the check could not be joined after all: it was never stored, or it closed in between. */
  async #join(running: RunningCheck, place: CardPlace): Promise<Begun | null> {
    try {
      await running.isStored()
    } catch {
      return null
    }
    const { conversationId } = place.conversation
    const [first] = running.check.places
    const askedBy = first?.askedBy ?? place.askedBy
    const joined = { kind: 'joined', checkId: running.check.id, askedBy } as const
    if (hasPlaceIn(running.check, conversationId)) return { ...joined, sameConversation: true }
    await running.apply({ type: 'joined', place })
    return hasPlaceIn(running.check, conversationId) ? { ...joined, sameConversation: false } : null
  }

  async #start(request: CheckRequest, place: CardPlace): Promise<Begun> {
    const now = this.#deps.clock.now()
    const started = RunningCheck.accept(
      {
        id: request.id,
        officeIds: request.officeIds,
        ...(request.download ? { download: true } : {}),
        createdAt: now,
        deadline: now + this.#deps.times.deadline,
        place,
      },
      this.#deps,
      () => this.#running.delete(request.id),
    )
    this.#running.set(request.id, started)
    try {
      await started.store()
    } catch (error) {
      this.#running.delete(request.id)
      throw error
    }
    return { kind: 'began' }
  }

  /** Takes up every check that a crash or a stop left unfinished. */
  async resume(): Promise<number> {
    const unfinished = await this.#deps.checks.unfinished()
    for (const check of unfinished) {
      if (this.#running.has(check.id)) continue
      const running = RunningCheck.resume(check, this.#deps, () => this.#running.delete(check.id))
      this.#running.set(check.id, running)
    }
    return unfinished.length
  }

  /** What a runner still has to do, without what it says it is at. */
  workFor(runnerId: string, inflight: ReadonlySet<string>): readonly RunnerWork[] {
    const work: RunnerWork[] = []
    for (const running of this.#running.values()) {
      const { check } = running
      if (isClosed(check)) continue
      const owed = outstanding(check).filter(
        (entry) =>
          entry.runnerId === runnerId &&
          !inflight.has(entry.measurementId) &&
          !running.isWaiting(entry.measurementId),
      )
      if (owed.length > 0) work.push({ checkId: check.id, deadline: check.deadline, owed })
    }
    return work
  }

  /** Notes that a runner took work. */
  handedOut(checkId: string): void {
    // What failed is in the log, and the status alone is behind: the next event goes on from what is stored.
    this.#running
      .get(checkId)
      ?.apply({ type: 'handed-out' })
      .catch(() => undefined)
  }

  /** Every check that is not closed yet. */
  running(): readonly Check[] {
    return [...this.#running.values()].map(({ check }) => check).filter((check) => !isClosed(check))
  }

  /** Stops a check where it stands; its runners get no more of it. False when there is none, or it ended first. */
  async cancel(checkId: string, by: Person): Promise<boolean> {
    const running = this.#running.get(checkId)
    if (!running) return false
    try {
      await running.isStored()
    } catch {
      return false
    }
    return running.cancel(by)
  }

  /** The check as it stands in memory or in the store; null when there is none. */
  async find(checkId: string): Promise<Check | null> {
    return this.#running.get(checkId)?.check ?? (await this.#deps.checks.load(checkId))
  }

  /** Keeps a measurement; ends once it is stored. The first one counts, a different second one is a conflict. */
  async keep(measurement: Measurement): Promise<Kept> {
    const running = this.#running.get(measurement.checkId)
    const check = running?.check ?? (await this.#deps.checks.load(measurement.checkId))
    if (!check) return 'unknown-check'
    if (!check.owed.some((owed) => owed.measurementId === measurement.measurementId)) return 'not-owed'
    const first = check.measurements[measurement.measurementId]
    if (first) return sameOutcome(first, measurement) ? 'repeated' : 'conflict'
    if (isClosed(check)) return this.#keepLate(measurement)
    // Open and not ours: it is about to be taken up after a start, or this hub is stopping.
    if (!running) return 'not-now'
    await running.measured(measurement)
    const kept = running.check.measurements[measurement.measurementId]
    if (kept === measurement) return 'stored'
    if (kept) return sameOutcome(kept, measurement) ? 'repeated' : 'conflict'
    return isClosed(running.check) ? this.#keepLate(measurement) : 'not-now'
  }

  /**
   * One page of a check that ended, drawn again from its rows for this conversation, with the offices that `mayShow`
   * names; null: there is none, or not of several offices.
   */
  async page(checkId: string, at: Page): Promise<RenderedCard | null> {
    const check = await this.find(checkId)
    if (!check || !isClosed(check) || check.officeIds.length < 2) return null
    const context = await this.#deps.context(check.officeIds)
    const judgements = judgeOffices(check, context, check.closedAt ?? check.deadline)
    return this.#deps.cards.page({ check, context, judgements }, at)
  }

  /** Ends the timers; what is not finished is taken up at the next start. */
  async stop(): Promise<void> {
    await Promise.allSettled([...this.#running.values()].map((running) => running.stop()))
    this.#running.clear()
  }

  /** How many checks run. */
  get size(): number {
    return this.#running.size
  }

  async #keepLate(measurement: Measurement): Promise<Kept> {
    await this.#deps.checks.keepLate(measurement)
    return 'late'
  }

  #runningFor({ officeIds, download }: CheckRequest): readonly RunningCheck[] {
    const key = [...officeIds].sort().join(' ')
    return [...this.#running.values()].filter(
      ({ check }) =>
        !isClosed(check) &&
        [...check.officeIds].sort().join(' ') === key &&
        (check.download === true || !download),
    )
  }
}

function hasPlaceIn(check: Check, conversationId: string): boolean {
  return check.places.some((place) => !place.dead && place.conversation.conversationId === conversationId)
}

function sameOutcome(a: Measurement, b: Measurement): boolean {
  return JSON.stringify(a.outcome) === JSON.stringify(b.outcome)
}
