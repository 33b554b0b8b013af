import type { Known, SilentRunner } from '../../core/conditions.ts'
import type { Clock } from '../../core/ports.ts'
import type { ListChangeStore } from '../../store/list-changes.ts'
import type { RunnerStore } from '../../store/runners.ts'
import type { EndpointLists } from '../endpoint-lists.ts'
import type { Presence } from '../runners/presence.ts'
import { statusOf } from '../runners/runners-shown.ts'
import type { HubTimes } from '../times.ts'
import type { ownTroubles } from './own-troubles.ts'

/** What the hub knows beside offices and their verdicts; asked for anew at each look. */
export type Surroundings = Pick<
  Known,
  'silent' | 'runners' | 'listChanges' | 'listVersionFor' | 'listFreshAt' | 'digestsDue' | 'own' | 'undecided'
>

export interface SurroundingsDeps {
  readonly runners: Pick<RunnerStore, 'all'>
  readonly presence: Presence
  readonly lists: Pick<EndpointLists, 'listFor' | 'refreshedAtFor'>
  readonly listChanges: Pick<ListChangeStore, 'all'>
  /** The world that is served; null: the real Internet. */
  readonly world: string | null
  /** When each digest is due next, epoch ms. */
  readonly digestsDue: () => Promise<readonly number[]>
  readonly own: ReturnType<typeof ownTroubles>
  readonly times: Pick<HubTimes, 'silentAlert'>
  readonly clock: Clock
}

/** What is known beside offices and verdicts, as of each asking. */
export function surroundings(deps: SurroundingsDeps): () => Promise<Surroundings> {
  const { runners, presence, lists, listChanges, digestsDue, own, times, clock, world } = deps
  const startedAt = clock.now()
  return async () => {
    const now = clock.now()
    const active = (await runners.all()).filter((runner) =>
      ['online', 'silent'].includes(statusOf(runner, presence, now)),
    )
    const quiet = active
      .filter((runner) => presence.isSilent(runner.id, now))
      .map(({ id, officeId, name }) => ({ id, officeId, name, since: presence.lastHeard(id) ?? startedAt }))
    // Nobody heard of them while this hub was not there to listen.
    const isLong = ({ since }: SilentRunner) => now - Math.max(since, startedAt) >= times.silentAlert
    const refreshedAt = lists.refreshedAtFor(world)
    const state = await own(active.length)
    return {
      silent: quiet.filter(isLong),
      runners: new Set(active.map(({ id }) => id)),
      listChanges: await listChanges.all(),
      listVersionFor: (office) => lists.listFor(office.world).version,
      listFreshAt: refreshedAt ?? startedAt,
      digestsDue: await digestsDue(),
      own: state.own,
      undecided: new Set([
        ...state.undecided,
        ...quiet.filter((runner) => !isLong(runner)).map(({ id }) => id),
        ...(refreshedAt === null ? ['list-old'] : []),
      ]),
    }
  }
}
