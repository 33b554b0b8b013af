import type { AlertOrder } from '../../core/alert.ts'
import { type Authority, may } from '../../core/authority.ts'
import type { Latest } from '../../core/latest.ts'
import type { Office } from '../../core/office.ts'
import type { Clock } from '../../core/ports.ts'
import { isUncertain, type OfficeWatch } from '../../core/watch.ts'
import { fnv1a } from '../../store/keys.ts'
import type { CheckDesk, DeskLog } from '../check/check-desk.ts'
import type { HubTimes } from '../times.ts'

export interface UnaskedDeps {
  readonly desk: Pick<CheckDesk, 'begin' | 'newCheckId' | 'running'>
  readonly times: Pick<HubTimes, 'recheck' | 'watch'>
  readonly clock: Clock
  readonly log: DeskLog
}

/** What decides which offices are to be checked now. */
export interface UnaskedInput {
  readonly order: AlertOrder
  /** Offices of the order. */
  readonly offices: readonly Office[]
  readonly authority: Authority
  readonly watches: ReadonlyMap<string, OfficeWatch>
  readonly latest: ReadonlyMap<string, Latest>
}

/** Regular checks are spread over this share of their pause, each office at its own time: not all at once. */
const SPREAD = 0.2

/** Checks that nobody asks for: offices whose verdict just changed, again, and those of alerts now and then. */
export class ChecksUnasked {
  readonly #deps: UnaskedDeps
  /** When this run last began a check of an office, epoch ms: one that never ends must not be begun at every look. */
  readonly #begun = new Map<string, number>()

  constructor(deps: UnaskedDeps) {
    this.#deps = deps
  }

  /** Begins what is due, without a card; gives how long until more is, ms. */
  async look(input: UnaskedInput): Promise<number> {
    const { desk, clock, log } = this.#deps
    const { order, authority } = input
    if (!order.plan.kinds.some((kind) => kind === 'not-ready' || kind === 'egress')) {
      return Number.POSITIVE_INFINITY
    }
    const now = clock.now()
    const running = new Set(desk.running().flatMap(({ officeIds }) => officeIds))
    const mine = input.offices.filter(
      (office) => !running.has(office.id) && may(authority, order.madeBy, 'check', office).ok,
    )
    const waits = mine.map((office) => ({ office, ms: this.#dueAt(office.id, input) - now }))
    const due = waits.filter(({ ms }) => ms <= 0).map(({ office }) => office.id)
    if (due.length > 0) {
      for (const id of due) this.#begun.set(id, now)
      const id = desk.newCheckId()
      const { conversation, madeBy } = order
      await desk.begin({ id, officeIds: due, conversation, askedBy: madeBy, replyTo: null, quiet: true })
      log.info({ alert: order.id, check: id, offices: due.length }, 'checks for alerts')
    }
    return Math.min(Number.POSITIVE_INFINITY, ...waits.map(({ ms }) => ms).filter((ms) => ms > 0))
  }

  /** When an office is to be checked next, epoch ms. */
  #dueAt(officeId: string, { watches, latest }: UnaskedInput): number {
    const { recheck, watch: every } = this.#deps.times
    const last = Math.max(latest.get(officeId)?.at ?? 0, this.#begun.get(officeId) ?? 0)
    const watch = watches.get(officeId)
    if (watch !== undefined && isUncertain(watch)) return last + recheck
    const spread = 1 - (SPREAD * (fnv1a(officeId) % 100)) / 100
    return last + Math.round(every * spread)
  }
}
