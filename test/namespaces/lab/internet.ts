/**
 * The Internet of the lab in one process: front doors, relays, Microsoft's authority, the endpoint web service and the
 * echo of `src/local/world`, at their real addresses. `node internet.ts <folder>` writes `roots.pem` there and says
 * `ready`. Delays are none of its business: the forwarder knows who is where.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, isIPv6, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Answer } from 'dns-packet'
import recorded from '../../../src/endpoints/snapshot-worldwide.json' with { type: 'json' }
import { canonical, within } from '../../../src/local/world/addresses.ts'
import { atlasOf } from '../../../src/local/world/atlas.ts'
import type { Zone } from '../../../src/local/world/beacon-zone.ts'
import { genuineAuthority } from '../../../src/local/world/certificates.ts'
import { createDirectory, type Flow, hostAt } from '../../../src/local/world/directory.ts'
import { found, nxdomain, type Question } from '../../../src/local/world/dns-message.ts'
import { type DnsService, dnsOverUdp, listenDns } from '../../../src/local/world/dns-server.ts'
import { startFrontDoors } from '../../../src/local/world/front-doors.ts'
import { createSockets, type Sockets } from '../../../src/local/world/listening.ts'
import {
  EXCHANGE_NAMES,
  microsoftZone,
  relayAddresses,
} from '../../../src/local/world/microsoft-authority.ts'
import type { Place, WorldSpec } from '../../../src/local/world/spec.ts'
import { stun } from '../../../src/local/world/stun-server.ts'
import { echoServer, endpointServer } from '../../../src/local/world/web-services.ts'
import { PLACE_ROWS, PLACES } from './places.ts'
import { RELAY_V6, SERVICES } from './topology.ts'

const STUN_PORTS = [3478, 3479, 3480, 3481]
const NOWHERE: Place = { name: 'nowhere', latitude: 0, longitude: 0 }

const SPEC: WorldSpec = {
  name: 'namespaces',
  tenant: 'contoso',
  offices: [],
  resolvers: [],
  // The forwarder's sites go by this order.
  doors: [
    { code: 'EAT', latitude: 47.4, longitude: -120.21 },
    { code: 'LHR', latitude: 51.47, longitude: -0.45 },
  ],
  edges: [
    { code: 'STB', ...PLACES.Seattle },
    { code: 'LON', ...PLACES.London },
  ],
  relays: [
    { region: 'westus2', label: 'usw2-02', latitude: 47.23, longitude: -119.85 },
    { region: 'uksouth', label: 'ukso-04', latitude: 50.94, longitude: -0.8 },
  ],
  beacon: null,
  echo: null,
  endpoints: {
    address: SERVICES.endpoints,
    place: 'anycast',
    version: recorded.version,
    list: recorded.endpoints,
  },
  placeRows: PLACE_ROWS,
}

/** Servers are not bound: what a real listener accepts is handed to the one that the address leads to. */
function handedSockets(): Sockets & { serverAt(port: number): Server | undefined } {
  const servers = new Map<number, Server>()
  return {
    ...createSockets(),
    listen: async (server) => {
      servers.set(servers.size + 1, server)
      return servers.size
    },
    flowOf: (accepted) => flowOf(accepted as Socket),
    serverAt: (port) => servers.get(port),
  }
}

const holders = PLACE_ROWS.map(({ cidr, label, latitude, longitude }) => ({
  holds: within([cidr]),
  place: { name: label, latitude, longitude },
}))

function flow(from: string, port: number, to: string, toPort: number): Flow {
  const address = canonical(from.replace(/^::ffff:/, ''))
  const exit = holders.find(({ holds }) => holds(address))?.place ?? NOWHERE
  return { office: '', from: { address, port }, to: { address: to, port: toPort }, exit }
}

function flowOf(socket: Socket): Flow {
  return flow(
    socket.remoteAddress ?? '::',
    socket.remotePort ?? 0,
    (socket.localAddress ?? '::').replace(/^::ffff:/, ''),
    socket.localPort ?? 0,
  )
}

