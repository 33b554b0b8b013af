import type { RunnerConfig } from '../config/runner-config.ts'
import { failed } from '../core/failure.ts'
import type { ProbeSettings } from '../core/ports.ts'
import type { ListMemory } from '../endpoints/kept.ts'
import { firstList } from '../endpoints/snapshot.ts'
import { EndpointSource, type FetchText } from '../endpoints/source.ts'
import { listFetcher } from '../net/list-fetcher.ts'
import { dialerFor, policyFor, probePorts, rootsFor } from '../net/probe-ports.ts'
import { addedRoots } from '../net/system-roots.ts'
import type { World } from '../net/world-file.ts'
import { systemClock } from '../os/clock.ts'
import { hostAddresses, systemResolvers } from '../os/interfaces.ts'
import { watchLoop } from '../os/loop-delay.ts'
import { systemRandom } from '../os/random.ts'
import { systemProxy } from '../os/system-proxy.ts'
import { PROBES } from '../probes/registry.ts'
import { httpDispatcher, hubSender } from './http-client.ts'
import type { HubSend } from './hub-link.ts'
import type { Log } from './log.ts'
import type { MeasureParts } from './measure.ts'
import { pause } from './pause.ts'
import { RateGate } from './rate-gate.ts'
import { probeSettings, proxiesOf, proxySettings } from './settings.ts'
import { RUNNER_VERSION } from './version.ts'
import { worldListFetcher } from './world-list.ts'

/** What a workshop is made of. */
export interface WorkshopOptions {
  readonly config: RunnerConfig
  /** The hub's origin. */
  readonly hub: string
  readonly world: World | null
  /** How many lookups through the system there are threads for at a time. */
  readonly lookupsAtOnce: number
  /** PEM text of roots to trust for the hub besides the usual ones. */
  readonly extraRoots: string | null
  /** PEM, one certificate each: roots by which probes judge chains, besides the public ones. */
  readonly probeRoots: readonly string[]
  /** Where the endpoint list of the real Internet outlives a restart. */
  readonly listMemory: ListMemory
  /** The GUID by which Microsoft's endpoint web service tells clients apart. */
  readonly clientId: string
  /** The hub's time, epoch ms. */
  readonly hubNow: () => number
  readonly log: Log
}

/** All that measures on this machine, and the ways to the hub and to the endpoint list. */
export interface Workshop {
  readonly measuring: MeasureParts
  readonly settings: ProbeSettings
  readonly listVersion: () => string
  /** Asks for the endpoint list, once; ends when it is there, or when waiting for it is over. */
  askForList(stop: AbortSignal): Promise<unknown>
  readonly send: HubSend
  close(): Promise<void>
}

const MICROSOFT_LIST = 'https://endpoints.office.com'
/** The list is waited for this long; a slow one arrives later and the snapshot serves until then. */
const LIST_WAIT_MS = 2_000

/** The clock of a machine, as its world says. */
export function clockOf(world: World | null) {
  return systemClock(world?.clockOffsetMs ?? 0)
}

/** Makes the doors that probes are given, from the machine's own settings. */
export async function openWorkshop(options: WorkshopOptions): Promise<Workshop> {
  const { config, hub, world, hubNow, log, lookupsAtOnce } = options
  const clock = clockOf(world)
  const random = systemRandom
  const roots = rootsFor(world, options.probeRoots)
  const proxies = await proxySettings(config, world, systemProxy)
  const clockOffsetMs = (): number => hubNow() - clock.now()
  const told = { proxies, clockOffsetMs }
  const settings = probeSettings(config, world, hub, roots.pems, told, addedRoots)
  const { beacon, echo } = settings
  const policy = policyFor({ beacon, echo, proxies: proxiesOf(config, world, settings) })
  const ports = probePorts({
    world,
    systemResolvers,
    hostAddresses,
    lookupsAtOnce,
    clock,
    random,
    policy,
    roots,
  })
  // Loopback is this machine: no proxy leads there.
  const proxy = hub.startsWith('http:') ? null : config.proxy
  const dispatcher = httpDispatcher({ proxy, extraRoots: options.extraRoots })
  const listWay = world === null ? httpDispatcher({ proxy: config.proxy, extraRoots: null }) : dispatcher
  const list = { dialer: dialerFor(world), roots, lookup: ports.dns.systemLookup }
  const fetchText = listWayOf(world, list, listFetcher(MICROSOFT_LIST, { dispatcher: listWay }))
  const endpoints = new EndpointSource({
    fetchText,
    ...listFrom(world, options),
    clientId: options.clientId,
    clock,
    random,
    log,
  })
  let listAsked: Promise<unknown> | null = null
  const askForList = (stop: AbortSignal): Promise<unknown> => {
    listAsked ??= Promise.race([endpoints.start(), pause(clock, LIST_WAIT_MS, stop)])
    return listAsked
  }
  const never = new AbortController().signal
  return {
    settings,
    listVersion: () => endpoints.list.version,
    askForList,
    send: hubSender(hub, dispatcher),
    measuring: {
      probes: Object.values(PROBES),
      workshop: { ports, settings, log },
      list: async () => {
        await askForList(never)
        return endpoints.list
      },
      gate: new RateGate(clock),
      watchLoop,
      clock,
      hubNow,
      runnerVersion: RUNNER_VERSION,
      world: world?.name ?? null,
    },
    async close() {
      endpoints.close()
      await Promise.all([dispatcher.destroy(), listWay.destroy()])
    },
  }
}

/** Which list it is: a world's is Worldwide and fetched at each start, the real Internet's is kept where it can be. */
function listFrom(world: World | null, { config, listMemory }: WorkshopOptions) {
  if (world !== null && world.endpoints !== undefined) return { snapshot: firstList('Worldwide') }
  const { instance } = config
  return { instance, snapshot: firstList(instance), keep: { memory: listMemory, from: MICROSOFT_LIST } }
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
