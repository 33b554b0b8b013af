import { done, failed, type Outcome } from '../../core/failure.ts'
import type { ProbeParams, Target } from '../../core/measurement.ts'
import type { TlsSeen } from '../../core/ports.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { familyOf, isPublic } from '../shared/address.ts'
import {
  addressesOf,
  askServers,
  SYSTEM_TIMEOUT_MS,
  type SystemSample,
  systemSample,
} from '../shared/lookup.ts'
import { askNat64For } from '../shared/nat64.ts'
import { round2 } from '../shared/numbers.ts'
import { eachLimited, series, succeeded, type Tried } from '../shared/steps.ts'
import { concreteHost, distinctTargets } from '../shared/targets.ts'
import { lookAgain } from './again.ts'
import { HANDSHAKES, MAX_HOSTS, type TlsHost, type TlsPathResult } from './result.ts'
import { chainOf, type RootSets, rootSets } from './roots.ts'
import { firstHandshake, handshakeOf } from './shake.ts'

/** Handshakes of five hosts side by side disturb each other's times by less than the 20 ms they are judged by. */
const HOSTS_AT_ONCE = 5

const REQUEST_TIMEOUT_MS = 5_000

/**
 * Above this a first handshake shows a slow path (a backhaul over 60 ms): two more in place of three, so that ten hosts
 * behind 150 ms are done in three seconds.
 */
const SLOW_FIRST_MS = 250
const HANDSHAKES_WHEN_SLOW = 2

/** The set of Exchange's Optimize names, whose CNAME chain names the door. */
const EXCHANGE_SET = 1

/** Looks at every host; trouble with one is its own. */
export async function run(params: ProbeParams, context: ProbeContext): Promise<Outcome<TlsPathResult>> {
  const targets = distinctTargets(params.targets).slice(0, MAX_HOSTS)
  const roots = rootSets(context.settings)
  const looked = await eachLimited(targets, HOSTS_AT_ONCE, (target) => lookAt(context, target, roots))
  const hosts = await lookAgain(context, looked)
  const unnamed = hosts.length > 0 && hosts.every((one) => one.host === null)
  if (unnamed) return failed('not-configured', 'no tenant')
  const addresses = hosts.flatMap(({ address, system }) => [
    ...(address === null ? [] : [address]),
    ...addressesOf([system], []),
  ])
  return done({ hosts, nat64: await askNat64For(context, addresses) })
}

async function lookAt(context: ProbeContext, target: Target, roots: RootSets): Promise<TlsHost> {
  const host = concreteHost(target.host, context.settings.tenant)
  const none = {
    target: target.host,
    host,
    address: null,
    lastName: null,
    chain: null,
    handshakes: [],
    failure: null,
    smallHelloOnly: false,
    http: null,
  }
  if (host === null) return { ...none, system: { failure: 'not-configured' } }
  if (context.signal.aborted) return { ...none, system: { failure: 'deadline-passed' } }
  const system = await lookUp(context, host)
  const looked = await shakeAt(context, target, host, system, roots)
  if (looked === null) return { ...none, system }
  // A host that has no route to IPv4 at all may have one to the name's IPv6 address.
  const elsewhere = looked.shaken.failure === 'network-unreachable' ? await lookUp6(context, host) : null
  const over6 = elsewhere === null ? null : await shakeAt(context, target, host, elsewhere, roots)
  const { address, shaken, lastName } = over6 === null || over6.shaken.chain === null ? looked : over6
  // Behind a verified chain nobody but Microsoft can answer, so a proxy's status can only come where it did not verify.
  const asked = shaken.chain !== null && !shaken.chain.verified
  const http = asked ? await getRoot(context, host, address) : null
  return { ...none, system, address, lastName, ...shaken, http }
}

/** IPv4, and IPv6 where there is none: getaddrinfo does not tell "no such record" from "no such name". */
async function lookUp(context: ProbeContext, host: string): Promise<SystemSample> {
  const { dns } = context.ports
  const first = await dns.systemLookup(host, 4, SYSTEM_TIMEOUT_MS, context.signal)
  if (first.ok || (first.failure !== 'dns-empty' && first.failure !== 'dns-nxdomain'))
    return systemSample(first)
  const second = await dns.systemLookup(host, 6, SYSTEM_TIMEOUT_MS, context.signal)
  return systemSample(second.ok ? second : first)
}

async function lookUp6(context: ProbeContext, host: string): Promise<SystemSample> {
  return systemSample(await context.ports.dns.systemLookup(host, 6, SYSTEM_TIMEOUT_MS, context.signal))
}

/** The handshakes with the first public address of a sample, and the name that led to it; null when it has none. */
async function shakeAt(
  context: ProbeContext,
  target: Target,
  host: string,
  system: SystemSample,
  roots: RootSets,
): Promise<{ address: string; shaken: Shaken; lastName: string | null } | null> {
  const address = 'addresses' in system ? system.addresses.find(isPublic) : undefined
  if (address === undefined) return null
  const [shaken, lastName] = await Promise.all([
    shakeHands(context, host, address, roots),
    target.set === EXCHANGE_SET ? lastNameOf(context, host, address) : null,
  ])
  return { address, shaken, lastName }
}

/** The last name of the chain by which a configured server leads to this very address. */
async function lastNameOf(context: ProbeContext, host: string, address: string): Promise<string | null> {
  const answers = await askServers(context, host, 1, 0, familyOf(address) === 6 ? 'AAAA' : 'A')
  const same = answers.find((one) => 'chain' in one && one.addresses.includes(address))
  return same !== undefined && 'chain' in same ? (same.chain.at(-1) ?? null) : null
}

type Shaken = Pick<TlsHost, 'chain' | 'handshakes' | 'failure' | 'smallHelloOnly'>

async function shakeHands(
  context: ProbeContext,
  host: string,
  address: string,
  roots: RootSets,
): Promise<Shaken> {
  const { first, shake, smallHelloOnly } = await firstHandshake(context, host, address)
  if (!first.ok) return { chain: null, handshakes: [], failure: first.failure, smallHelloOnly }
  const slow = first.result.tcpMs + first.result.tlsMs > SLOW_FIRST_MS
  const times = slow ? HANDSHAKES_WHEN_SLOW : HANDSHAKES
  const tried: Tried<TlsSeen>[] = await series(times, context.signal, () => shake())
  const more = succeeded(tried)
  // One handshake in several that does not verify is the one to tell of.
  const telling = [first.result, ...more].find((one) => !one.verified) ?? first.result
  return {
    chain: chainOf(telling, host, roots),
    handshakes: (more.length > 0 ? more : [first.result]).map(handshakeOf),
    failure: null,
    smallHelloOnly,
  }
}

async function getRoot(context: ProbeContext, host: string, address: string): Promise<TlsHost['http']> {
  const request = { address, port: 443, timeoutMs: REQUEST_TIMEOUT_MS, host, path: '/', tls: true } as const
  const outcome = await context.ports.tcp.request({ ...request, method: 'GET' }, context.signal)
  if (!outcome.ok) return { failure: outcome.failure }
  const { status, headers, ms } = outcome.result
  const server = Object.entries(headers).find(([name]) => name.toLowerCase() === 'server')?.[1]
  return { status, server: server?.slice(0, 100) ?? null, ms: round2(ms) }
}
