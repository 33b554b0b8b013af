import type { Clock } from '../core/ports.ts'
import type { StoreChoice } from '../core/store-choice.ts'
import { DEMO_PEOPLE } from './connector/people.ts'
import type { Environment, Launcher, Programs } from './launcher.ts'
import { within } from './waiting.ts'
import type { WorldFolder } from './world-folder.ts'

export interface HubProgramOptions {
  readonly launcher: Launcher
  readonly programs: Programs
  /** Our own environment; what it says of real addresses is handed on, and its time scale, for tests. */
  readonly env: Environment
  readonly port: number
  readonly store: StoreChoice
  readonly world: WorldFolder
  readonly clock: Clock
}

/** A hub that is not ready after this will not be: the list of a world that does not answer takes 10 s of it. */
const READY_MS = 30_000

/** Starts the hub and keeps it running. `broken` ends with its last words when no restart helps. */
export async function startHubProgram(
  options: HubProgramOptions,
): Promise<{ readonly broken: Promise<string> }> {
  const { launcher, programs, clock } = options
  const args = [...programs.self, 'hub', '--exit-with-stdin']
  const start = () => launcher.start('hub', { args, settings: settingsOf(options), ready: /^ready/ })
  const first = start()
  await within(first.ready, READY_MS, 'the hub did not start in time', clock)
  return { broken: launcher.keep('hub', first, start) }
}

/** By environment and never as arguments, which every program on the machine can read: the store may name a secret. */
function settingsOf({ env, port, store, world }: HubProgramOptions): Environment {
  return {
    DOORSTEP_SIGN_IN: 'off',
    DOORSTEP_PORT: String(port),
    DOORSTEP_STORE: storeText(store),
    DOORSTEP_ADMINS: DEMO_PEOPLE[0].objectId,
    DOORSTEP_EVERYONE: 'operator',
    // One person plays everybody here, and programs ask as fast as they can.
    DOORSTEP_ASKS_PER_MINUTE: '1000',
    DOORSTEP_LOCAL_WORLD: world.name,
    ...(world.places === null ? {} : { DOORSTEP_PLACES: world.places }),
    ...(world.endpoints === null ? {} : { DOORSTEP_ENDPOINTS: world.endpoints }),
    ...handedOn(env, [
      'DOORSTEP_CONFIRM',
      'DOORSTEP_GEO',
      'DOORSTEP_OWNERS',
      'DOORSTEP_M365_INSTANCE',
      'DOORSTEP_M365_TENANT',
      'DOORSTEP_SELF_CHECK_DOORS',
      'DOORSTEP_SELF_CHECK_HOURS',
      'DOORSTEP_TIME_SCALE',
    ]),
  }
}

function handedOn(env: Environment, keys: readonly string[]): Environment {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = env[key]
      return value === undefined ? [] : [[key, value]]
    }),
  )
}

function storeText(store: StoreChoice): string {
  if (store.kind === 'embedded') return `embedded:${store.folder}`
  return 'url' in store ? store.url : store.connectionString
}
