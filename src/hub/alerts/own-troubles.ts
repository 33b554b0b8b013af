import type { OwnTrouble, TroubleWord } from '../../core/alert.ts'
import type { ConversationRef } from '../../core/chat.ts'
import { homeId } from '../../core/known-conversation.ts'
import type { Clock } from '../../core/ports.ts'
import type { BeaconHealth } from './beacon-health.ts'
import type { ClockDoubts } from './clock-doubts.ts'
import { eventAt, isOver, type Spell } from './spell.ts'
import type { WatchedStore } from './store-health.ts'

export interface OwnTroublesDeps {
  readonly store: Pick<WatchedStore, 'trouble'>
  /** Messages that were given back unsent since the start: too many waited, or Teams' limits kept them too long. */
  readonly unsent: () => number
  /** Where digests and alerts go. */
  readonly places: () => Promise<readonly ConversationRef[]>
  /** Since when a conversation takes nothing any more, epoch ms; null: it does. */
  readonly deadSince: (conversationId: string) => Promise<number | null>
  readonly clocks: ClockDoubts
  /** Null: none is configured. */
  readonly beacon: BeaconHealth | null
  /** Conversations are looked up this often, ms: each is a read. */
  readonly everyMs: number
  readonly clock: Clock
}

/** What is wrong with the hub itself, and of which words nobody can say yet. */
export interface OwnState {
  readonly own: readonly OwnTrouble[]
  readonly undecided: readonly TroubleWord[]
}

/** What the hub knows of its own trouble, as of each asking. `runners`: how many are counted on. */
export function ownTroubles(deps: OwnTroublesDeps): (runners: number) => Promise<OwnState> {
  const { store, unsent, clocks, beacon, clock } = deps
  let closed: OwnTrouble | null = null
  let lookedAt = Number.NEGATIVE_INFINITY
  const closedPlaces = async (): Promise<OwnTrouble | null> => {
    if (clock.monotonic() - lookedAt < deps.everyMs) return closed
    lookedAt = clock.monotonic()
    closed = await placesClosed(deps)
    return closed
  }
  let seen = unsent()
  let spell: Spell | null = null
  const messagesLate = (): OwnTrouble | null => {
    const now = clock.now()
    const fresh = unsent() - seen
    seen += fresh
    if (fresh > 0) spell = eventAt(spell, now, fresh)
    return spell === null || isOver(spell, now)
      ? null
      : { word: 'messages-late', count: spell.count, since: spell.since }
  }
  return async (runners) => {
    const found = [
      store.trouble(),
      messagesLate(),
      await closedPlaces(),
      clocks.trouble(runners),
      beacon?.trouble() ?? null,
    ]
    return {
      own: found.filter((one) => one !== null),
      undecided: beacon?.isUndecided ? ['beacon-silent'] : [],
    }
  }
}

/** An admin was told when one died; here everybody learns that digests or alerts go nowhere. */
async function placesClosed({ places, deadSince }: OwnTroublesDeps): Promise<OwnTrouble | null> {
  const homes = new Map((await places()).map((ref) => [`${ref.tenantId} ${homeId(ref)}`, ref]))
  const times = await Promise.all([...homes.values()].map((ref) => deadSince(ref.conversationId)))
  const dead = times.filter((at) => at !== null)
  return dead.length === 0 ? null : { word: 'places-closed', count: dead.length, since: Math.min(...dead) }
}
