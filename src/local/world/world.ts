import { atlasOf } from './atlas.ts'
import { beaconZone, whoamiZone } from './beacon-zone.ts'
import { genuineAuthority } from './certificates.ts'
import { refuseContradictions } from './contradictions.ts'
import type { Dialling } from './dial.ts'
import { createDirectory, type Directory, hostAt } from './directory.ts'
import { type DnsService, dnsOverUdp, listenDns } from './dns-server.ts'
import { explicitProxy } from './explicit-proxy.ts'
import { asJson, placesCsv, type RunnerFacts, runnerFile, worldFile, writeFiles } from './files.ts'
import { startFrontDoors } from './front-doors.ts'
import { startGateway } from './gateway.ts'
import { createInspectors, type Inspectors } from './inspector.ts'
import { createSockets, type Sockets } from './listening.ts'
import { microsoftZone } from './microsoft-authority.ts'
import { nat64Zone } from './nat64.ts'
import { type Authority, createResolvers } from './resolvers.ts'
import { createRoutes, type Routes } from './routes.ts'
import type { NetworkSpec, OfficeSpec, WorldSpec } from './spec.ts'
import { stun } from './stun-server.ts'
import { createTimers, randomFrom } from './timers.ts'
import { echoServer, endpointServer } from './web-services.ts'

/** About how long Windows tries to connect, in ms. */
const SILENCE_MS = 21_000

/** A world that runs. */
export interface World {
  readonly folder: string
  /** Names of the files written into the folder. */
  readonly files: readonly string[]
  /** Loopback port of each runner's gateway, by the runner's name. */
  readonly gateways: ReadonlyMap<string, number>
  /** The endpoint web service as the hub reaches it. */
  readonly endpointsUrl: string
  /** PEM of the genuine root. */
  readonly roots: string
  /** `tcp 52.97.1.2:443` and the like: what a runner has contacted, and in how many flows. */
  contacts(runner: string): ReadonlyMap<string, number>
  /** Ends every server and connection. */
  close(): Promise<void>
}

type Resolvers = ReturnType<typeof createResolvers>

const startDns = async (
  spec: WorldSpec,
  directory: Directory,
  sockets: Sockets,
  resolvers: Resolvers,
): Promise<void> => {
  for (const resolver of spec.resolvers) {
    const service: DnsService = {
      recursive: true,
      answer: async (question, flow) =>
        resolvers(resolver.address, resolver.office ?? '')?.(question, flow.from.address),
    }
    const tcp = { 53: { loopbackPort: await listenDns(sockets, service) } }
    directory.add(
      resolver.address,
      hostAt(resolver.place, { tcp, udp: { 53: dnsOverUdp(service) } }),
      resolver.office,
    )
  }
}

const startBeacon = async (
  beacon: NonNullable<WorldSpec['beacon']>,
  zone: Authority['zone'],
  directory: Directory,
  sockets: Sockets,
): Promise<void> => {
  const refused = { rcode: 5, answers: [], authoritative: false }
  const service: DnsService = {
    recursive: false,
    answer: async (question, flow) => zone(question, flow.from.address) ?? refused,
  }
  const tcp = { 53: { loopbackPort: await listenDns(sockets, service) } }
  directory.add(beacon.address, hostAt(beacon.place, { tcp, udp: { 53: dnsOverUdp(service), 3478: stun } }))
  directory.add(beacon.silent, hostAt(beacon.place, {}))
}

const startWebServices = async (spec: WorldSpec, directory: Directory, sockets: Sockets): Promise<number> => {
  const port = await sockets.listen(endpointServer(spec.endpoints))
  directory.add(spec.endpoints.address, hostAt(spec.endpoints.place, { tcp: { 80: { loopbackPort: port } } }))
  if (spec.echo !== null) {
    const echo = { 80: { loopbackPort: await sockets.listen(echoServer(sockets)) } }
    directory.add(spec.echo.address, hostAt(spec.echo.place, { tcp: echo }))
  }
  return port
}

/** The inspector whose root the machines of this network trust, if it has one. */
const caFile = (network: NetworkSpec, spec: WorldSpec, office: string, inspectors: Inspectors) => {
  const configured = spec.proxies?.find((proxy) => proxy.office === office)?.inspects
  const ca = network.proxy?.kind === 'inspecting' ? (network.proxy.ca ?? 'imitates-genuine') : configured
  return ca === undefined ? undefined : inspectors.authority(ca).root
}

