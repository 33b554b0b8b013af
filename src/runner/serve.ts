import type { RunnerConfig } from '../config/runner-config.ts'
import { failed } from '../core/failure.ts'
import type { Instance } from '../core/instance.ts'
import { firstList } from '../endpoints/snapshot.ts'
import { EndpointSource, type FetchText } from '../endpoints/source.ts'
import { listFetcher } from '../net/list-fetcher.ts'
import { dialerFor, policyFor, probePorts, rootsFor } from '../net/probe-ports.ts'
import type { World } from '../net/world-file.ts'
import { systemClock } from '../os/clock.ts'
import { hostAddresses, systemResolvers } from '../os/interfaces.ts'
import { watchLoop } from '../os/loop-delay.ts'
import { systemRandom } from '../os/random.ts'
import { systemProxy } from '../os/system-proxy.ts'
import { PROBES } from '../probes/registry.ts'
import type { Ending } from './endings.ts'
import { clientId, type Home, type Identity, listMemory, loadKey } from './home.ts'
import { httpDispatcher, hubSender } from './http-client.ts'
import { HubLink } from './hub-link.ts'
import { JobDesk } from './job-desk.ts'
import type { Log } from './log.ts'
import { pause } from './pause.ts'
import { pollForever } from './poll-loop.ts'
import { RateGate } from './rate-gate.ts'
import { sayHello } from './say-hello.ts'
import { probeSettings, proxiesOf, proxySettings } from './settings.ts'
import { RUNNER_VERSION } from './version.ts'
import { worldListFetcher } from './world-list.ts'

/** What a runner is started with. */
export interface ServeOptions {
  readonly config: RunnerConfig
  readonly home: Home
  readonly identity: Identity
  readonly world: World | null
  /** PEM text of roots to trust for the hub besides the usual ones. */
  readonly extraRoots: string | null
  /** PEM, one certificate each: roots by which probes judge chains, besides the public ones. */
  readonly probeRoots: readonly string[]
  readonly platform: string
  /** Ask for the endpoint list when the first job comes, and not before. */
  readonly listOnDemand: boolean
  readonly log: Log
}

const MICROSOFT_LIST = 'https://endpoints.office.com'
/** The first hello waits this long for the endpoint list; a slow one arrives later and the snapshot serves until then. */
const LIST_WAIT_MS = 2_000

/** The site runner at work, until `stop` aborts or the hub says that it is dead. */
export async function serve(options: ServeOptions, stop: AbortSignal): Promise<Ending> {
  const { config, home, identity, world, log } = options
  const clock = systemClock(world?.clockOffsetMs ?? 0)
  const random = systemRandom
  const roots = rootsFor(world, options.probeRoots)
  const proxies = await proxySettings(config, world, systemProxy)
  const clockOffsetMs = (): number => link.now() - clock.now()
  const settings = probeSettings(config, world, identity.hub, roots.pems, { proxies, clockOffsetMs })
  const { beacon, echo } = settings
  const policy = policyFor({ beacon, echo, proxies: proxiesOf(config, world, settings) })
  const ports = probePorts({ world, systemResolvers, hostAddresses, clock, random, policy, roots })
  // Loopback is this machine: no proxy leads there.
  const proxy = identity.hub.startsWith('http:') ? null : config.proxy
  const dispatcher = httpDispatcher({ proxy, extraRoots: options.extraRoots })
  const key = await loadKey(home)
  const signer = { runnerId: identity.runnerId, kid: key.kid, privateKey: key.privateKey }
  const send = hubSender(identity.hub, dispatcher)
  const link = new HubLink({ hub: identity.hub, signer, send, clock, random })
  const listWay = world === null ? httpDispatcher({ proxy: config.proxy, extraRoots: null }) : dispatcher
  const list = { dialer: dialerFor(world), roots, lookup: ports.dns.systemLookup }
  const fetchText = listWayOf(world, list, listFetcher(MICROSOFT_LIST, { dispatcher: listWay }))
  const endpoints = new EndpointSource({
    fetchText,
    ...listFrom(world, config.instance, home),
    clientId: await clientId(home),
    clock,
    random,
    log,
  })
  let listAsked: Promise<unknown> | null = null
  const askForList = (): Promise<unknown> => {
    listAsked ??= Promise.race([endpoints.start(), pause(clock, LIST_WAIT_MS, stop)])
    return listAsked
  }
  const ending = Promise.withResolvers<Ending>()
  const probes = Object.values(PROBES)
  const desk = new JobDesk({
    measuring: {
      probes,
      workshop: { ports, settings, log },
      list: async () => {
        await askForList()
        return endpoints.list
      },
      gate: new RateGate(clock),
      watchLoop,
      clock,
      hubNow: () => link.now(),
      runnerVersion: RUNNER_VERSION,
      world: world?.name ?? null,
    },
    delivering: { link, clock, random, log },
    onDead: () => ending.resolve('revoked'),
  })
  const introduce = () => ({
    version: RUNNER_VERSION,
    platform: options.platform,
    probes: Object.fromEntries(probes.map((probe) => [probe.name, probe.version])),
    listVersion: endpoints.list.version,
    settings: { tenant: settings.tenant !== null, echo: echo !== null, beacon: beacon !== null },
    world: world?.name ?? null,
  })
  const work = async (): Promise<Ending> => {
    if (!options.listOnDemand) await askForList()
    const refused = await sayHello({ link, home, introduce, clock, random, log }, stop)
    return refused ?? pollForever({ link, jobs: desk, clock, random, log }, stop)
  }
  try {
    return await Promise.race([work(), ending.promise])
  } finally {
    endpoints.close()
    await desk.close()
    await Promise.all([dispatcher.destroy(), listWay.destroy()])
  }
}

/** Which list it is: a world's is Worldwide and fetched at each start, the real Internet's is kept in the home. */
function listFrom(world: World | null, instance: Instance, home: Home) {
  if (world !== null && world.endpoints !== undefined) return { snapshot: firstList('Worldwide') }
  const keep = { memory: listMemory(home), from: MICROSOFT_LIST }
  return { instance, snapshot: firstList(instance), keep }
}

/** Where the endpoint list comes from: a world's own service, none where the world says none, else Microsoft's. */
function listWayOf(
  world: World | null,
  inWorld: Parameters<typeof worldListFetcher>[1],
  outside: FetchText,
): FetchText {
  if (world?.endpoints === null) return async () => failed('not-configured')
  return world?.endpoints === undefined ? outside : worldListFetcher(world.endpoints, inWorld)
}
