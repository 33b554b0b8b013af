import type { HubConfig } from '../config/hub-config.ts'
import type { OwnTrouble } from '../core/alert.ts'
import type { HubFacts } from '../core/hub-facts.ts'
import type { Clock } from '../core/ports.ts'
import { VERSION } from '../core/version.ts'
import type { DigestStore } from '../store/digests.ts'
import type { RunnerStore } from '../store/runners.ts'
import type { CheckDesk } from './check/check-desk.ts'
import type { EndpointLists } from './endpoint-lists.ts'
import type { Presence } from './runners/presence.ts'
import { statusOf } from './runners/runners-shown.ts'

/** What the facts are counted from. */
export interface HubFactsDeps {
  readonly config: Pick<HubConfig, 'store' | 'signIn' | 'world'>
  /** Epoch ms. */
  readonly startedAt: number
  readonly runners: Pick<RunnerStore, 'all'>
  readonly presence: Presence
  readonly lists: Pick<EndpointLists, 'listFor' | 'refreshedAtFor'>
  readonly desk: Pick<CheckDesk, 'size'>
  readonly digests: Pick<DigestStore, 'lastAt'>
  readonly troubles: () => Promise<readonly OwnTrouble[]>
  readonly clock: Clock
}

/** The hub's own health, as of each asking. */
export function hubFacts(deps: HubFactsDeps): () => Promise<HubFacts> {
  const { config, startedAt, presence, lists, desk, clock } = deps
  return async () => {
    const active = (await deps.runners.all()).filter(({ state }) => state === 'active')
    const statuses = active.map((runner) => statusOf(runner, presence, clock.now()))
    const count = (wanted: string) => statuses.filter((status) => status === wanted).length
    return {
      version: VERSION,
      startedAt,
      store: config.store.kind,
      signIn: config.signIn === 'off' ? 'off' : 'on',
      runners: {
        online: count('online'),
        silent: count('silent'),
        neverSeen: count('never-seen'),
        outdated: active.filter(({ hello }) => hello !== null && hello.version !== VERSION).length,
        withBeacon: active.filter(({ hello }) => hello?.settings.beacon === true).length,
      },
      list: {
        version: lists.listFor(config.world).version,
        refreshedAt: lists.refreshedAtFor(config.world),
      },
      checks: desk.size,
      lastDigestAt: await deps.digests.lastAt(),
      troubles: await deps.troubles(),
    }
  }
}
