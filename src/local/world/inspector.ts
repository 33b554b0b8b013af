import { connect, createSecureContext, createServer, type TLSSocket } from 'node:tls'
import { type Authority, inspectorAuthority } from './certificates.ts'
import type { Dialling } from './dial.ts'
import type { Flow, TcpTarget } from './directory.ts'
import { join, reset } from './pipe.ts'
import type { Route, Routes } from './routes.ts'
import type { InspectorCa } from './spec.ts'
import { sniCallback, tlsContexts } from './tls-contexts.ts'

/** Certificates for a client that names no host: there is no name to copy. */
const NAMELESS = 'inspected.invalid'

/** Inspecting proxies, made when the first flow needs one. */
export interface Inspectors {
  /** The authority of an inspector, one per name, so that `systemRoots` can hold its root. */
  authority(ca: InspectorCa): Authority
  target(ca: InspectorCa, chain: 'full' | 'leaf', routes: Routes): Promise<TcpTarget>
}

/** The proxy believes whatever it meets: what it hides from its clients is the point of it. */
const BELIEVING = createSecureContext({ ca: [] })

/** Opens the far side as the proxy does: TCP and TLS of its own, each a round trip, before the first byte passes. */
const onward = async (world: Dialling, route: Route, host: string): Promise<TLSSocket | undefined> => {
  const target = route.outcome === 'open' ? route.host?.tcp(route.flow.to.port) : undefined
  await world.timers.sleep(2 * route.rttMs)
  if (target === undefined) return undefined
  const socket = await world.sockets.open(target, route.flow)
  const options = { socket, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'], secureContext: BELIEVING }
  return world.sockets.keep(connect(host === '' ? options : { ...options, servername: host }))
}

const startInspector = async (
  world: Dialling,
  authority: Authority,
  chain: 'full' | 'leaf',
  routes: Routes,
): Promise<TcpTarget> => {
  const contexts = tlsContexts(authority, chain)
  const fallback = authority.issue(NAMELESS)
  const relay = async (near: TLSSocket, flow: Flow): Promise<void> => {
    near.pause()
    const route = { ...routes.route(flow.to, 'tcp'), flow }
    const host = typeof near.servername === 'string' ? near.servername : ''
    const far = await onward(world, route, host)
    if (far === undefined) near.destroy()
    else join(near, far, { oneWayMs: route.rttMs / 2, random: world.random, timers: world.timers })
  }
  const server = createServer(
    {
      ALPNProtocols: ['http/1.1'],
      key: fallback.key,
      cert: `${fallback.certificate}\n${authority.intermediates}`,
      SNICallback: sniCallback(contexts),
    },
    (near) => {
      world.sockets.keep(near)
      const flow = world.sockets.flowOf(near)
      if (flow === undefined) reset(near)
      else relay(near, flow).catch(() => near.destroy())
    },
  )
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return { loopbackPort: await world.sockets.listen(server) }
}

/** @param now in ms since 1970, for the certificates @param issuer the genuine issuer's name, for imitators */
export const createInspectors = (world: () => Dialling, now: number, issuer?: string): Inspectors => {
  const authorities = new Map<string, Authority>()
  const targets = new Map<string, Promise<TcpTarget>>()
  const ids = new Map<Routes, number>()
  const authority = (ca: InspectorCa): Authority => {
    const key = JSON.stringify(ca)
    const made = authorities.get(key) ?? inspectorAuthority(ca, now, issuer)
    authorities.set(key, made)
    return made
  }
  return {
    authority,
    target: (ca, chain, routes) => {
      const id = ids.get(routes) ?? ids.size
      ids.set(routes, id)
      const key = `${id}|${chain}|${JSON.stringify(ca)}`
      const made = targets.get(key) ?? startInspector(world(), authority(ca), chain, routes)
      targets.set(key, made)
      return made
    },
  }
}
