import { done, failed, type Outcome } from '../../core/failure.ts'
import type { ProbeParams } from '../../core/measurement.ts'
import type { HttpSeen } from '../../core/ports.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { isPublic } from '../shared/address.ts'
import { dialable } from '../shared/doors.ts'
import { askOver6, groupsByFamily, serversWith6 } from '../shared/families.ts'
import {
  addressesOf,
  askServers,
  askSystem,
  SYSTEM_TIMEOUT_MS,
  type SystemSample,
  systemSample,
} from '../shared/lookup.ts'
import { askNat64For } from '../shared/nat64.ts'
import { distinct, round2 } from '../shared/numbers.ts'
import { eachLimited, isTimeout, succeeded, warmed } from '../shared/steps.ts'
import { concreteHost, distinctTargets, isSharePoint } from '../shared/targets.ts'
import { edgeCode, firstHopCode } from './headers.ts'
import {
  type DoorHost,
  type EdgeHost,
  type FrontDoorResult,
  MAX_HOSTS,
  QUERIES,
  type Visit,
} from './result.ts'

/** Answers 401 without a sign-in and still carries the front door's headers (domain.md 6.2 H7). */
const EXCHANGE_PATH = '/owa/service.svc'

const ADDRESSES_PER_DOOR = 2
const MAX_VISITS = 16
const EDGE_TRIES = 3

/** Connect, handshake and answer are five round trips at most: enough for 600 ms of path, and one lost packet. */
const REQUEST_TIMEOUT_MS = 5_000
const CONNECT_TIMEOUT_MS = 3_000

/** Two hosts of one tenant: their connects disturb each other by less than a least of three shows (probes.md 1g). */
const EDGES_AT_ONCE = 2

/** Visits are not timed: as many at once as a browser would open. */
const VISITS_AT_ONCE = 4

/** Looks at every target; trouble with one host is that host's own. */
export async function run(params: ProbeParams, context: ProbeContext): Promise<Outcome<FrontDoorResult>> {
  const targets = distinctTargets(params.targets)
  const edgeTargets = targets.filter(isSharePoint).slice(0, MAX_HOSTS)
  const doorTargets = targets.filter((target) => !isSharePoint(target)).slice(0, MAX_HOSTS)
  const unnamed = edgeTargets.every((target) => concreteHost(target.host, context.settings.tenant) === null)
  if (doorTargets.length === 0 && edgeTargets.length > 0 && unnamed)
    return failed('not-configured', 'no tenant')
  // Lookups of two hosts must not take turns: each host has to see the whole rotation of the system's servers.
  const systems: SystemSample[][] = []
  for (const target of doorTargets) systems.push(await askSystem(context, target.host))
  const doors = await Promise.all(
    doorTargets.map((target, index) => lookAtDoors(context, target.host, systems[index] ?? [])),
  )
  const edges = await eachLimited(edgeTargets, EDGES_AT_ONCE, (target) => lookAtEdge(context, target.host))
  const nat64 = await nat64Of(context, doors, edges)
  return done({ doors, edges, nat64 })
}

function nat64Of(context: ProbeContext, doors: readonly DoorHost[], edges: readonly EdgeHost[]) {
  const addresses = [
    ...doors.flatMap(({ system, answers }) => addressesOf(system, answers)),
    ...edges.flatMap(({ system }) => addressesOf([system], [])),
  ]
  return askNat64For(
    context,
    addresses,
    doors.flatMap(({ answers }) => serversWith6(answers)),
  )
}

async function lookAtDoors(context: ProbeContext, host: string, system: SystemSample[]): Promise<DoorHost> {
  const [answers4, over6] = await Promise.all([
    askServers(context, host, QUERIES, 1),
    askOver6(context, host, QUERIES, 1),
  ])
  const both = { system: [...system, ...over6.system], answers: [...answers4, ...over6.answers] }
  const addresses = groupsByFamily(both).flatMap((group) => dialable(group).slice(0, ADDRESSES_PER_DOOR))
  const visits = await eachLimited(distinct(addresses).slice(0, MAX_VISITS), VISITS_AT_ONCE, (address) =>
    visit(context, host, address, EXCHANGE_PATH, firstHopCode),
  )
  return { target: host, ...both, visits }
}

async function lookAtEdge(context: ProbeContext, target: string): Promise<EdgeHost> {
  const host = concreteHost(target, context.settings.tenant)
  if (host === null) {
    return { target, host, system: { failure: 'not-configured' }, visits: [], tcpMs: [] }
  }
  const over4 = await lookAtEdgeOver(context, target, host, 4)
  const { system, visits } = over4
  const none = 'failure' in system && (system.failure === 'dns-empty' || system.failure === 'dns-nxdomain')
  const noWay = visits.every((one) => 'failure' in one && one.failure === 'network-unreachable')
  if (!none && (visits.length === 0 || !noWay)) return over4
  const over6 = await lookAtEdgeOver(context, target, host, 6)
  return over6.visits.some((one) => 'status' in one) ? over6 : over4
}

/** By IPv4 as applications do; by IPv6 where the name has no IPv4 address, or this host no way to one. */
async function lookAtEdgeOver(
  context: ProbeContext,
  target: string,
  host: string,
  family: 4 | 6,
): Promise<EdgeHost> {
  const { dns, tcp } = context.ports
  const system = systemSample(await dns.systemLookup(host, family, SYSTEM_TIMEOUT_MS, context.signal))
  const addresses = addressesOf([system], []).filter(isPublic)
  const [first] = addresses
  if (first === undefined) return { target, host, system, visits: [], tcpMs: [] }
  const tries = Array.from({ length: EDGE_TRIES }, (_, index) => addresses[index % addresses.length] ?? first)
  const visits = await Promise.all(tries.map((address) => visit(context, host, address, '/', edgeCode)))
  // Three silences are enough: what nobody answers costs the check its time.
  if (visits.every((one) => 'failure' in one && isTimeout(one.failure))) {
    return { target, host, system, visits, tcpMs: [] }
  }
  const dial = { address: first, port: 443, timeoutMs: CONNECT_TIMEOUT_MS }
  const connect = () => tcp.connect(dial, context.signal)
  const { first: one, tried } = await warmed(EDGE_TRIES - 1, context.signal, connect, ({ ms }) => ms)
  const connected = succeeded(one === undefined ? [] : [one, ...tried])
  return { target, host, system, visits, tcpMs: connected.map(({ ms }) => round2(ms)) }
}

async function visit(
  context: ProbeContext,
  host: string,
  address: string,
  path: string,
  codeOf: (headers: HttpSeen['headers']) => string | null,
): Promise<Visit> {
  const request = { address, port: 443, timeoutMs: REQUEST_TIMEOUT_MS, host, path, tls: true } as const
  const outcome = await context.ports.tcp.request({ ...request, method: 'GET' }, context.signal)
  if (!outcome.ok) return { address, failure: outcome.failure }
  const { status, headers, ms } = outcome.result
  return { address, status, code: codeOf(headers), ms: round2(ms) }
}
