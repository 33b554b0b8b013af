import type { HubConfig } from '../config/hub-config.ts'
import type { OwnTrouble } from '../core/alert.ts'
import type { Authority } from '../core/authority.ts'
import type { ConversationRef } from '../core/chat.ts'
import { troublesOf } from '../core/conditions.ts'
import type { Clock, Random } from '../core/ports.ts'
import type { Geography } from '../core/registry.ts'
import { alertStore } from '../store/alerts.ts'
import type { DeadConversationStore } from '../store/dead-conversations.ts'
import { digestStore } from '../store/digests.ts'
import { freezeStore } from '../store/freezes.ts'
import type { LatestStore } from '../store/latest.ts'
import { leaseStore } from '../store/leases.ts'
import type { ListChangeStore } from '../store/list-changes.ts'
import type { OfficeStore } from '../store/offices.ts'
import type { RunnerStore } from '../store/runners.ts'
import { watchStore } from '../store/watches.ts'
import { BeaconHealth } from './alerts/beacon-health.ts'
import type { ClockDoubts } from './alerts/clock-doubts.ts'
import { type OpenAlerts, openAlerts } from './alerts/open-alerts.ts'
import { ownTroubles } from './alerts/own-troubles.ts'
import type { WatchedStore } from './alerts/store-health.ts'
import { surroundings } from './alerts/surroundings.ts'
import type { CheckDesk, DeskLog } from './check/check-desk.ts'
import type { Speaker } from './check/speaker.ts'
import { type OpenDigests, openDigests } from './digests/open-digests.ts'
import type { EndpointLists } from './endpoint-lists.ts'
import type { OfferButton } from './offer-button.ts'
import type { Presence } from './runners/presence.ts'
import { newNonces, sightingsReader } from './self-check/sightings.ts'
import type { HubTimes } from './times.ts'

export interface OrdersDeps {
  readonly config: Pick<HubConfig, 'confirm' | 'world' | 'selfCheck'>
  readonly store: WatchedStore
  /** Names a row that cannot be read in the log. */
  readonly damaged: (what: string) => (id: string) => void
  readonly offices: Pick<OfficeStore, 'all'>
  readonly runners: Pick<RunnerStore, 'all'>
  readonly presence: Presence
  readonly latest: LatestStore
  readonly lists: Pick<EndpointLists, 'listFor' | 'refreshedAtFor'>
  readonly listChanges: Pick<ListChangeStore, 'all'>
  readonly geography: Geography
  readonly authority: () => Promise<Authority>
  readonly desk: CheckDesk
  readonly speaker: Speaker
  readonly offer: OfferButton
  /** Conversations that are known to take nothing any more: then an admin was told of it. */
  readonly dead: Pick<DeadConversationStore, 'isDead' | 'deadSince'>
  /** Messages given back unsent since the start. */
  readonly unsent: () => number
  readonly clocks: ClockDoubts
  /** Tells an admin of a digest that could not be sent. */
  readonly notSent: (conversation: ConversationRef) => void
  readonly times: HubTimes
  readonly clock: Clock
  readonly random: Random
  readonly log: DeskLog
}

/** What was ordered, as the hub holds it. */
export interface OpenOrders {
  readonly digests: OpenDigests
  readonly alerts: OpenAlerts
  /** What is wrong with the hub itself, as of now. */
  troubles(): Promise<readonly OwnTrouble[]>
  /** Begins to post what is due and to look at what is wrong. */
  start(): void
  /** Ends when what is being told has been answered. */
  stop(): Promise<void>
}

/** What people order once and then get unasked: digests and alerts, over one store. */
export function openOrders(deps: OrdersDeps): OpenOrders {
  const { store, damaged, times, config, dead } = deps
  const stored = digestStore(store, damaged('a digest'))
  const alerting = alertStore(store, damaged('an alert'))
  const isDead = (conversationId: string) => dead.isDead(conversationId)
  const digests = openDigests({ ...deps, isDead, digests: stored, deadline: times.deadline })
  const places = async () => {
    const all = await Promise.all([stored.all(), alerting.orders()])
    return [...all[0].map(({ schedule }) => schedule), ...all[1]].map(({ conversation }) => conversation)
  }
  const around = surroundings({
    ...deps,
    world: config.world,
    digestsDue: async () => (await stored.all()).map(({ nextAt }) => nextAt),
    own: ownTroubles({
      ...deps,
      places,
      deadSince: (id) => dead.deadSince(id),
      beacon: beaconHealth(deps),
      everyMs: times.own,
    }),
  })
  const alerts = openAlerts({
    ...deps,
    alerts: alerting,
    freezes: freezeStore(store, damaged('a freeze')),
    watches: watchStore(store, damaged('what is remembered of an office')),
    leases: leaseStore(store),
    confirm: config.confirm,
    surroundings: around,
  })
  return {
    digests,
    alerts,
    troubles: async () => troublesOf({ ...(await around()), now: deps.clock.now() }),
    start() {
      digests.start()
      alerts.changed()
    },
    async stop() {
      await Promise.all([digests.stop(), alerts.stop()])
    },
  }
}

/** An eye on the beacon, where one is configured. */
function beaconHealth({ config, random, times, clock }: OrdersDeps): BeaconHealth | null {
  const { beacon } = config.selfCheck
  if (beacon === null) return null
  const read = sightingsReader(beacon, random)
  return new BeaconHealth({ ask: () => read(newNonces(random)), everyMs: times.own, clock })
}
