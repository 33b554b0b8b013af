import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { createServer as createHttp } from '../../net/node-http.ts'
import { type Atlas, nearest } from './atlas.ts'
import type { Authority } from './certificates.ts'
import { type Directory, type Flow, hostAt, type TcpTarget } from './directory.ts'
import type { Sockets } from './listening.ts'
import { doorAddresses, EXCHANGE_NAMES, relayAddresses, sharePointAddresses } from './microsoft-authority.ts'
import { publishedNames } from './microsoft-names.ts'
import type { DoorSpec, FileSpec, Place, TlsSpec, WorldSpec } from './spec.ts'
import { stun } from './stun-server.ts'
import { sniCallback, tlsContexts } from './tls-contexts.ts'

/** Name of the certificate for clients which name no host. */
const DEFAULT_HOST = 'outlook.office365.com'
const STUN_PORTS = [3478, 3479, 3480, 3481] as const

/** What the front doors need of their world. */
export interface FrontDoorWorld {
  readonly spec: WorldSpec
  readonly atlas: Atlas
  readonly directory: Directory
  readonly sockets: Sockets
  readonly authority: Authority
}

type Handler = (request: IncomingMessage, response: ServerResponse, flow: Flow) => void

const send = (response: ServerResponse, status: number, headers: Record<string, string>, body = ''): void => {
  response.writeHead(status, { 'Content-Length': Buffer.byteLength(body), ...headers })
  response.end(body)
}

/** Larger pieces would be made for nothing where the reader goes away. */
const PIECE = Buffer.alloc(65_536)

const sendFile = (response: ServerResponse, file: FileSpec, headers: Record<string, string>): void => {
  response.writeHead(200, {
    ...headers,
    'Content-Type': 'application/octet-stream',
    'Content-Length': file.bytes,
  })
  let left = file.bytes
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      const piece = PIECE.subarray(0, Math.min(left, PIECE.length))
      left -= piece.length
      if (!response.write(piece)) return void response.once('drain', more)
    }
    if (left === 0) response.end()
  }
  more()
}

/** First-hop headers in the form that an anonymous request gets, 401 included. */
const exchange =
  (door: DoorSpec): Handler =>
  (request, response) => {
    const code = door.headerCode ?? door.code
    const report = `https://exo.nel.measure.office.net/api/report?TenantId=&FrontEnd=Cafe&DestinationEndpoint=${code}`
    const front = {
      group: 'NelOfficeUpload1',
      max_age: 7200,
      endpoints: [{ url: report }],
      include_subdomains: true,
    }
    const headers = {
      Server: 'Microsoft-IIS/10.0',
      'request-id': randomUUID(),
      'X-FEEFZInfo': code,
      'X-FEProxyInfo': 'MW4PR03CA0070.NAMPRD03.PROD.OUTLOOK.COM',
      'X-FEServer': 'MW4PR03CA0070',
      'X-FirstHopCafeEFZ': code,
      'Report-To': JSON.stringify(front),
    }
    if (request.url === '/')
      send(response, 302, { ...headers, Location: 'https://outlook.office365.com/owa/' })
    else send(response, 401, headers, 'Unauthorized')
  }

/** Azure Front Door's edge header, `Ref B: STB01EDGE0816`. */
const edge =
  (spec: WorldSpec): Handler =>
  (request, response, flow) => {
    const { code } = nearest(spec.edges, flow.exit)
    const ref = `Ref A: ${randomUUID().replaceAll('-', '').toUpperCase()} Ref B: ${code}01EDGE0816 Ref C: ${new Date().toISOString().slice(0, 19)}Z`
    const headers = { 'X-MSEdge-Ref': ref, 'Content-Type': 'text/plain' }
    const isSharePoint =
      request.headers.host?.toLowerCase().split(':')[0]?.endsWith('.sharepoint.com') === true
    const { file } = spec
    if (isSharePoint && file !== undefined && request.url === file.path) sendFile(response, file, headers)
    else if (isSharePoint) send(response, 302, { ...headers, Location: '/_forms/default.aspx' })
    else send(response, 200, headers, 'ok')
  }

/** Starts the web servers behind Microsoft's addresses, and gives each address its place. */
export const startFrontDoors = async (world: FrontDoorWorld): Promise<void> => {
  const { spec, directory, sockets, authority } = world
  const chains = { full: tlsContexts(authority, 'full'), leaf: tlsContexts(authority, 'leaf') }
  const known = publishedNames(spec.endpoints.list, spec.ipv6)
  const hostFor = (name: string): string =>
    EXCHANGE_NAMES.includes(name) || known.addressesOf(name).length > 0 ? name : DEFAULT_HOST

  const listening =
    (handler: Handler) =>
    (request: IncomingMessage, response: ServerResponse): void => {
      const flow = sockets.flowOf(request.socket)
      request.resume()
      if (flow === undefined) response.destroy()
      else handler(request, response, flow)
    }
  const tls = async (handler: Handler, how: TlsSpec): Promise<TcpTarget> => {
    const contexts = how.incompleteChain ? chains.leaf : chains.full
    // In the options, not by setSecureContext, which would forget versions and curves.
    const fallback = authority.issue(DEFAULT_HOST)
    const server = createHttps(
      {
        ALPNProtocols: ['http/1.1'],
        minVersion: 'TLSv1.2',
        maxVersion: how.onlyTls12 ? 'TLSv1.2' : 'TLSv1.3',
        SNICallback: sniCallback(contexts, hostFor),
        key: fallback.key,
        cert: `${fallback.certificate}\n${authority.intermediates}`,
        ...(how.helloRetry ? { ecdhCurve: 'P-384' } : {}),
      },
      listening(handler),
    )
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    return { loopbackPort: await sockets.listen(server), largestHello: how.largestHello }
  }
  const plain: TcpTarget = {
    loopbackPort: await sockets.listen(
      createHttp(
        listening((request, response) => {
          send(response, 301, {
            Location: `https://${request.headers.host ?? DEFAULT_HOST}${request.url ?? '/'}`,
          })
        }),
      ),
    ),
  }

  for (const [index, door] of spec.doors.entries()) {
    const host = hostAt(door.code, { tcp: { 80: plain, 443: await tls(exchange(door), door.tls ?? {}) } })
    for (const address of doorAddresses(door, index, spec)) directory.add(address, host)
  }
  const edgeTcp = { 80: plain, 443: await tls(edge(spec), {}) }
  const nearestEdge = (exit: Place): string => `edge:${nearest(spec.edges, exit).code}`
  const anycast = hostAt(nearestEdge, { tcp: edgeTcp })
  for (const address of [...sharePointAddresses(spec), ...known.addresses]) directory.add(address, anycast)
  const media = Object.fromEntries(STUN_PORTS.map((port) => [port, stun]))
  for (const [index, relay] of spec.relays.entries()) {
    const host = hostAt(relay.region, { tcp: edgeTcp, udp: media })
    for (const address of relayAddresses(relay, index, spec)) directory.add(address, host)
  }
}
