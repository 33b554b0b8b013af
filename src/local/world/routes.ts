import type { Endpoint } from './addresses.ts'
import { canonical, familyOf, isPrivate, within } from './addresses.ts'
import type { Atlas } from './atlas.ts'
import type { Directory, Flow, Host } from './directory.ts'
import { carriedTo } from './nat64.ts'
import type {
  NetworkSpec,
  OfficeSpec,
  Outcome,
  PathSpec,
  RouteSpec,
  TransparentProxySpec,
  WorldSpec,
} from './spec.ts'

/** Round trip to something in the same building, in ms. */
const LAN_MS = 0.5
const ACCESS_MS = 1
/** Claimed source ports, the range Linux hands out. */
const FIRST_PORT = 32_768
const LAST_PORT = 60_999

/** How one flow travels, decided once when it starts. */
export interface Route {
  readonly flow: Flow
  readonly host: Host | undefined
  readonly rttMs: number
  readonly jitterMs: number
  readonly loss: number
  readonly mbps: number | undefined
  readonly outcome: Outcome
  readonly proxy: TransparentProxySpec | undefined
}

/** The ways out of one network. */
export interface Routes {
  route(to: Endpoint, protocol: 'tcp' | 'udp'): Route
  /** `tcp 52.97.1.2:443` and the like, with how many flows went there. */
  readonly contacts: ReadonlyMap<string, number>
}

const matcher = (spec: RouteSpec): ((to: Endpoint, protocol: 'tcp' | 'udp') => boolean) => {
  const holds = spec.to === undefined ? () => true : within(spec.to)
  return (to, protocol) =>
    (spec.protocol ?? protocol) === protocol &&
    (spec.ports === undefined || spec.ports.includes(to.port)) &&
    holds(to.address)
}

/** @param shared offices' and worlds' facts @param network the network whose ways out these are */
export const createRoutes = (
  shared: { readonly spec: WorldSpec; readonly atlas: Atlas; readonly directory: Directory },
  office: OfficeSpec,
  network: NetworkSpec,
): Routes => {
  const { spec, atlas, directory } = shared
  const ways = (network.routes ?? []).map((route) => ({
    matches: matcher(route),
    egress: route.egress,
    path: { ...network, ...route },
  }))
  const contacts = new Map<string, number>()
  const turns = new Map<string, number>()
  let port = FIRST_PORT

  const nextOf = (pool: readonly string[]): string | undefined => {
    const key = pool.join()
    const turn = turns.get(key) ?? 0
    turns.set(key, turn + 1)
    return pool[turn % pool.length]
  }
  const sourceFor = (path: PathSpec, to: Endpoint): string | undefined => {
    const ofFamily = (address: string): boolean => familyOf(address) === familyOf(to.address)
    if (isPrivate(to.address)) return network.interfaces.map(({ address }) => address).find(ofFamily)
    return nextOf((path.egress ?? network.egress).filter(ofFamily))
  }
  const rttOf = (path: PathSpec, to: Endpoint, exit: string, where: string): number => {
    const given = path.rttMs?.[to.address] ?? path.rttMs?.[where]
    if (given !== undefined) return given
    if (isPrivate(to.address) && where === office.name) return LAN_MS
    const outside = atlas.rtt(exit, where) + (path.accessMs ?? ACCESS_MS)
    const { backhaul } = path
    if (!backhaul) return outside
    return outside + backhaul.rttMs + (where === backhaul.via ? 0 : (backhaul.exitMs ?? 0))
  }

  const route = (claimed: Endpoint, protocol: 'tcp' | 'udp'): Route => {
    const sent = { address: canonical(claimed.address), port: claimed.port }
    const label = `${protocol} ${sent.address}:${sent.port}`
    contacts.set(label, (contacts.get(label) ?? 0) + 1)
    const way = ways.find(({ matches }) => matches(sent, protocol))
    const { nat64 } = network
    const behind = nat64 === undefined ? null : carriedTo(nat64.prefix, sent.address)
    const to = behind === null ? sent : { ...sent, address: behind }
    const own: PathSpec = way?.path ?? network
    // A NAT64 has addresses of its own, and a way to it may end at another one.
    const path: PathSpec = behind === null ? own : { ...own, egress: way?.egress ?? nat64?.egress ?? [] }
    const exit = atlas.place(path.backhaul?.via ?? office.name)
    const server = to.port === 53 ? (network.hijackedBy ?? to.address) : to.address
    const host = directory.find(server, office.name)
    const from = sourceFor(path, to)
    port = port === LAST_PORT ? FIRST_PORT : port + 1
    const served = protocol === 'tcp' ? host?.tcp(to.port) : host?.udp(to.port)
    const reached: Outcome =
      host === undefined ? (spec.unserved ?? 'host-unreachable') : served ? 'open' : 'refused'
    const ports = path.proxy?.ports ?? [443]
    return {
      flow: { office: office.name, from: { address: from ?? '', port }, to, exit },
      host,
      rttMs: rttOf(path, { ...to, address: server }, exit.name, host?.whereabouts(exit) ?? 'anycast'),
      jitterMs: path.jitterMs ?? 0,
      loss: path.loss ?? 0,
      mbps: path.mbps,
      outcome:
        from === undefined
          ? 'network-unreachable'
          : path.outcome !== undefined && path.outcome !== 'open'
            ? path.outcome
            : reached,
      proxy: protocol === 'tcp' && path.proxy && ports.includes(to.port) ? path.proxy : undefined,
    }
  }
  return { route, contacts }
}
