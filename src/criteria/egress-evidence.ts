import type { Evidence } from '../core/evidence.ts'
import { findingsOf } from '../core/evidence.ts'
import type { Located } from '../core/finding.ts'
import { boundKm, FIBRE_KM_PER_RTT_MS, hairpinLimitMs, isImpossible } from '../core/geography.ts'
import type { Signal } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import { securityVendorOf } from '../core/vendors.ts'
import { provedProxy } from './proxy-evidence.ts'
import { kmText, limitText, msText } from './words.ts'

/** The addresses that the Teams relay saw this runner's flows leave by. */
export function relayFlows(evidence: Evidence, runnerId: string): readonly Located[] {
  return findingsOf(evidence, 'relay-egress-seen', runnerId).flatMap((finding) =>
    finding.args.flows.flatMap((flow) => (flow.from === null ? [] : [flow.from])),
  )
}

/**
 * Reports whether a place is disputed: the flow's own round trip to the relay, which leads by that address, is too short
 * for light to go there. What is said to be at an impossible place is evidence of no distance at all.
 */
export function isDisputed(evidence: Evidence, runnerId: string, at: Located): boolean {
  const { km } = at
  if (km === null) return false
  return findingsOf(evidence, 'relay-egress-seen', runnerId).some((finding) =>
    finding.args.flows.some(
      ({ from, rttMs }) => from?.address === at.address && rttMs !== null && isImpossible(km, rttMs),
    ),
  )
}

/** The cloud security vendor that an address belongs to, by its owner or its place's name; null when to none. */
export function vendorOf(at: Located): string | null {
  return securityVendorOf(at.owner) ?? securityVendorOf(at.label)
}

/** Every flow was seen, and each leaves inside the registered ranges or within `limitKm`. */
export function egressIsLocal(evidence: Evidence, runnerId: string, limitKm: number): boolean {
  const flows = relayFlows(evidence, runnerId)
  return (
    flows.length > 0 && flows.every((flow) => flow.registered || (flow.km !== null && flow.km <= limitKm))
  )
}

/** What edges and round trips say about how far the egress is: never a second geolocation source. */
export interface SecondSignals {
  /** Those that speak for far, and those that speak for near; an edge comes first. */
  readonly far: readonly Signal[]
  readonly near: readonly Signal[]
  /** An edge of Microsoft's is among those for far. */
  readonly edgeFar: boolean
  /** All of them, as they are shown. */
  readonly signals: readonly Signal[]
  /** Only TCP round trips bound the egress, which a terminating proxy could have answered. */
  readonly nearByTcpAlone: boolean
}

interface Timed {
  readonly km: number | null
  readonly minMs: number
}

/**
 * The second signals of an egress whose addresses are at `claimedKm`. Far: the edge of Microsoft's network that took
 * the traffic in is beyond the limit, or a door or edge at a known distance takes longer than its own distance
 * explains and long enough for the claimed place. Near: that edge is within the limit, or some round trip is too short
 * for anything beyond it, or for the claimed place. TCP times count only where no terminating proxy is proved.
 */
export function secondSignals(
  evidence: Evidence,
  runnerId: string,
  claimedKm: number,
  limitKm: number,
): SecondSignals {
  const edges = findingsOf(evidence, 'edge-seen', runnerId).map((finding) => finding.args)
  const edgeKms = edges.flatMap((edge) => (edge.km === null ? [] : [edge.km]))
  const farEdge = edgeKms.find((km) => km > limitKm)
  const nearEdge = edgeKms.find((km) => km <= limitKm)

  const tcp = provedProxy(evidence, runnerId) ? [] : tcpTimes(evidence, runnerId)
  const relay = findingsOf(evidence, 'relay-egress-seen', runnerId).flatMap((finding) =>
    finding.args.flows.flatMap((flow) => (flow.rttMs === null ? [] : [flow.rttMs])),
  )
  const short = (ms: number) => boundKm(ms) <= limitKm || isImpossible(claimedKm, ms)
  const least = Math.min(...relay, ...tcp.map((timed) => timed.minMs))
  const bounded = Number.isFinite(least) && short(least)
  const excess = tcp.find(
    ({ km, minMs }) => km !== null && minMs > hairpinLimitMs(km) && minMs >= claimedKm / FIBRE_KM_PER_RTT_MS,
  )

  const edge = (word: string, km: number): Signal => ({
    name: t`Edge`,
    word,
    says: t`Microsoft took the traffic in ${kmText(km)} away, ${limitText(kmText(limitKm))}.`,
  })
  const roundTrip = (word: string, says: string): Signal => ({ name: t`Round trip`, word, says })
  const edgeFar = farEdge === undefined ? [] : [edge(t`far`, farEdge)]
  const edgeNear = nearEdge === undefined ? [] : [edge(t`near`, nearEdge)]
  const timeFar =
    excess === undefined
      ? []
      : [
          roundTrip(
            t`far`,
            t`${msText(excess.minMs)} at least to a door or edge ${kmText(excess.km ?? 0)} away, ${limitText(msText(hairpinLimitMs(excess.km ?? 0)))}.`,
          ),
        ]
  const timeNear = bounded
    ? [
        roundTrip(
          t`near`,
          t`An answer came in ${msText(least)}, which leads ${kmText(boundKm(least))} at most.`,
        ),
      ]
    : []
  return {
    far: [...edgeFar, ...timeFar],
    near: [...edgeNear, ...timeNear],
    edgeFar: farEdge !== undefined,
    signals: [...edgeFar, ...edgeNear, ...timeFar, ...timeNear],
    nearByTcpAlone: nearEdge === undefined && !relay.some(short),
  }
}

function tcpTimes(evidence: Evidence, runnerId: string): readonly Timed[] {
  const doors = findingsOf(evidence, 'door-timed', runnerId).flatMap((finding) => finding.args.doors)
  const edges = findingsOf(evidence, 'edge-seen', runnerId).map((finding) => finding.args)
  return [...doors, ...edges].flatMap(({ km, minMs }) => (minMs === null ? [] : [{ km, minMs }]))
}