/**
 * Starts a world on loopback ports and writes its files into `folder`: `world.json`, one file per runner, `places.csv`,
 * `roots.pem`, and the root of each inspector as the office's machines have it. Throws if the spec contradicts itself.
 */
export const startWorld = async (spec: WorldSpec, folder: string): Promise<World> => {
  const now = Date.now()
  const atlas = atlasOf(spec)
  refuseContradictions(spec, atlas)
  const directory = createDirectory()
  const sockets = createSockets()
  const timers = createTimers()
  const authority = genuineAuthority(now, spec.issuerName)
  const inspectors: Inspectors = createInspectors(() => dialling, now, spec.issuerName)
  const dialling: Dialling = {
    sockets,
    timers,
    random: randomFrom(spec.seed ?? 1),
    silenceMs: spec.silenceMs ?? SILENCE_MS,
    inspector: (ca, chain, routes) => inspectors.target(ca, chain, routes),
  }
  const beacon =
    spec.beacon === null ? [] : [{ zone: beaconZone(spec.beacon), whereabouts: spec.beacon.place }]
  const authorities: Authority[] = [
    ...beacon,
    { zone: whoamiZone, whereabouts: 'anycast' },
    { zone: nat64Zone, whereabouts: 'anycast' },
    { zone: microsoftZone(spec, atlas), whereabouts: 'anycast' },
  ]
  const resolvers = createResolvers(spec.resolvers, { atlas, timers, authorities })
  const close = async (): Promise<void> => {
    timers.close()
    await sockets.close()
  }
  const routesOf = (office: OfficeSpec, network: NetworkSpec): Routes =>
    createRoutes({ spec, atlas, directory }, office, network)

  const startRunners = async (): Promise<{
    facts: RunnerFacts[]
    routes: Map<string, Routes>
    pems: Map<string, string>
  }> => {
    const facts: RunnerFacts[] = []
    const routes = new Map<string, Routes>()
    const pems = new Map<string, string>()
    for (const office of spec.offices) {
      for (const runner of office.runners) {
        const network: NetworkSpec = { ...office.network, ...runner.network }
        const ways = routesOf(office, network)
        const root = caFile(network, spec, office.name, inspectors)
        const systemRoots = root === undefined ? null : `${runner.name}-system-roots.pem`
        if (root !== undefined && systemRoots !== null) pems.set(systemRoots, root)
        routes.set(runner.name, ways)
        facts.push({
          name: runner.name,
          network,
          gatewayPort: await startGateway(dialling, ways),
          systemRoots,
        })
      }
    }
    return { facts, routes, pems }
  }
  const startProxies = async (): Promise<void> => {
    for (const proxy of spec.proxies ?? []) {
      const office = spec.offices.find(({ name }) => name === proxy.office)
      const ask = resolvers(proxy.resolver, proxy.office)
      if (office === undefined || ask === undefined)
        throw new Error(`the proxy ${proxy.address} has no office or no resolver`)
      const routes = routesOf(office, office.network)
      const loopbackPort = await sockets.listen(explicitProxy({ ...dialling, routes, ask }, proxy))
      directory.add(
        proxy.address,
        hostAt(office.name, { tcp: { [proxy.port]: { loopbackPort } } }),
        office.name,
      )
    }
  }
  try {
    await startDns(spec, directory, sockets, resolvers)
    if (spec.beacon && beacon[0]) await startBeacon(spec.beacon, beacon[0].zone, directory, sockets)
    const endpointsPort = await startWebServices(spec, directory, sockets)
    await startFrontDoors({ spec, atlas, directory, sockets, authority })
    await startProxies()
    const { facts, routes, pems } = await startRunners()
    const files = await writeFiles(
      folder,
      new Map([
        ['world.json', asJson(worldFile(spec, endpointsPort))],
        ...facts.map((runner): [string, string] => [`${runner.name}.json`, asJson(runnerFile(spec, runner))]),
        ['places.csv', placesCsv(spec.placeRows)],
        ['roots.pem', `${authority.root}\n`],
        ...pems,
      ]),
    )
    return {
      folder,
      files,
      gateways: new Map(facts.map(({ name, gatewayPort }) => [name, gatewayPort])),
      endpointsUrl: `http://127.0.0.1:${endpointsPort}/`,
      roots: authority.root,
      contacts: (runner) => routes.get(runner)?.contacts ?? new Map(),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
