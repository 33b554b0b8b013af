import { officesOfSelector } from '../../commands/in-city.ts'
import { type Alert, type AlertOrder, type Condition, ledger } from '../../core/alert.ts'
import { type Authority, may } from '../../core/authority.ts'
import { conditionsOf, isStillThere, type Known } from '../../core/conditions.ts'
import { frozenAt } from '../../core/freeze.ts'
import type { Office } from '../../core/office.ts'
import type { Clock } from '../../core/ports.ts'
import type { Geography } from '../../core/registry.ts'
import type { AlertStore, StoredAlert } from '../../store/alerts.ts'
import type { FreezeStore } from '../../store/freezes.ts'
import type { LatestStore } from '../../store/latest.ts'
import type { LeaseStore } from '../../store/leases.ts'
import type { OfficeStore } from '../../store/offices.ts'
import type { HubTimes } from '../times.ts'
import { ChecksUnasked, type UnaskedDeps } from './checks-unasked.ts'
import type { OfficeWatcher } from './office-watcher.ts'
import { bringUp, type PosterDeps } from './poster.ts'
import type { Surroundings } from './surroundings.ts'
import { type ThawDeps, thaw } from './thaw.ts'

export interface AlertKeeperDeps extends UnaskedDeps, PosterDeps, ThawDeps {
  readonly alerts: AlertStore
  readonly freezes: FreezeStore
  readonly leases: LeaseStore
  readonly watcher: OfficeWatcher
  readonly offices: Pick<OfficeStore, 'all'>
  readonly latest: Pick<LatestStore, 'all'>
  readonly geography: Geography
  readonly authority: () => Promise<Authority>
  readonly surroundings: () => Promise<Surroundings>
  readonly desk: UnaskedDeps['desk'] & ThawDeps['desk']
  readonly times: Pick<HubTimes, 'recheck' | 'watch' | 'look'>
  readonly clock: Clock
  /** The name under which this run of the hub takes the work: no other run has it. */
  readonly holder: string
}

/** One hub alone watches. Another takes over when it was not heard of for this many looks. */
const LEASE = 'alerts'
const LEASE_LOOKS = 4

/** Looks that follow each other closely, as when many checks end at once, are one. */
const GATHER_MS = 1_000

/** Longest pause between two tries of a conversation that takes nothing. */
const RETRY_MOST_MS = 10 * 60_000

/** Alerts that are over are kept this long, for whoever asks what was. */
const KEEP_MS = 30 * 24 * 3600_000

/**
 * Looks at what is wrong, every half minute and after each verdict, and keeps the alerts of everybody who wants some in
 * step with it. What is wrong is derived anew at each look, and every step is stored before it is told: nothing lives in
 * memory alone.
 */
export class AlertKeeper {
  readonly #deps: AlertKeeperDeps
  readonly #checks: ChecksUnasked
  #cancel: (() => void) | null = null
  #lookAt = 0
  #looking: Promise<void> | null = null
  /** Orders that are being tended; behind: a look came meanwhile. */
  readonly #busy = new Map<string, { isBehind: boolean; work: Promise<void> }>()
  /** Orders whose conversation takes nothing now, and for how long they are left alone (monotonic ms). */
  readonly #heldUp = new Map<string, { readonly pause: number; readonly until: number }>()
  #isBehind = false
  #stopped = false

  constructor(deps: AlertKeeperDeps) {
    this.#deps = deps
    this.#checks = new ChecksUnasked(deps)
  }

  /** Something may be different now. */
  changed(): void {
    this.#lookIn(GATHER_MS)
  }

