import type { CardButton } from '../../cards/buttons.ts'
import { dashboardCard, endedDashboardCard, movedDashboardCard } from '../../cards/dashboard-card.ts'
import { EVIDENCE_MS } from '../../cards/office-rows.ts'
import type { RenderedCard } from '../../cards/render-card.ts'
import { statusesOf } from '../../commands/status.ts'
import { type Authority, may } from '../../core/authority.ts'
import type { ConversationRef, Person } from '../../core/chat.ts'
import { homeId, withTeam } from '../../core/known-conversation.ts'
import type { Clock } from '../../core/ports.ts'
import type { ConversationStore } from '../../store/conversations.ts'
import type { Dashboard, DashboardStore } from '../../store/dashboards.ts'
import type { LatestStore } from '../../store/latest.ts'
import type { OfficeStore } from '../../store/offices.ts'
import type { DeskLog } from '../check/check-desk.ts'
import type { Speaker, Told } from '../check/speaker.ts'
import type { OfferButton } from '../offer-button.ts'

export interface LivingDashboardsDeps {
  readonly dashboards: DashboardStore
  readonly conversations: ConversationStore
  readonly offices: OfficeStore
  readonly latest: LatestStore
  readonly authority: () => Promise<Authority>
  readonly speaker: Speaker
  readonly offer: OfferButton
  readonly clock: Clock
  readonly log: DeskLog
  /** Between two edits of one dashboard, ms. */
  readonly everyMs: number
}

/** Somebody wants the dashboard here. */
export interface PinRequest {
  readonly conversation: ConversationRef
  readonly replyTo: string | null
  readonly person: Person
  /** Whoever asks decides the zone of its times, too. */
  readonly timeZone: string
}

/** Buttons are good for a month: those of a card that lives longer are replaced in time. */
const BUTTONS_MS = 7 * 24 * 3600_000

/** Pause before an edit whose fate is not known is made again; it doubles with each round that fails. */
const AGAIN_MS = 5_000
const AGAIN_MAX_MS = 300_000

/**
 * One card per channel or chat that shows all offices and is edited after every check. Nothing lives in memory alone:
 * the message's id is stored, so a hub that starts goes on with the same cards.
 */
export class LivingDashboards {
  readonly #deps: LivingDashboardsDeps
  /** What each card shows by now, by conversation: an edit that would change nothing is not made. */
  readonly #shown = new Map<string, string>()
  /** Work on one dashboard is done in order: a redraw must not bring back a card that has just been moved. */
  readonly #turns = new Map<string, Promise<unknown>>()
  #cancel: (() => void) | null = null
  #cancelExpiry: (() => void) | null = null
  #notBefore = Number.NEGATIVE_INFINITY
  #failures = 0
  #running: Promise<void> | null = null
  /** Something changed since the last round began. */
  #isBehind = false
  #stopped = false

  constructor(deps: LivingDashboardsDeps) {
    this.#deps = deps
  }

