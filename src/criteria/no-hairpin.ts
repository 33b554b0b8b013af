import type { Criterion, Evidence } from '../core/evidence.ts'
import { findingsOf } from '../core/evidence.ts'
import type { DoorTimed } from '../core/finding.ts'
import { hairpinLimitMs, POSITION_SLACK_KM } from '../core/geography.ts'
import type { Remedy, Signal } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import { NEAREST_FACTOR } from './door-distance.ts'
import { distanceOf, timedDoors } from './door-times.ts'
import { egressIsLocal, isDisputed, relayFlows, vendorOf } from './egress-evidence.ts'
import { shownElsewhere } from './local-egress.ts'
import { provedProxy } from './proxy-evidence.ts'
import { type Judged, LOCAL_KM, limitOf, missing, ruleByRunner, unlearned, unproven } from './shared.ts'
import { kmText, limitText, msText } from './words.ts'

const SOURCE = t`distance / 50 + 15 ms, from published work on Internet round trips`

const REMEDY: Remedy = {
  order: 3,
  act: t`Take the detour out of the way`,
  how: t`Look for a VPN, a security service or a provider that carries the traffic elsewhere first.`,
  mendedBy: ['local-egress', 'no-proxy-or-inspection'],
}

/**
 * Optional, step 3: no detour between the office and the door.
 *
 * The number of hops (`media-seen`) is shown with the media and is no signal here. A tunnel or MPLS hides a detour of any
 * length in one hop, a local provider may have many, and runners of one office that differ by some hops only stand in
 * different parts of its network: no number of hops says anything certain about distance.
 */
export const noHairpin: Criterion = {
  id: 'no-hairpin',
  version: 4,
  level: 'optional',
  title: t`No hairpin`,
  step: t`step 3 (optional among the criteria; its own page calls it required)`,
  rule:
    t`Passes when the least round trip to the door is within distance / 50 + 15 ms and the egress is not shown far or another office's. ` +
    t`Fails above that with a second signal, or when the egress is shown so.`,
  restsOn: ['rtt', 'relay-egress', 'door', 'default-egress', 'edge', 'tls', 'resolver', 'reach'],
  judge: (evidence) =>
    ruleByRunner(evidence, noHairpin, REMEDY, (runnerId) => judgeHairpin(evidence, runnerId)),
}

/** Everything that is looked at on the way to a pass. */
const LOOKED_AT = ['rtt', 'relay-egress', 'door', 'edge', 'tls', 'resolver', 'reach']

function judgeHairpin(evidence: Evidence, runnerId: string): Judged {
  const egress = shownElsewhere(evidence, runnerId)
  if (egress !== null) {
    const because = t`The way out is itself a hairpin. ${egress.because}`
    return {
      verdict: 'fail',
      because: oneSentence(because),
      signals: egress.signals ?? [],
      ...(egress.limit && { limit: egress.limit }),
    }
  }
  if (provedProxy(evidence, runnerId)) {
    return unproven(t`A proxy ends the connections, so round trips say nothing about the way beyond it.`)
  }
  const { certain, possible } = timedDoors(evidence, runnerId)
  const doors = [
    ...certain.map((door) => judgeDoor(evidence, runnerId, door)),
    ...possible.map((door) => judgeDoor(evidence, runnerId, door)).map(softened),
  ]
  const failing = doors.find((door) => door.verdict === 'fail')
  if (failing !== undefined) return failing
  const gap =
    unlearned(evidence, runnerId, 'rtt', t`The round trip`) ?? missing(evidence, runnerId, LOOKED_AT)
  if (gap !== null) return unproven(gap)
  const [first] = doors
  if (first === undefined) return unproven(t`No front door that applications get was timed.`)
  return doors.find((door) => door.verdict === 'unproven') ?? first
}

function softened(judged: Judged): Judged {
  return judged.verdict === 'fail' ? { ...judged, verdict: 'unproven' } : judged
}

/** `A. Leaves ...` as one sentence. */
function oneSentence(text: string): string {
  return text.replace('. Leaves', ': it leaves')
}

