import type { RenderedCard } from '../../src/cards/render-card.ts'
import { isClosed } from '../../src/core/check.ts'
import type { Measurement } from '../../src/core/measurement.ts'
import type { Office } from '../../src/core/office.ts'
import type { Runner } from '../../src/core/runner.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { snapshotList } from '../../src/endpoints/snapshot.ts'
import type { CheckCards, CheckView } from '../../src/hub/check/check-cards.ts'
import { CheckDesk, type CheckRequest } from '../../src/hub/check/check-desk.ts'
import type { Speaker, Told } from '../../src/hub/check/speaker.ts'
import { surroundingsFrom } from '../../src/hub/surroundings.ts'
import { HUB_TIMES } from '../../src/hub/times.ts'
import { NO_PLACES } from '../../src/places/csv.ts'
import { checkStore } from '../../src/store/checks.ts'
import { latestStore } from '../../src/store/latest.ts'
import { countingRandom } from '../wire/signing-kit.ts'
import { ANA, aConversation, anOffice, aRunner, measurementOf } from './check-kit.ts'
import { keptLog, settle } from './settle.ts'
import type { TestClock } from './test-clock.ts'

/** What the cards of these tests say instead of rows and words. */
export interface DrawnCard {
  readonly final: boolean
  readonly received: number
  readonly resent: boolean
  readonly place: number
}

export interface Sent {
  readonly how: 'post' | 'edit'
  readonly conversationId: string
  /** Of the edit's target, or what the post was given; null where it was not. */
  readonly activityId: string | null
  readonly card: DrawnCard
  /** Monotonic ms. */
  readonly at: number
}

type Outcome = Told | 'sent' | (() => Promise<Told>)

/** A chat that does what the script says and then accepts everything. It keeps the cards as Teams would. */
export class ScriptedSpeaker implements Speaker {
  readonly sent: Sent[] = []
  /** What stands in the chat, by activity id. */
  readonly standing = new Map<string, { conversationId: string; card: DrawnCard }>()
  readonly #clock: TestClock
  readonly #posts: Outcome[] = []
  readonly #edits: Outcome[] = []
  /** A dead hub's calls go nowhere. */
  isDead = false
  #count = 0

  constructor(clock: TestClock) {
    this.#clock = clock
  }

  nextPosts(...outcomes: readonly Outcome[]): void {
    this.#posts.push(...outcomes)
  }

  nextEdits(...outcomes: readonly Outcome[]): void {
    this.#edits.push(...outcomes)
  }

  readonly post: Speaker['post'] = async (conversation, _replyTo, card) => {
    if (this.isDead) return new Promise(() => undefined)
    const { conversationId } = conversation
    const drawn = card.card as DrawnCard
    const at = this.#clock.monotonic()
    const outcome = this.#posts.shift() ?? 'sent'
    const activityId = `card-${++this.#count}`
    const told: Told =
      outcome === 'sent'
        ? { kind: 'sent', activityId }
        : typeof outcome === 'function'
          ? await outcome()
          : outcome
    if (this.isDead) return new Promise(() => undefined)
    const named = told.kind === 'sent' ? told.activityId : null
    this.sent.push({ how: 'post', conversationId, activityId: named, card: drawn, at })
    if (named !== null) this.standing.set(named, { conversationId, card: drawn })
    return told
  }

  readonly edit: Speaker['edit'] = async (conversation, activityId, card) => {
    if (this.isDead) return new Promise(() => undefined)
    const { conversationId } = conversation
    const drawn = card.card as DrawnCard
    this.sent.push({ how: 'edit', conversationId, activityId, card: drawn, at: this.#clock.monotonic() })
    const outcome = this.#edits.shift() ?? 'sent'
    if (typeof outcome === 'function') return outcome()
    if (outcome !== 'sent') return outcome
    this.standing.set(activityId, { conversationId, card: drawn })
    return { kind: 'sent', activityId }
  }

  get posts(): readonly Sent[] {
    return this.sent.filter(({ how }) => how === 'post')
  }

  get edits(): readonly Sent[] {
    return this.sent.filter(({ how }) => how === 'edit')
  }
}

/** Measurements that a verdict rests on in these tests. */
export const VERDICT_AFTER = 2

/** Cards as data: what a card is drawn from and nothing else. */
const cards: CheckCards = {
  progress: async (view) => drawn(view),
  final: async (view) => drawn(view),
  hasVerdict: ({ measurements }) => Object.keys(measurements).length >= VERDICT_AFTER,
  page: async (view) => drawn({ ...view, place: 0, resent: false }),
}

function drawn({ check, place, resent, judgements }: CheckView): RenderedCard {
  const received = Object.keys(check.measurements).length
  const card: DrawnCard = { final: isClosed(check), received, resent, place }
  return { card, summary: judgements.map(({ readiness }) => readiness).join(' ') }
}

export interface DeskOptions {
  readonly store: TableStore
  readonly clock: TestClock
  readonly speaker?: ScriptedSpeaker
  readonly offices?: readonly Office[]
  readonly runners?: readonly Runner[]
  readonly silent?: readonly string[]
  /** Random ids of one desk differ from another's. */
  readonly seed?: number
}

/** A desk with everything real but the chat, the cards and the time. */
export function openDesk(options: DeskOptions) {
  const { store, clock } = options
  const offices = options.offices ?? [anOffice('seattle'), anOffice('london')]
  const runners = options.runners ?? offices.map(({ id }) => aRunner(id))
  const speaker = options.speaker ?? new ScriptedSpeaker(clock)
  const log = keptLog()
  const woken: string[] = []
  const checks = checkStore(store)
  const latest = latestStore(store)
  const counting = countingRandom()
  const surroundingsOf = surroundingsFrom({
    list: () => snapshotList(),
    refreshedAt: () => clock.now(),
    places: NO_PLACES,
  })
  const random = {
    hex: (bytes: number) => `${(options.seed ?? 1).toString(16)}${counting.hex(bytes).slice(1)}`,
    unit: () => 0.5,
  }
  const desk = new CheckDesk({
    checks,
    latest,
    speaker,
    cards,
    clock,
    random,
    times: HUB_TIMES,
    context: async () => ({
      offices,
      runners,
      latest: await latest.all(),
      surroundingsOf,
      findings: new WeakMap(),
    }),
    isSilent: (id) => (options.silent ?? []).includes(id),
    wake: (ids) => void woken.push(...ids),
    log,
  })

  /** Everything that a runner owes, measured. */
  const work = (runnerId = 'seattle-1'): readonly Measurement[] =>
    desk
      .workFor(runnerId, new Set())
      .flatMap(({ checkId, owed }) => owed.map((entry) => measurementOf(entry, checkId)))

  return {
    desk,
    speaker,
    log,
    woken,
    checks,
    latest,
    random,
    work,
    /** A runner takes its work and posts all of it. */
    async measureAll(runnerId = 'seattle-1') {
      await settle()
      const some = work(runnerId)
      for (const { checkId } of some.slice(0, 1)) desk.handedOut(checkId)
      const kept = some.map((measurement) => desk.keep(measurement))
      await settle()
      clock.advance(HUB_TIMES.write)
      return Promise.all(kept)
    },
    async pass(ms: number, step = 100) {
      for (let left = ms; left > 0; left -= step) {
        await settle(4)
        clock.advance(Math.min(step, left))
      }
      await settle()
    },
  }
}

export function aRequest(id: string, over: Partial<CheckRequest> = {}): CheckRequest {
  return {
    id,
    officeIds: ['seattle'],
    conversation: aConversation(),
    askedBy: ANA,
    replyTo: null,
    ...over,
  }
}