  /** Posts the dashboard of a conversation; the one before says from then on that it has moved. */
  async pin({ conversation, replyTo, person, timeZone }: PinRequest): Promise<Told> {
    return this.#inTurn(conversation, async () => {
      const { dashboards, clock, speaker, log } = this.#deps
      const before = await dashboards.get(conversation)
      const buttons = await this.#buttons(conversation)
      const { card, shows } = await this.#draw({ pinnedBy: person.objectId, timeZone, buttons })
      const told = await speaker.post(conversation, replyTo, card)
      if (told.kind !== 'sent') {
        log.warn({ outcome: told.kind }, 'a dashboard was not posted')
        return told
      }
      const { activityId } = told
      const now = clock.now()
      await dashboards.put({
        conversation,
        activityId,
        pinnedBy: person.objectId,
        timeZone,
        buttons,
        offeredAt: now,
      })
      this.#shown.set(keyOf(conversation), shows)
      if (before) {
        const moved = await speaker.edit(
          before.conversation,
          before.activityId,
          movedDashboardCard(now, timeZone),
        )
        if (moved.kind !== 'sent') log.warn({ outcome: moved.kind }, 'an old dashboard could not be marked')
      }
      return told
    })
  }

  /** Ends the dashboard of a conversation: its card says so, and is not edited again. False: there is none. */
  async end({ conversation, person, timeZone }: Omit<PinRequest, 'replyTo'>): Promise<boolean> {
    return this.#inTurn(conversation, async () => {
      const { dashboards, clock, speaker, log } = this.#deps
      const before = await dashboards.get(conversation)
      if (!before) return false
      await dashboards.remove(before)
      this.#shown.delete(keyOf(conversation))
      const ref = { ...before.conversation, serviceUrl: conversation.serviceUrl }
      const card = endedDashboardCard({ by: person.name, at: clock.now(), timeZone })
      const told = await speaker.edit(ref, before.activityId, card)
      if (told.kind !== 'sent') log.warn({ outcome: told.kind }, 'a dashboard that ended could not be marked')
      return true
    })
  }

  /** Something may look different now. Edits follow soon, however often this is called. */
  changed(): void {
    this.#isBehind = true
    if (this.#stopped || this.#cancel !== null || this.#running !== null) return
    const { clock } = this.#deps
    const wait = Math.max(0, this.#notBefore - clock.monotonic())
    this.#cancel = clock.after(wait, () => {
      this.#cancel = null
      this.#running = this.#redrawAll().finally(() => {
        this.#running = null
        if (this.#isBehind) this.changed()
      })
    })
  }

  /** Ends the timers, and waits for the edits that are under way. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel?.()
    this.#cancelExpiry?.()
    await Promise.allSettled([this.#running, ...this.#turns.values()])
  }

  /** One round; the next begins its time after this one has ended. Never throws. */
  async #redrawAll(): Promise<void> {
    const { clock, dashboards, everyMs, log } = this.#deps
    this.#isBehind = false
    try {
      const all = await dashboards.all()
      const done = await Promise.all(
        all.map(({ conversation }) => this.#inTurn(conversation, () => this.#redraw(conversation))),
      )
      this.#failures = done.every(Boolean) ? 0 : this.#failures + 1
      if (all.length > 0) await this.#awaitExpiry()
    } catch (error) {
      this.#failures++
      log.error({ err: error }, 'the dashboards could not be brought up to date')
    }
    const again = Math.min(AGAIN_MAX_MS, AGAIN_MS * 2 ** (this.#failures - 1))
    this.#notBefore = clock.monotonic() + (this.#failures === 0 ? everyMs : Math.max(everyMs, again))
    if (this.#failures > 0) this.#isBehind = true
  }

  /** Edits one dashboard if it shows something else by now; false when it is to be tried again. */
  async #redraw(ref: ConversationRef): Promise<boolean> {
    const { dashboards, conversations, clock, speaker, log } = this.#deps
    const stored = await dashboards.get(ref)
    if (!stored) return true
    const known = await conversations.get(ref.tenantId, homeId(ref))
    // Nothing is sent to where the bot is no more; it goes on when the bot is back.
    if (known?.state === 'gone') return true
    const dashboard = await this.#withFreshButtons(stored)
    const { card, shows } = await this.#draw(dashboard)
    if (this.#shown.get(keyOf(ref)) === shows) return true
    const serviceUrl = known?.ref.serviceUrl ?? dashboard.conversation.serviceUrl
    const told = await speaker.edit({ ...dashboard.conversation, serviceUrl }, dashboard.activityId, card)
    if (told.kind === 'sent') {
      this.#shown.set(keyOf(ref), shows)
      return true
    }
    if (told.kind !== 'refused') return false
    log.warn({ gone: told.gone, lost: told.lost }, 'a dashboard takes no edits any more')
    // Somebody deleted the message: they do not want it, and can ask for another.
    if (!told.gone) await dashboards.remove(dashboard)
    else if (known) {
      const mark = (before: typeof known | null) => withTeam(before ?? known, 'gone', clock.now())
      await conversations.change(ref.tenantId, homeId(ref), mark)
    }
    return true
  }

  async #withFreshButtons(dashboard: Dashboard): Promise<Dashboard> {
    const now = this.#deps.clock.now()
    if (now - dashboard.offeredAt < BUTTONS_MS) return dashboard
    const buttons = await this.#buttons(dashboard.conversation)
    const fresh = { ...dashboard, buttons, offeredAt: now }
    await this.#deps.dashboards.put(fresh)
    return fresh
  }

  #buttons({ conversationId }: ConversationRef): Promise<CardButton[]> {
    const { offer } = this.#deps
    return Promise.all([
      offer(conversationId, 'All offices', 'status', 'status'),
      offer(conversationId, 'Check all', 'check', 'check all'),
    ])
  }

  /** The offices that whoever asked for it may see today. */
  async #draw({
    pinnedBy,
    timeZone,
    buttons,
  }: Pick<Dashboard, 'pinnedBy' | 'timeZone' | 'buttons'>): Promise<{
    readonly card: RenderedCard
    readonly shows: string
  }> {
    const { offices, latest, authority, clock } = this.#deps
    const [all, verdicts, rights] = await Promise.all([offices.all(), latest.all(), authority()])
    const seen = all.filter((office) => may(rights, { objectId: pinnedBy }, 'status', office).ok)
    const statuses = statusesOf(seen, verdicts)
    const at = clock.now()
    const old = statuses.map(({ checkedAt }) => checkedAt !== null && at - checkedAt > EVIDENCE_MS)
    return {
      card: dashboardCard({ offices: statuses, at, timeZone, buttons }),
      shows: JSON.stringify([statuses, old, buttons]),
    }
  }

  /** A verdict that gets too old is a change that no check tells of. */
  async #awaitExpiry(): Promise<void> {
    const { latest, clock } = this.#deps
    const now = clock.now()
    const ends = (await latest.all()).map(({ at }) => at + EVIDENCE_MS + 1).filter((end) => end > now)
    this.#cancelExpiry?.()
    this.#cancelExpiry = null
    if (ends.length === 0 || this.#stopped) return
    const next = ends.reduce((soonest, end) => Math.min(soonest, end))
    this.#cancelExpiry = clock.after(next - now, () => this.changed())
  }

  async #inTurn<T>(ref: ConversationRef, work: () => Promise<T>): Promise<T> {
    const key = keyOf(ref)
    const before = this.#turns.get(key) ?? Promise.resolve()
    const mine = before.then(work, work)
    this.#turns.set(key, mine)
    try {
      return await mine
    } finally {
      if (this.#turns.get(key) === mine) this.#turns.delete(key)
    }
  }
}

function keyOf(ref: ConversationRef): string {
  return `${ref.tenantId} ${homeId(ref)}`
}
