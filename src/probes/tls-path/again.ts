import type { ProbeContext } from '../../core/probe.ts'
import { least } from '../shared/numbers.ts'
import { quietMoment, series, succeeded } from '../shared/steps.ts'
import { HANDSHAKES, type Handshake, type TlsHost } from './result.ts'
import { dialOf, handshakeOf } from './shake.ts'

/** What a proxy adds to a handshake is at least this much over the TCP time, or half of it (probes.md 1d). */
const SLOW_MS = 20

/** Enough for one that no neighbour and no busy moment disturbed; behind a real proxy they cost this long at most. */
const MORE = 10
const MORE_MS = 3_000

/** Two slow names that stay slow when looked at alone settle it. */
const ENOUGH = 2

/**
 * Handshakes side by side, on a machine that is busy just then, can look as slow as through a proxy. Hosts that do are
 * shaken again, alone, and keep their quickest handshakes; what is really slow stays so.
 */
export async function lookAgain(context: ProbeContext, hosts: readonly TlsHost[]): Promise<TlsHost[]> {
  const settled: TlsHost[] = []
  let slow = 0
  for (const host of hosts) {
    const suspect = slow < ENOUGH && isSlow(host.handshakes) && !context.signal.aborted
    const looked = suspect ? await shakeAlone(context, host) : host
    if (suspect && isSlow(looked.handshakes)) slow += 1
    settled.push(looked)
  }
  return settled
}

async function shakeAlone(context: ProbeContext, host: TlsHost): Promise<TlsHost> {
  if (host.host === null || host.address === null) return host
  const dial = { ...dialOf(host.host, host.address), smallHello: host.smallHelloOnly }
  const { clock, tcp } = context.ports
  const until = clock.monotonic() + MORE_MS
  let handshakes = host.handshakes
  for (let left = MORE; left > 0 && isSlow(handshakes) && clock.monotonic() < until; left--) {
    await quietMoment(clock, context.signal)
    const more = succeeded(await series(1, context.signal, () => tcp.handshake(dial, context.signal)))
    if (more.length === 0) break
    handshakes = quickest([...handshakes, ...more.map(handshakeOf)])
  }
  return { ...host, handshakes }
}

function isSlow(handshakes: readonly Handshake[]): boolean {
  const tcpMs = least(handshakes.map((one) => one.tcpMs))
  const tlsMs = least(handshakes.map(perRoundTrip))
  return tcpMs !== null && tlsMs !== null && tlsMs > tcpMs + Math.max(SLOW_MS, tcpMs / 2)
}

function quickest(handshakes: readonly Handshake[]): Handshake[] {
  return handshakes.toSorted((a, b) => perRoundTrip(a) - perRoundTrip(b)).slice(0, HANDSHAKES)
}

function perRoundTrip(one: Handshake): number {
  return one.tlsMs / one.roundTrips
}
