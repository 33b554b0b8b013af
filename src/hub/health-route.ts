import type { RunnerStore } from '../store/runners.ts'
import type { PacedChat } from '../teams/paced-chat.ts'
import type { CheckDesk } from './check/check-desk.ts'
import type { HubRoute } from './http/types.ts'
import type { WaitingPolls } from './runners/waiting-polls.ts'
import type { HubSignIn } from './sign-in.ts'

/**
 * `GET /healthz`: whether the hub answers, how many checks run, and whose polls it holds at this moment. A runner that
 * was heard of lately is not enough: it may have ended since. Names, no addresses; with sign-in not even names, for
 * anybody may ask, but how old the keys are by which people are let in (null: nobody is). Of messages: how many wait for
 * Teams, and how many were given back unsent since the start.
 */
export function healthRoute(
  desk: Pick<CheckDesk, 'size'>,
  runners: Pick<RunnerStore, 'all'>,
  polls: Pick<WaitingPolls, 'isOpen'>,
  signIn: Pick<HubSignIn, 'keysAgeSeconds'>,
  chat: Pick<PacedChat, 'counts'>,
): HubRoute {
  return {
    method: 'GET',
    path: '/healthz',
    handle: async () => {
      const keysAgeSeconds = signIn.keysAgeSeconds()
      const { waiting, dropped, tooLate } = chat.counts
      const messages = { waiting, unsent: dropped + tooLate }
      if (keysAgeSeconds !== undefined) {
        return { status: 200, body: { ok: true, checks: desk.size, messages, keysAgeSeconds } }
      }
      const online = (await runners.all()).filter((runner) => polls.isOpen(runner.id))
      return {
        status: 200,
        body: { ok: true, checks: desk.size, messages, runnersOnline: online.map((runner) => runner.name) },
      }
    },
  }
}
