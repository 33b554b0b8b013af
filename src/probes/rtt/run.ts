import { done, type Failure, type Outcome } from '../../core/failure.ts'
import type { ProbeParams } from '../../core/measurement.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { canonical, familyOf } from '../shared/address.ts'
import { dialable } from '../shared/doors.ts'
import { askOver6, groupsByFamily, serversWith6 } from '../shared/families.ts'
import { askServers, askSystem } from '../shared/lookup.ts'
import { askNat64For } from '../shared/nat64.ts'
import { round2 } from '../shared/numbers.ts'
import { failures, steadied, succeeded, type warmed } from '../shared/steps.ts'
import { distinctTargets } from '../shared/targets.ts'
import {
  type AddressTimed,
  type HostTimed,
  MAX_DOORS,
  MAX_HOSTS,
  type RttResult,
  TCP_TIMES,
  TLS_TIMES,
} from './result.ts'

const CONNECT_TIMEOUT_MS = 3_000

/** A handshake is two round trips; beyond ten, and what one lost packet costs, nobody answers. */
const HANDSHAKE_TIMEOUT_MS = 2_000
const HANDSHAKE_ROUND_TRIPS = 10

/**
 * Times one address per door, one at a time, since what runs beside it would be in the numbers; on slow paths, where that
 * does not show, several at once.
 */
export async function run(params: ProbeParams, context: ProbeContext): Promise<Outcome<RttResult>> {
  const hosts: HostTimed[] = []
  for (const { host } of distinctTargets(params.targets).slice(0, MAX_HOSTS)) {
    hosts.push(await timeHost(context, host))
  }
  const addresses = hosts.flatMap(({ timed }) => timed.map(({ address }) => address))
  const servers = hosts.flatMap(({ answers }) => serversWith6(answers))
  return done({ hosts, nat64: await askNat64For(context, addresses, servers) })
}

async function timeHost(context: ProbeContext, host: string): Promise<HostTimed> {
  const system4 = await askSystem(context, host)
  const answers4 = await askServers(context, host, 1, 0)
  const over6 = await askOver6(context, host, 1, 0)
  const system = [...system4, ...over6.system]
  const answers = [...answers4, ...over6.answers]
  const timed: AddressTimed[] = []
  // Doors that applications get come first, should there be more than are timed.
  const groups = groupsByFamily({ system, answers }).toSorted(
    (a, b) => Number(b.bySystem) - Number(a.bySystem),
  )
  for (const [address] of groups.map(dialable)) {
    const ofFamily = timed.filter((one) => familyOf(one.address) === familyOf(address ?? ''))
    const known = ofFamily.length >= MAX_DOORS || timed.some((one) => one.address === address)
    if (address !== undefined && !known) timed.push(await timeAddress(context, host, address))
  }
  return { target: host, system, answers, timed, source6: await sourceTowards6(context, timed) }
}

/** The host's own address towards IPv6, which tells a broken way from none; finding it sends nothing. */
async function sourceTowards6(context: ProbeContext, timed: readonly AddressTimed[]): Promise<string | null> {
  const to = timed.find(({ address }) => familyOf(address) === 6)?.address
  if (to === undefined) return null
  const source = await context.ports.host.sourceTowards(to, context.signal)
  return source.ok ? canonical(source.result) : null
}

async function timeAddress(context: ProbeContext, host: string, address: string): Promise<AddressTimed> {
  const { tcp } = context.ports
  const connect = { address, port: 443, timeoutMs: CONNECT_TIMEOUT_MS }
  const connects = await steadied(
    TCP_TIMES,
    context,
    () => tcp.connect(connect, context.signal),
    ({ ms }) => ms,
  )
  const connected = succeeded(connects.tried)
  const tcpFailures = failuresOf(connects)
  if (connected.length === 0) return { address, tcpMs: [], tcpFailures, tls: [], tlsFailures: [] }
  const tcpMs = connected.map(({ ms }) => round2(ms))
  const timeoutMs = HANDSHAKE_TIMEOUT_MS + HANDSHAKE_ROUND_TRIPS * Math.min(...tcpMs)
  const handshake = { address, port: 443, timeoutMs, host }
  const handshakes = await steadied(
    TLS_TIMES,
    context,
    () => tcp.handshake(handshake, context.signal),
    ({ tlsMs }) => tlsMs,
  )
  return {
    address,
    tcpMs,
    tcpFailures,
    tls: succeeded(handshakes.tried).map((one) => ({ ms: round2(one.tlsMs), roundTrips: one.roundTrips })),
    tlsFailures: failuresOf(handshakes),
  }
}

function failuresOf<R>({ first, tried }: Awaited<ReturnType<typeof warmed<R>>>): Failure[] {
  return failures(first === undefined ? tried : [first, ...tried])
}
