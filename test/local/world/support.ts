import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { type ConnectionOptions, connect as connectTls, type DetailedPeerCertificate } from 'node:tls'
import { type DecodedPacket, decode, encode, type Packet } from 'dns-packet'
import { SocksClient } from 'socks'
import { onTestFinished } from 'vitest'
import type { EndpointSetRecord, NetworkSpec, OfficeSpec, WorldSpec } from '../../../src/local/world/spec.ts'
import { startWorld, type World } from '../../../src/local/world/world.ts'

const set = (id: number, urls: string[], ips: string[], category = 'Optimize'): EndpointSetRecord => ({
  id,
  serviceArea: id === 31 ? 'SharePoint' : id === 1 ? 'Exchange' : 'Common',
  urls,
  ips,
  tcpPorts: '80,443',
  category,
  required: true,
})

/** A cut of Microsoft's list: one set of each kind that a world treats on its own. */
export const LIST: readonly EndpointSetRecord[] = [
  set(
    1,
    ['outlook.office365.com', 'outlook.office.com', 'outlook.cloud.microsoft'],
    ['52.96.0.0/14', '2603:1006::/40'],
  ),
  set(12, ['*.teams.microsoft.com', 'teams.microsoft.com'], ['13.107.64.0/18', '52.112.0.0/14'], 'Allow'),
  set(31, ['*.sharepoint.com'], ['13.107.136.0/22']),
  set(56, ['login.microsoftonline.com'], ['20.20.32.0/19'], 'Allow'),
  {
    id: 147,
    serviceArea: 'Common',
    urls: ['*.office.com'],
    tcpPorts: '80,443',
    category: 'Default',
    required: true,
  },
]

export const SEATTLE_RESOLVER = '198.51.100.5'

export const network = (changes: Partial<NetworkSpec> = {}): NetworkSpec => ({
  interfaces: [{ name: 'eth0', address: '10.4.0.20' }],
  egress: ['203.0.113.2'],
  resolvers: [SEATTLE_RESOLVER],
  ...changes,
})

export const office = (changes: Partial<NetworkSpec> = {}, rest: Partial<OfficeSpec> = {}): OfficeSpec => ({
  name: 'Seattle',
  latitude: 47.61,
  longitude: -122.33,
  timeZone: 'America/Los_Angeles',
  registered: { egress: ['203.0.113.0/28'], resolvers: [] },
  acceptedDoors: [],
  attested: ['network-plan'],
  network: network(changes),
  runners: [{ name: 'seattle-1' }],
  truth: { 'local-egress': 'pass' },
  ...rest,
})

/** One office in Seattle, one resolver there and one in London, a door and a relay at each end. */
export const smallWorld = (changes: Partial<WorldSpec> = {}): WorldSpec => ({
  name: 'small',
  tenant: 'contoso',
  offices: [office()],
  resolvers: [
    { address: SEATTLE_RESOLVER, place: 'Seattle', id: 'sea1' },
    { address: '198.51.100.9', place: 'London' },
  ],
  doors: [
    { code: 'EAT', latitude: 47.4, longitude: -120.21 },
    { code: 'LHR', latitude: 51.47, longitude: -0.45 },
  ],
  edges: [
    { code: 'STB', latitude: 47.61, longitude: -122.33 },
    { code: 'LON', latitude: 51.51, longitude: -0.13 },
  ],
  relays: [
    { region: 'westus2', label: 'usw2-02', latitude: 47.23, longitude: -119.85 },
    { region: 'uksouth', label: 'ukso-04', latitude: 50.94, longitude: -0.8 },
  ],
  places: [{ name: 'London', latitude: 51.51, longitude: -0.13 }],
  beacon: { zone: 'b.world.example', address: '192.0.2.53', silent: '192.0.2.54', place: 'anycast' },
  echo: { address: '192.0.2.90', place: 'anycast' },
  endpoints: { address: '192.0.2.80', place: 'anycast', version: '2026110100', list: LIST },
  placeRows: [
    { cidr: '203.0.113.0/28', latitude: 47.61, longitude: -122.33, label: 'Seattle', owner: 'Cascade' },
  ],
  ...changes,
})

