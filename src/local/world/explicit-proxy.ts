import type { Server } from 'node:http'
import { isIP, Socket } from 'node:net'
import { createServer } from '../../net/node-http.ts'
import { type Dialled, type Dialling, dial } from './dial.ts'
import type { Flow } from './directory.ts'
import { join, reset } from './pipe.ts'
import type { Ask } from './resolvers.ts'
import type { Routes } from './routes.ts'
import { REPLY } from './socks.ts'
import type { ExplicitProxySpec } from './spec.ts'

/** Port of a CONNECT that names none (RFC 9110 9.3.6 wants one; clients that leave it out mean HTTPS). */
const HTTPS = 443

/** What a proxy needs: the ways out of its office, and its own resolver. */
export interface ProxyWorld extends Dialling {
  readonly routes: Routes
  readonly ask: Ask
}

const resolve = async (
  world: ProxyWorld,
  proxy: ExplicitProxySpec,
  host: string,
): Promise<string | undefined> => {
  if (isIP(host) !== 0) return host
  const response = await world.ask(
    {
      id: 0,
      name: host,
      type: 'A',
      typeNumber: 1,
      chaos: false,
      recursionDesired: true,
      edns: undefined,
      subnet: undefined,
      proto: 'udp',
    },
    proxy.address,
  )
  for (const record of response?.answers ?? []) if (record.type === 'A') return record.data
  return undefined
}

const open = async (
  world: ProxyWorld,
  proxy: ExplicitProxySpec,
  flow: Flow,
  authority: string,
): Promise<Dialled> => {
  const [host = '', port = `${HTTPS}`] = authority.split(':')
  const address = await resolve(world, proxy, host)
  if (address === undefined) return { ok: false, reply: REPLY.hostUnreachable }
  const to = { address, port: Number(port) }
  if (proxy.inspects === undefined) return dial(world, world.routes, to)
  const target = await world.inspector(proxy.inspects, 'full', world.routes)
  const far = await world.sockets.open(target, { ...flow, to })
  const attach = (near: Socket): void =>
    join(near, far, { oneWayMs: 0, random: world.random, timers: world.timers })
  return { ok: true, flow, attach }
}

/** An HTTP CONNECT proxy (RFC 9110 9.3.6): no caching, no plain requests. */
export const explicitProxy = (world: ProxyWorld, proxy: ExplicitProxySpec): Server => {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(proxy.refusesWith ?? 501, { Server: 'world-proxy/1.0', 'Content-Length': 0 })
    response.end()
  })
  server.on('connect', (request, near, head) => {
    const flow = world.sockets.flowOf(request.socket)
    const refuse = (status: string): void => {
      near.end(`HTTP/1.1 ${status}\r\nServer: world-proxy/1.0\r\nContent-Length: 0\r\n\r\n`)
    }
    if (!(near instanceof Socket) || flow === undefined) near.destroy()
    else if (proxy.refusesWith === 407)
      refuse('407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="world"')
    else if (proxy.refusesWith === 403) refuse('403 Forbidden')
    else {
      open(world, proxy, flow, request.url ?? '').then(
        (dialled) => {
          if (!dialled.ok) return refuse('502 Bad Gateway')
          near.write('HTTP/1.1 200 Connection established\r\nVia: 1.1 world-proxy\r\n\r\n')
          if (head.length > 0) near.unshift(head)
          dialled.attach(near)
        },
        () => reset(near),
      )
    }
  })
  return server
}
