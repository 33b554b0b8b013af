import type { Clock, Random } from '../core/ports.ts'
import type { TableStore } from '../core/table-store.ts'
import type { DeskLog } from '../hub/check/check-desk.ts'
import { startHubServer } from '../hub/http/server.ts'
import { runnerRoutes } from '../hub/runner-routes.ts'
import { Presence } from '../hub/runners/presence.ts'
import { WaitingPolls } from '../hub/runners/waiting-polls.ts'
import { HUB_TIMES } from '../hub/times.ts'
import { officeStore } from '../store/offices.ts'
import { runnerStore } from '../store/runners.ts'

/** The runners' side of a hub, and nothing else of it. */
export interface EnrolmentDesk {
  /** Ends at the first poll of a runner of this office. */
  polled(officeId: string): Promise<void>
  close(): Promise<void>
}

interface DeskParts {
  readonly store: TableStore
  readonly hubUrl: string
  readonly clock: Clock
  readonly random: Random
  /** One line for the log. */
  readonly log: (line: string) => void
}

/**
 * Takes enrolments and polls through the hub's own routes at the hub's own address, before the hub starts. So the store
 * has one opener at a time, and a start that enrols needs no second start of the hub.
 */
export async function openEnrolmentDesk({
  store,
  hubUrl,
  clock,
  random,
  log,
}: DeskParts): Promise<EnrolmentDesk> {
  const runners = runnerStore(store)
  const polls = new WaitingPolls(clock, random, HUB_TIMES.hold)
  const presence = new Presence((id) => polls.isOpen(id), HUB_TIMES.silent)
  const waiting = new Map<string, () => void>()
  const tell = async (runnerId: string): Promise<void> => {
    const officeId = (await runners.all()).find((runner) => runner.id === runnerId)?.officeId
    waiting.get(officeId ?? '')?.()
  }
  const deskLog = lineLog(log)
  const server = await startHubServer({
    host: '127.0.0.1',
    port: Number(new URL(hubUrl).port),
    allowedHosts: 'loopback',
    routes: runnerRoutes({
      origin: hubUrl,
      offices: officeStore(store, () => undefined),
      runners,
      desk: {
        // A poll asks for work: here there is none, and the question is what is waited for.
        workFor: (runnerId) => {
          void tell(runnerId)
          return []
        },
        handedOut: () => undefined,
        find: async () => null,
        keep: async () => 'unknown-check',
      },
      polls,
      presence,
      clocks: { note: () => undefined },
      clock,
      random,
      log: deskLog,
    }),
    log: deskLog,
    clock,
  })
  return {
    polled: (officeId) => new Promise((resolve) => waiting.set(officeId, resolve)),
    close: async () => {
      polls.drain()
      await server.close()
    },
  }
}

function lineLog(log: (line: string) => void): DeskLog {
  const write = (fields: object, message: string) => log(`${message} ${JSON.stringify(fields)}`)
  return { info: write, warn: write, error: write }
}