/** Starts a world in a fresh folder; both go when the test ends. */
export const running = async (spec: WorldSpec = smallWorld()): Promise<World> => {
  const folder = await mkdtemp(join(tmpdir(), 'doorstep-world-'))
  const world = await startWorld(spec, folder)
  onTestFinished(async () => {
    await world.close()
    await rm(folder, { recursive: true, force: true })
  })
  return world
}

const proxyOf = (world: World, runner: string) => ({
  host: '127.0.0.1',
  port: world.gateways.get(runner) ?? 0,
  type: 5 as const,
})

/** Connects through a runner's gateway by claimed address. */
export const through = async (
  world: World,
  host: string,
  port: number,
  runner = 'seattle-1',
): Promise<Socket> => {
  const options = { proxy: proxyOf(world, runner), command: 'connect' as const, destination: { host, port } }
  const { socket } = await SocksClient.createConnection(options)
  return socket
}

export interface Association {
  /** Sends one datagram and resolves with the next that comes back. */
  exchange(
    host: string,
    port: number,
    payload: Buffer,
  ): Promise<{ payload: Buffer; from: string; ms: number }>
  /** Where each datagram so far came from, in order. */
  readonly heard: readonly string[]
  /** Sends raw bytes to the relay, framing and all. */
  raw(bytes: Buffer): void
  close(): void
}

export const association = async (world: World, runner = 'seattle-1'): Promise<Association> => {
  const destination = { host: '0.0.0.0', port: 0 }
  const client = new SocksClient({ proxy: proxyOf(world, runner), command: 'associate', destination })
  const established = once(client, 'established')
  client.connect()
  const [{ socket, remoteHost }] = await established
  const udp = createSocket('udp4')
  const raw = (bytes: Buffer): void => udp.send(bytes, remoteHost.port, '127.0.0.1')
  const heard: string[] = []
  udp.on('message', (bytes) => {
    const { remoteHost: from } = SocksClient.parseUDPFrame(bytes)
    heard.push(`${from.host}:${from.port}`)
  })
  const close = (): void => {
    socket.destroy()
    udp.close()
  }
  return {
    heard,
    raw,
    close,
    exchange: async (host, port, payload) => {
      const sent = performance.now()
      raw(SocksClient.createUDPFrame({ remoteHost: { host, port }, data: payload }))
      const [bytes] = await once(udp, 'message')
      const frame = SocksClient.parseUDPFrame(bytes)
      const from = `${frame.remoteHost.host}:${frame.remoteHost.port}`
      return { payload: frame.data, from, ms: performance.now() - sent }
    },
  }
}

const question = (name: string, type: string, more: Packet = {}): Packet => ({
  type: 'query',
  id: 4711,
  flags: 0x0100,
  questions: [{ name, type: type as 'A' }],
  ...more,
})

/** Asks a claimed DNS server over UDP through the gateway. */
export const ask = async (
  world: World,
  name: string,
  type: string,
  options: { server?: string; runner?: string; more?: Packet } = {},
): Promise<DecodedPacket & { ms: number }> => {
  const udp = await association(world, options.runner)
  const packet = encode(question(name, type, options.more))
  const { payload, ms } = await udp.exchange(options.server ?? SEATTLE_RESOLVER, 53, packet)
  udp.close()
  return { ...decode(payload), ms }
}

