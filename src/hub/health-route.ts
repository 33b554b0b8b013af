import type { RunnerStore } from '../store/runners.ts'
import type { CheckDesk } from './check/check-desk.ts'
import type { HubRoute } from './http/types.ts'
import type { WaitingPolls } from './runners/waiting-polls.ts'
import type { HubSignIn } from './sign-in.ts'

/**
 * `GET /healthz`: whether the hub answers, how many checks run, and whose polls it holds at this moment. A runner that
 * was heard of lately is not enough: it may have ended since. Names, no addresses; with sign-in not even names, for
 * anybody may ask, but how old the keys are by which people are let in (null: nobody is).
 */
export function healthRoute(
  desk: Pick<CheckDesk, 'size'>,
  runners: Pick<RunnerStore, 'all'>,
  polls: Pick<WaitingPolls, 'isOpen'>,
  signIn: Pick<HubSignIn, 'keysAgeSeconds'>,
): HubRoute {
  return {
    method: 'GET',
    path: '/healthz',
    handle: async () => {
      const keysAgeSeconds = signIn.keysAgeSeconds()
      if (keysAgeSeconds !== undefined) {
        return { status: 200, body: { ok: true, checks: desk.size, keysAgeSeconds } }
      }
      const online = (await runners.all()).filter((runner) => polls.isOpen(runner.id))
      return {
        status: 200,
        body: { ok: true, checks: desk.size, runnersOnline: online.map((runner) => runner.name) },
      }
    },
  }
}