function judgeDoor(evidence: Evidence, runnerId: string, door: DoorTimed): Judged {
  const name = door.code ?? t`the door`
  if (door.minMs === null) return unproven(t`No round trip to ${name} was measured.`)
  const km = distanceOf(evidence, runnerId, door)
  if (km === 'unknown')
    return unproven(t`${msText(door.minMs)} to ${name} at best, but where it is, is not known.`)
  if (km === 'impossible') {
    return unproven(
      t`${msText(door.minMs)} to ${name} at best is less than light needs to where it should be.`,
    )
  }
  const applied = limitOf(evidence, 'no-hairpin', hairpinLimitMs(km), SOURCE)
  const limit = applied.limit(msText(applied.value))
  const says = t`${msText(door.minMs)} to ${name} at best, ${limitText(msText(applied.value))} for ${kmText(km)}`
  if (door.minMs <= applied.value) return { verdict: 'pass', because: `${says}.`, limit }
  const signals = secondSignals(evidence, runnerId, km)
  return signals.length > 0
    ? { verdict: 'fail', because: `${says}.`, limit, signals }
    : unproven(t`${says}: slow access line or hairpin.`, { limit })
}

/** What beside a long round trip says that there is a detour. */
function secondSignals(evidence: Evidence, runnerId: string, doorKm: number): readonly Signal[] {
  const flows = relayFlows(evidence, runnerId)
  const signals: Signal[] = []
  const vendor = flows.find((flow) => vendorOf(flow) !== null)
  if (vendor !== undefined) {
    const says = t`${vendor.address} belongs to a cloud security vendor.`
    signals.push({ name: t`Egress owner`, word: t`security vendor`, says })
  }
  const nearest = findingsOf(evidence, 'doors-seen', runnerId).flatMap(({ args }) => args.nearest ?? [])[0]
  const needed = nearest === undefined ? null : Math.max(LOCAL_KM, NEAREST_FACTOR * nearest.km)
  if (needed !== null && doorKm > needed && egressIsLocal(evidence, runnerId, LOCAL_KM)) {
    const says = t`The egress is local, and ${nearest?.code} is ${kmText(nearest?.km ?? 0)} away.`
    signals.push({ name: t`Door`, word: t`farther than needed`, says })
  }
  const apart = spreadKm(evidence, runnerId)
  if (apart > POSITION_SLACK_KM) {
    const says = t`Paths leave to the Internet ${kmText(apart)} apart, seen from the office.`
    signals.push({ name: t`Paths`, word: t`disagree`, says })
  }
  const taken = edgesSeen(evidence, runnerId).find((km) => km > LOCAL_KM)
  if (taken !== undefined && flows.length > 0 && egressIsLocal(evidence, runnerId, LOCAL_KM)) {
    const says = t`Teams' relay sees a local way out, yet SharePoint's edge took the traffic in ${kmText(taken)} away.`
    signals.push({ name: t`Paths`, word: t`disagree`, says })
  }
  const inside = flows.filter((flow) => flow.registered).length
  // What leaves nearby is missing in the registry, and no other path.
  const near = flows.filter(({ registered, km }) => !registered && km !== null && km <= LOCAL_KM).length
  if (inside > 0 && inside + near < flows.length) {
    const says = t`${inside} of ${flows.length} flows leave inside the registered ranges.`
    signals.push({ name: t`Paths`, word: t`disagree`, says })
  }
  return signals
}

function edgesSeen(evidence: Evidence, runnerId: string): readonly number[] {
  return findingsOf(evidence, 'edge-seen', runnerId).flatMap(({ args }) => args.km ?? [])
}

/** How far apart, by their distance from the office, the undisputed places are at which this runner's paths leave. */
function spreadKm(evidence: Evidence, runnerId: string): number {
  const byDefault = findingsOf(evidence, 'default-egress-seen', runnerId).map(({ args }) => args.from)
  const kms = [...relayFlows(evidence, runnerId), ...byDefault].flatMap((at) =>
    at.km === null || isDisputed(evidence, runnerId, at) ? [] : [at.km],
  )
  return kms.length === 0 ? 0 : Math.max(...kms) - Math.min(...kms)
}
