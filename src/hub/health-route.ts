import type { Clock } from '../core/ports.ts'
import type { RunnerStore } from '../store/runners.ts'
import type { CheckDesk } from './check/check-desk.ts'
import type { HubRoute } from './http/types.ts'
import type { Presence } from './runners/presence.ts'

/** `GET /healthz`: whether the hub answers, how many checks run, and which runners poll. Names, no addresses. */
export function healthRoute(
  desk: CheckDesk,
  runners: RunnerStore,
  presence: Presence,
  clock: Clock,
): HubRoute {
  return {
    method: 'GET',
    path: '/healthz',
    handle: async () => {
      const online = (await runners.all()).filter(
        (runner) => runner.hello && !presence.isSilent(runner.id, clock.now()),
      )
      return {
        status: 200,
        body: { ok: true, checks: desk.size, runnersOnline: online.map((runner) => runner.name) },
      }
    },
  }
}