/** The names at which Microsoft's chains begin; a real resolver asks for every name on the way. */
const BEGINNINGS = [
  ...EXCHANGE_NAMES,
  'contoso.sharepoint.com',
  'contoso-my.sharepoint.com',
  'world.tr.teams.microsoft.com',
]

/** Microsoft's names, entered anywhere in a chain; the relays have IPv6 addresses too, and what is nobody's does not exist. */
function authorityZone(): Zone {
  const microsoft = microsoftZone(SPEC, atlasOf(SPEC))
  const restOf = (name: string, question: Question, asker: string): readonly Answer[] => {
    for (const beginning of BEGINNINGS) {
      const chain = microsoft({ ...question, name: beginning, type: 'A' }, asker)?.answers ?? []
      const at = chain.findIndex((record) => record.name === name)
      if (at >= 0) return chain.slice(at)
    }
    return []
  }
  return (question, asker) => {
    const name = question.name.toLowerCase()
    const rest = restOf(name, question, asker)
    if (rest.length === 0) return microsoft(question, asker) ?? nxdomain
    if (question.type === 'A') return found(rest)
    const links = rest.filter((record) => record.type === 'CNAME')
    if (question.type === 'CNAME') return found(links.slice(0, 1))
    const last = links.at(-1)
    const end = last?.type === 'CNAME' ? last.data : name
    const region = Object.entries(RELAY_V6).find(([key]) => end.includes(`.${key}.`))
    if (question.type !== 'AAAA' || region === undefined) return found(links)
    return found([...links, { type: 'AAAA', name: end, ttl: 30, data: region[1] }])
  }
}

async function bindUdp(address: string, port: number, service: ReturnType<typeof dnsOverUdp>): Promise<void> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  socket.on('message', (packet, from) => {
    service(packet, flow(from.address, from.port, address, port), (bytes) =>
      socket.send(bytes, from.port, from.address),
    )
  })
  socket.bind(port, address)
  await once(socket, 'listening')
}

const folder = process.argv[2] ?? '.'
const sockets = handedSockets()
const directory = createDirectory()
const authority = genuineAuthority(Date.now())
await startFrontDoors({ spec: SPEC, atlas: atlasOf(SPEC), directory, sockets, authority })

const web = async (server: Server) =>
  hostAt('anycast', { tcp: { 80: { loopbackPort: await sockets.listen(server) } } })
directory.add(SERVICES.echo, await web(echoServer(sockets)))
directory.add(SERVICES.endpoints, await web(endpointServer(SPEC.endpoints)))
const zone = authorityZone()
const names: DnsService = {
  recursive: false,
  answer: async (question, { from }) => zone(question, from.address),
}
directory.add(
  SERVICES.authority,
  hostAt('anycast', { tcp: { 53: { loopbackPort: await listenDns(sockets, names) } } }),
)

for (const port of [53, 80, 443]) {
  const address = port === 53 ? SERVICES.authority : '::'
  const listener = createServer({ noDelay: true, pauseOnConnect: false }, (socket) => {
    socket.on('error', () => {})
    const { to } = flowOf(socket)
    const target = directory.find(to.address, '')?.tcp(port)
    const server = target && sockets.serverAt(target.loopbackPort)
    if (server === undefined) socket.resetAndDestroy()
    else server.emit('connection', socket)
  })
  listener.listen(port, address)
  await once(listener, 'listening')
}
await bindUdp(SERVICES.authority, 53, dnsOverUdp(names))
const relays = SPEC.relays.flatMap((relay, index) => [...relayAddresses(relay, index, SPEC)])
for (const address of [...relays, ...Object.values(RELAY_V6)]) {
  for (const port of STUN_PORTS) await bindUdp(address, port, stun)
}
await writeFile(join(folder, 'roots.pem'), authority.root)
process.stdout.write('ready\n')
