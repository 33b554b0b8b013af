import type { SelfCheckDesk } from '../../commands/self-check/desk.ts'
import type { HubConfig } from '../../config/hub-config.ts'
import type { ConversationRef, Person } from '../../core/chat.ts'
import type { Office } from '../../core/office.ts'
import { countSelfChecks } from '../../core/self-check.ts'
import type { LatestStore } from '../../store/latest.ts'
import type { OfficeStore } from '../../store/offices.ts'
import type { SelfCheckStore } from '../../store/self-checks.ts'
import type { Surroundings } from '../check/check-context.ts'
import type { HubRoute } from '../http/types.ts'
import { noOffice } from './by-command.ts'
import { readPageFiles, readRunnerSum } from './page-files.ts'
import { selfRoutes } from './routes.ts'
import { SelfChecks, type SelfChecksDeps } from './self-checks.ts'
import { sightingsReader } from './sightings.ts'

/** Whose self-checks a command speaks of. */
interface SelfWho {
  readonly person: Person
  readonly conversation: ConversationRef
  readonly timeZone: string | null
}

/** Everything about self-checks that the hub holds. */
export interface OpenSelfChecks {
  readonly desk: (who: SelfWho) => SelfCheckDesk
  readonly routes: readonly HubRoute[]
  start(): void
  stop(): Promise<void>
}

export interface OpenSelfChecksDeps extends Omit<SelfChecksDeps, 'hours' | 'officeName' | 'origin'> {
  readonly store: SelfCheckStore
  readonly config: Pick<HubConfig, 'origin' | 'selfCheck'>
  readonly offices: Pick<OfficeStore, 'all'>
  readonly latest: Pick<LatestStore, 'all'>
  readonly surroundingsOf: (office: Office) => Surroundings
  /** Ends when the endpoint list of a world was asked for. */
  readonly listReady: (world: string | null) => Promise<unknown>
}

/** Self-checks over one store, with their pages. */
export async function openSelfChecks(deps: OpenSelfChecksDeps): Promise<OpenSelfChecks> {
  const { config, store, offices, latest, surroundingsOf, listReady, clock, random } = deps
  const { selfCheck, origin } = config
  const { hours, beacon } = selfCheck
  const selfChecks = new SelfChecks({
    ...deps,
    origin,
    hours,
    officeName: async (id) => (await offices.all()).find((office) => office.id === id)?.name ?? null,
  })
  const runnerSum = await readRunnerSum()
  const routes = selfRoutes({
    ...deps,
    config: selfCheck,
    origin,
    selfChecks,
    files: await readPageFiles(),
    sightings: beacon === null ? null : sightingsReader(beacon, random),
    contextOf: async (world) => {
      const [all, verdicts] = await Promise.all([offices.all(), latest.all(), listReady(world)])
      const here = all.filter((office) => office.world === world)
      // With a place, so that addresses have theirs; which office it is plays no part in that.
      const { atlas } = surroundingsOf({ ...noOffice(world), placed: true })
      return { offices: here, latest: verdicts, atlas, surroundingsOf, now: clock.now() }
    },
  })
  return {
    desk: ({ person, conversation, timeZone }) => ({
      hours,
      runnerSum,
      invite: (officeId) => selfChecks.invite(person, conversation, timeZone ?? 'UTC', officeId),
      posted: (id, cardId) => selfChecks.posted(person.objectId, id, cardId),
      mine: async () => (await store.of(person.objectId)).flatMap(({ result }) => result ?? []),
      forget: () => selfChecks.forget(person.objectId),
      counts: async () => countSelfChecks(await store.all()),
    }),
    routes,
    start: () => selfChecks.start(),
    stop: () => selfChecks.stop(),
  }
}
