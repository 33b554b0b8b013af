import type { Measurement } from '../../src/core/measurement.ts'
import type { EgressResult } from '../../src/probes/egress/result.ts'
import { FLOWS } from '../../src/probes/egress/result.ts'
import { type FrontDoorResult, QUERIES } from '../../src/probes/front-door/result.ts'
import { CACHED_TIMES, type ResolverIdentityResult } from '../../src/probes/resolver-identity/result.ts'
import { type RttResult, TCP_TIMES, TLS_TIMES } from '../../src/probes/rtt/result.ts'
import { atOnceFor } from '../../src/probes/shared/steps.ts'
import type { TlsPathResult } from '../../src/probes/tls-path/result.ts'
import { type Part, type Row, round } from './numbers.ts'

/** A check as the hub stored it, and how long it took from the message to the final card. */
export interface Checked {
  readonly office: string
  readonly wholeMs: number
  readonly measurements: readonly Measurement[]
}

/** Hosts that `tls-path` looks at side by side. */
const HOSTS_AT_ONCE = 5

/**
 * What of a whole check is round trips that its probes cannot do without. Each kind of trip is counted at the least time
 * that the same check measured for it: R the resolver from its cache, U a name it has to ask for, T the relay, D the
 * door, E the edge; a(x) is how many tries are in flight on a path of x (one, or four above 100 ms). One after another:
 *
 *   resolver-identity  U (system and first names) + U (read back) + 3 U (alone) + (1 + 5/a(R)) R
 *   egress             R (system) + R (each server) + (2 alone, 1 together) T
 *   front-door         R + (1 + 3/a(R)) R + 3 D (connect, handshake, answer) + R + 3 E + (1 + 2/a(E)) E
 *   rtt                R + R + (1 + 7/a(D)) D + 2 (1 + 3/a(D)) D (connect and handshake)
 *   tls-path           of all hosts, five at once: R + (1 + those kept) (connect + handshake), each host's own least
 *
 * A probe without a formula here counts with its own time on neither side.
 */
export function measureTrips(checks: readonly Checked[]): Part {
  const all = checks.flatMap((check) => {
    const trips = tripsOf(check.measurements)
    return trips === null ? [] : [{ check, trips }]
  })
  const rows = all.map(({ check, trips }): Row => {
    const cannot = sum(Object.values(trips).map(({ leastMs }) => leastMs))
    const took = sum(Object.values(trips).map(({ tookMs }) => tookMs))
    return {
      what: `check office ${check.office}, against the round trips it cannot do without`,
      measured: `${seconds(took)} for ${seconds(cannot)} of round trips (${round(took / cannot)} x); whole ${seconds(check.wholeMs)}`,
      budget: '',
    }
  })
  return {
    rows,
    numbers: {
      roundTrips: all.map(({ check, trips }) => ({ office: check.office, wholeMs: check.wholeMs, trips })),
    },
  }
}

const seconds = (ms: number): string => `${round(ms / 1_000)} s`
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const least = (values: readonly number[]): number => Math.min(...values)
/** How many turns so many tries take on a path of `ms`. */
const turns = (times: number, ms: number): number => Math.ceil(times / atOnceFor(ms))

type Trips = Readonly<Record<string, { readonly leastMs: number; readonly tookMs: number }>>

/** By probe; null for a check in which something was not measured, for then there is nothing to count with. */
function tripsOf(measurements: readonly Measurement[]): Trips | null {
  const resultsOf = <R>(probe: string): readonly R[] =>
    measurements.flatMap((one) => (one.probe === probe && one.outcome.ok ? [one.outcome.result as R] : []))
  const resultOf = <R>(probe: string): R | undefined => resultsOf<R>(probe)[0]
  const resolver = resultOf<ResolverIdentityResult>('resolver-identity')
  const egress = resultOf<EgressResult>('egress')
  // The door and the edge are two measurements.
  const doors = resultsOf<FrontDoorResult>('front-door')
  const rtt = resultOf<RttResult>('rtt')
  // Its hosts are spread over several measurements, one after another.
  const tls = resultsOf<TlsPathResult>('tls-path')
  if (!resolver || !egress || doors.length === 0 || !rtt || tls.length === 0) return null

  const R = least(resolver.direct.flatMap(({ cachedMs }) => cachedMs))
  const U = least(
    resolver.direct.flatMap(({ asked }) => asked.flatMap((one) => ('ms' in one ? [one.ms] : []))),
  )
  const T = least(egress.flows.flatMap(({ ms }) => ms ?? []))
  const D = least(rtt.hosts.flatMap(({ timed }) => timed.flatMap(({ tcpMs }) => tcpMs)))
  const edges = doors.flatMap(({ edges: own }) => own.flatMap(({ tcpMs }) => tcpMs))
  const E = least(edges)
  if (![R, U, T, D].every(Number.isFinite)) return null

  const together = egress.flows.length > 2 ? 1 : 0
  const ofHosts = ({ hosts }: TlsPathResult): number => {
    const each = hosts.map(({ handshakes }) => {
      if (handshakes.length === 0) return R
      return R + (1 + handshakes.length) * least(handshakes.map(({ tcpMs, tlsMs }) => tcpMs + tlsMs))
    })
    return Math.max(...each, sum(each) / HOSTS_AT_ONCE)
  }
  const leastMs: Readonly<Record<string, number>> = {
    'resolver-identity': 5 * U + (1 + turns(CACHED_TIMES, R)) * R,
    egress: 2 * R + (Math.min(2, FLOWS) + together) * T,
    'front-door':
      R + (1 + turns(QUERIES, R)) * R + 3 * D + (edges.length > 0 ? R + 3 * E + (1 + turns(2, E)) * E : 0),
    rtt: 2 * R + (1 + turns(TCP_TIMES, D)) * D + 2 * (1 + turns(TLS_TIMES, D)) * D,
    'tls-path': sum(tls.map(ofHosts)),
  }
  return Object.fromEntries(
    Object.entries(leastMs).map(([probe, ms]) => [
      probe,
      {
        leastMs: round(ms),
        tookMs: round(sum(measurements.flatMap((one) => (one.probe === probe ? [one.durationMs] : [])))),
      },
    ]),
  )
}
