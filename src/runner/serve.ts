import type { RunnerConfig } from '../config/runner-config.ts'
import type { World } from '../net/world-file.ts'
import { systemRandom } from '../os/random.ts'
import type { Ending } from './endings.ts'
import { clientId, type Home, type Identity, listMemory, loadKey } from './home.ts'
import { HubLink, MOST_OFFSET_MS } from './hub-link.ts'
import { JobDesk } from './job-desk.ts'
import type { Log } from './log.ts'
import { pollForever } from './poll-loop.ts'
import { sayHello } from './say-hello.ts'
import { RUNNER_VERSION } from './version.ts'
import { clockOf, openWorkshop } from './workshop.ts'

/** What a runner is started with. */
export interface ServeOptions {
  readonly config: RunnerConfig
  readonly home: Home
  readonly identity: Identity
  readonly world: World | null
  /** How many lookups through the system there are threads for at a time. */
  readonly lookupsAtOnce: number
  /** PEM text of roots to trust for the hub besides the usual ones. */
  readonly extraRoots: string | null
  /** PEM, one certificate each: roots by which probes judge chains, besides the public ones. */
  readonly probeRoots: readonly string[]
  readonly platform: string
  /** Ask for the endpoint list when the first job comes, and not before. */
  readonly listOnDemand: boolean
  readonly log: Log
}

/** The site runner at work, until `stop` aborts or the hub says that it is dead. */
export async function serve(options: ServeOptions, stop: AbortSignal): Promise<Ending> {
  const { config, home, identity, world, log } = options
  const { extraRoots, probeRoots, lookupsAtOnce } = options
  const clock = clockOf(world)
  const random = systemRandom
  const workshop = await openWorkshop({
    config,
    hub: identity.hub,
    world,
    lookupsAtOnce,
    extraRoots,
    probeRoots,
    listMemory: listMemory(home),
    clientId: await clientId(home),
    hubNow: () => link.now(),
    log,
  })
  const { measuring, settings, send } = workshop
  const key = await loadKey(home)
  const signer = { runnerId: identity.runnerId, kid: key.kid, privateKey: key.privateKey }
  const link = new HubLink({
    hub: identity.hub,
    signer,
    send,
    clock,
    random,
    mostOffsetMs: world === null ? MOST_OFFSET_MS : Number.POSITIVE_INFINITY,
  })
  const ending = Promise.withResolvers<Ending>()
  const desk = new JobDesk({
    measuring,
    delivering: { link, clock, random, log },
    onDead: () => ending.resolve('revoked'),
  })
  const { tenant, echo, beacon } = settings
  const introduce = () => ({
    version: RUNNER_VERSION,
    platform: options.platform,
    probes: Object.fromEntries(measuring.probes.map((probe) => [probe.name, probe.version])),
    listVersion: workshop.listVersion(),
    settings: { tenant: tenant !== null, echo: echo !== null, beacon: beacon !== null },
    world: world?.name ?? null,
  })
  const work = async (): Promise<Ending> => {
    if (!options.listOnDemand) await workshop.askForList(stop)
    const refused = await sayHello({ link, home, introduce, clock, random, log }, stop)
    return refused ?? pollForever({ link, jobs: desk, clock, random, log }, stop)
  }
  try {
    return await Promise.race([work(), ending.promise])
  } finally {
    await desk.close()
    await workshop.close()
  }
}