/** Asks over TCP, framed by hand. */
export const askTcp = async (
  world: World,
  name: string,
  type: string,
  server = SEATTLE_RESOLVER,
): Promise<DecodedPacket> => {
  const socket = await through(world, server, 53)
  const packet = encode(question(name, type))
  socket.write(Buffer.concat([Buffer.from([packet.length >> 8, packet.length & 255]), packet]))
  let held = Buffer.alloc(0)
  for await (const chunk of socket) {
    held = Buffer.concat([held, chunk])
    if (held.length >= 2 && held.length === 2 + held.readUInt16BE(0)) break
  }
  socket.destroy()
  return decode(held.subarray(2))
}

/** `type data` of every answer, TXT strings joined by blanks. */
export const texts = (packet: DecodedPacket): string[] =>
  (packet.answers ?? []).map((record) => {
    if (record.type === 'TXT') return `TXT ${([] as unknown[]).concat(record.data).join(' ')}`
    return 'data' in record ? `${record.type} ${record.data}` : record.type
  })

export interface HttpsAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const parseHttp = (text: string): HttpsAnswer => {
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const [status = '', ...lines] = head.split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  )
  return { status: Number(status.split(' ')[1]), headers, body }
}

const talk = async (socket: Socket, host: string, path: string): Promise<HttpsAnswer> => {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  let text = ''
  for await (const chunk of socket) text += chunk
  return parseHttp(text)
}

export const http = async (world: World, address: string, host: string, path = '/', runner?: string) =>
  talk(await through(world, address, 80, runner), host, path)

export interface TlsLook {
  readonly connectMs: number
  readonly tlsMs: number
  readonly authorized: boolean
  readonly error: string | undefined
  readonly protocol: string | null
  /** Subject names of the chain as sent, leaf first. */
  readonly chain: readonly string[]
  readonly issuers: readonly string[]
  get(path: string): Promise<HttpsAnswer>
}

const names = (certificate: DetailedPeerCertificate, pick: 'subject' | 'issuer'): string[] => {
  const seen = new Set<DetailedPeerCertificate>()
  for (
    let at: DetailedPeerCertificate | undefined = certificate;
    at && !seen.has(at);
    at = at.issuerCertificate
  )
    seen.add(at)
  return [...seen].map((one) => String(one[pick].CN))
}

/** A TLS connection through the gateway, verified against the world's root, open even when that fails. */
export const look = async (
  world: World,
  address: string,
  host: string,
  options: ConnectionOptions & { runner?: string } = {},
): Promise<TlsLook> => {
  const started = performance.now()
  const raw = await through(world, address, 443, options.runner)
  const connected = performance.now()
  const socket = connectTls({
    ca: world.roots,
    ...options,
    socket: raw,
    servername: host,
    rejectUnauthorized: false,
  })
  await once(socket, 'secureConnect')
  const tlsMs = performance.now() - connected
  const certificate = socket.getPeerCertificate(true)
  return {
    connectMs: connected - started,
    tlsMs,
    authorized: socket.authorized,
    error: socket.authorized ? undefined : String(socket.authorizationError),
    protocol: socket.getProtocol(),
    chain: names(certificate, 'subject'),
    issuers: names(certificate, 'issuer'),
    get: (path) => talk(socket, host, path),
  }
}

/** The least of several runs: what timing tests compare (world.md). */
export const least = async (times: number, run: () => Promise<number>): Promise<number> => {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < times; i++) best = Math.min(best, await run())
  return best
}

/** A STUN request with a fixed transaction id. */
export const stunRequest = (type: number): Buffer =>
  Buffer.concat([
    Buffer.from([type >> 8, type & 255, 0, 0]),
    Buffer.from('2112a442', 'hex'),
    Buffer.from('doorstep-999'),
  ])

/** The address in the XOR-MAPPED-ADDRESS of an answer which holds nothing else. */
export const mappedAddress = (packet: Buffer): string => {
  const at = 20 + 4
  const port = packet.readUInt16BE(at + 2) ^ 0x2112
  const address = [...packet.subarray(at + 4, at + 8)].map((byte, i) => byte ^ (packet[4 + i] ?? 0)).join('.')
  return `${address}:${port}`
}
