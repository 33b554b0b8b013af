import type { Socket } from 'node:net'
import type { Endpoint } from './addresses.ts'
import type { Flow, TcpTarget } from './directory.ts'
import type { Sockets } from './listening.ts'
import { join, reset } from './pipe.ts'
import type { Route, Routes } from './routes.ts'
import { REPLY } from './socks.ts'
import type { InspectorCa, Outcome, TransparentProxySpec } from './spec.ts'
import type { Timers } from './timers.ts'

const REPLY_OF: Readonly<Record<Exclude<Outcome, 'open' | 'reset'>, number>> = {
  refused: REPLY.refused,
  'host-unreachable': REPLY.hostUnreachable,
  'network-unreachable': REPLY.networkUnreachable,
  silence: REPLY.timeout,
}

/** What dialling needs of its world. */
export interface Dialling {
  readonly sockets: Sockets
  readonly timers: Timers
  readonly random: () => number
  /** How long a destination that never answers is waited for, in ms. */
  readonly silenceMs: number
  /** The loopback server of an inspecting proxy. */
  inspector(ca: InspectorCa, chain: 'full' | 'leaf', routes: Routes): Promise<TcpTarget>
}

/** An open way: `attach` joins a socket to what was dialled. */
export type Dialled =
  | { readonly ok: true; readonly flow: Flow; readonly attach: (near: Socket) => void }
  | { readonly ok: false; readonly reply: number }

/** Reports whether connecting gets anywhere; waits as long as finding out takes. */
const outcome = async (world: Dialling, route: Route): Promise<number> => {
  if (route.outcome === 'open' || route.outcome === 'reset') return REPLY.succeeded
  const local = route.outcome === 'network-unreachable'
  await world.timers.sleep(route.outcome === 'silence' ? world.silenceMs : local ? 0 : route.rttMs)
  return REPLY_OF[route.outcome]
}

const pathOf = (world: Dialling, route: Route, rttMs: number) => ({
  oneWayMs: rttMs / 2,
  jitterMs: route.jitterMs,
  loss: route.loss,
  mbps: route.mbps,
  random: world.random,
  timers: world.timers,
})

const resetting = (world: Dialling, route: Route): Dialled => ({
  ok: true,
  flow: route.flow,
  attach: (near) => {
    near.once('data', () => world.timers.after(route.rttMs, () => reset(near)))
    near.resume()
  },
})

/** Connects along a route as if no proxy stood in it. The answer comes after the route's round trip. */
export const dialDirect = async (world: Dialling, route: Route): Promise<Dialled> => {
  const reply = await outcome(world, route)
  if (reply !== REPLY.succeeded) return { ok: false, reply }
  const target = route.host?.tcp(route.flow.to.port)
  const arrival = world.timers.sleep(route.rttMs)
  if (route.outcome === 'reset') {
    await arrival
    return resetting(world, route)
  }
  if (target === undefined) return { ok: false, reply: REPLY.refused }
  const far = await world.sockets.open(target, route.flow)
  await arrival
  const options = { ...pathOf(world, route, route.rttMs), largestHello: target.largestHello }
  return { ok: true, flow: route.flow, attach: (near) => join(near, far, options) }
}

/** A proxy that ends TCP: it accepts at once and only then dials on, so the first bytes wait for its own connect. */
const dialTerminated = async (
  world: Dialling,
  route: Route,
  proxy: TransparentProxySpec,
): Promise<Dialled> => {
  await world.timers.sleep(proxy.rttMs)
  const attach = (near: Socket): void => {
    near.pause()
    void dialDirect(world, route).then((onward) => {
      if (onward.ok) onward.attach(near)
      else reset(near)
    })
  }
  return { ok: true, flow: route.flow, attach }
}

const dialInspected = async (
  world: Dialling,
  route: Route,
  proxy: TransparentProxySpec,
  routes: Routes,
): Promise<Dialled> => {
  const arrival = world.timers.sleep(proxy.rttMs)
  const target = await world.inspector(proxy.ca ?? 'imitates-genuine', proxy.chain ?? 'full', routes)
  const far = await world.sockets.open(target, route.flow)
  await arrival
  return { ok: true, flow: route.flow, attach: (near) => join(near, far, pathOf(world, route, proxy.rttMs)) }
}

const WORD_OF = {
  403: '403 Forbidden\r\nServer: squid/6.10',
  407: '407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="world"',
} as const

/** A proxy that answers in plain HTTP whatever it is asked, and dials nowhere. */
const dialRefused = async (
  world: Dialling,
  { flow }: Route,
  { rttMs, refusesWith = 407 }: TransparentProxySpec,
): Promise<Dialled> => {
  await world.timers.sleep(rttMs)
  const word = `HTTP/1.1 ${WORD_OF[refusesWith]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
  const attach = (near: Socket): void => {
    near.once('data', () => world.timers.after(rttMs, () => near.end(word)))
    near.resume()
  }
  return { ok: true, flow, attach }
}

/** Connects to a claimed endpoint the way this network's packets go, proxies on the path included. */
export const dial = (world: Dialling, routes: Routes, to: Endpoint): Promise<Dialled> => {
  const route = routes.route(to, 'tcp')
  const { proxy } = route
  if (proxy === undefined) return dialDirect(world, route)
  if (proxy.kind === 'refusing') return dialRefused(world, route, proxy)
  return proxy.kind === 'terminating'
    ? dialTerminated(world, route, proxy)
    : dialInspected(world, route, proxy, routes)
}