  /** Looks no more; ends when what is being told has been answered. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel?.()
    await this.#looking
    await Promise.all([...this.#busy.values()].map(({ work }) => work))
    await this.#deps.leases.release(LEASE, this.#deps.holder)
  }

  #lookIn(ms: number): void {
    const { clock } = this.#deps
    if (this.#looking !== null) this.#isBehind = true
    const at = clock.monotonic() + ms
    if (this.#stopped || this.#looking !== null || (this.#cancel !== null && this.#lookAt <= at)) return
    this.#cancel?.()
    this.#lookAt = at
    this.#cancel = clock.after(ms, () => {
      this.#cancel = null
      this.#isBehind = false
      this.#looking = this.#look()
        .catch((error: unknown) => {
          this.#deps.log.error({ err: error }, 'alerts could not be looked at')
          return this.#deps.times.look
        })
        .then((wait) => {
          this.#looking = null
          this.#lookIn(this.#isBehind ? GATHER_MS : wait)
        })
    })
  }

  /** One look; gives how long until the next, ms. */
  async #look(): Promise<number> {
    const { leases, clock, times, holder, watcher } = this.#deps
    const now = clock.now()
    if (!(await leases.hold(LEASE, holder, now, now + LEASE_LOOKS * times.look))) {
      watcher.forget()
      return times.look
    }
    const { alerts, freezes, offices, latest, surroundings, authority } = this.#deps
    const [orders, frozen, registered, judged] = await Promise.all([
      alerts.orders(),
      freezes.all(),
      offices.all(),
      latest.all(),
    ])
    const watches = await watcher.look(judged)
    const byOffice = new Map(judged.map((one) => [one.officeId, one]))
    const rights = await authority()
    const covered = await Promise.all(
      orders.map(async (order) => ({ order, offices: await this.#officesOf(order, registered, rights) })),
    )
    const waits = [times.look]
    waits.push(
      await thaw(this.#deps, frozen, registered, (id) =>
        covered.filter((one) => one.offices.some((office) => office.id === id)).map(({ order }) => order),
      ),
    )
    const around = orders.length === 0 ? null : await surroundings()
    const muted = frozenAt(frozen, now)
    for (const { order, offices: mine } of around === null ? [] : covered) {
      waits.push(
        await this.#checks.look({ order, offices: mine, authority: rights, watches, latest: byOffice }),
      )
      const known: Known = { ...(around as Surroundings), offices: mine, watches, latest: byOffice, now }
      this.#begin(order, known, muted)
    }
    return Math.max(GATHER_MS, Math.min(...waits))
  }

  /** The offices that an order means now and that whoever made it may see alerts of. */
  async #officesOf(order: AlertOrder, all: readonly Office[], rights: Authority): Promise<readonly Office[]> {
    const meant = await officesOfSelector(order.plan.selector, all, this.#deps.geography)
    return meant.filter((office) => may(rights, order.madeBy, 'alert', office).ok)
  }

  /** One order at a time, all orders side by side: a conversation that takes nothing holds up no other, and no check. */
  #begin(order: AlertOrder, known: Known, muted: ReadonlySet<string>): void {
    const busy = this.#busy.get(order.id)
    if (busy !== undefined) {
      busy.isBehind = true
      return
    }
    const begun = { isBehind: false, work: Promise.resolve() }
    this.#busy.set(order.id, begun)
    begun.work = this.#tend(order, known, muted)
      .catch((error: unknown) =>
        this.#deps.log.error({ err: error, order: order.id }, 'alerts of an order failed'),
      )
      .finally(() => {
        this.#busy.delete(order.id)
        if (begun.isBehind) this.changed()
      })
  }

  async #tend(order: AlertOrder, known: Known, muted: ReadonlySet<string>): Promise<void> {
    const { alerts, log } = this.#deps
    const stored = await this.#swept(await alerts.alertsOf(order.id), known.now)
    const open = stored.filter(({ alert }) => alert.state !== 'closed')
    const isFrozen = (one: Condition) => 'office' in one.facts && muted.has(one.facts.office.id)
    const conditions = conditionsOf(known).filter(
      (one) => order.plan.kinds.includes(one.facts.kind) && !isFrozen(one),
    )
    const changes = ledger({
      order,
      open: open.map(({ alert }) => alert),
      conditions,
      isMuted: (row) => isFrozen(row) || known.undecided.has(row.subject),
      isWatched: (row) => order.plan.kinds.includes(row.facts.kind) && isStillThere(row, known),
      now: known.now,
    })
    const after = new Map(open.map((one) => [one.alert.id, one]))
    for (const alert of changes) {
      const kept = await this.#keep(after.get(alert.id), alert)
      // Somebody else was first, or it is over long since: the next look sees what there is.
      if (kept === null) after.delete(alert.id)
      else after.set(alert.id, kept)
      if (kept !== null)
        log.info({ alert: alert.id, order: order.id, state: alert.state }, 'an alert changed')
    }
    await this.#bringUp(order, [...after.values()])
  }

  /** A conversation that takes nothing is tried again after a while, each time a longer one. */
  async #bringUp(order: AlertOrder, open: readonly StoredAlert[]): Promise<void> {
    const { clock, times } = this.#deps
    const before = this.#heldUp.get(order.id)
    if (before !== undefined && clock.monotonic() < before.until) return
    if (await bringUp(this.#deps, order, open)) {
      this.#heldUp.delete(order.id)
      return
    }
    const pause = Math.min(RETRY_MOST_MS, 2 * (before?.pause ?? times.look / 2))
    this.#heldUp.set(order.id, { pause, until: clock.monotonic() + pause })
  }

  #keep(before: StoredAlert | undefined, alert: Alert): Promise<StoredAlert | null> {
    const { alerts } = this.#deps
    return before === undefined ? alerts.insert(alert) : alerts.change(before, alert)
  }

  async #swept(all: readonly StoredAlert[], now: number): Promise<readonly StoredAlert[]> {
    const isOld = ({ alert }: StoredAlert) => alert.state === 'closed' && now - alert.openedAt > KEEP_MS
    for (const { alert } of all.filter(isOld)) await this.#deps.alerts.remove(alert)
    return all.filter((one) => !isOld(one))
  }
}
