import type { DoorTimed, Finding } from '../../core/finding.ts'
import type { EvaluateContext } from '../../core/probe.ts'
import { type DoorGroup, dialable } from '../shared/doors.ts'
import { groupsThatCount } from '../shared/families.ts'
import { doorOf, finding, unmeasured } from '../shared/findings.ts'
import { addressesOf, lookupFailures } from '../shared/lookup.ts'
import { commonest, least, median, round2 } from '../shared/numbers.ts'
import { distinctTargets } from '../shared/targets.ts'
import type { AddressTimed, HostTimed, RttResult } from './result.ts'

/** One finding per host. */
export function evaluate(result: RttResult, context: EvaluateContext): readonly Finding[] {
  return distinctTargets(context.measurement.params.targets).map(({ host }) => {
    const question = `rtt:${host}`
    const seen = result.hosts.find((one) => one.target === host)
    return seen ? hostFinding(context, question, seen) : unmeasured(context, question, 'result-refused')
  })
}

function hostFinding(context: EvaluateContext, question: string, seen: HostTimed): Finding {
  if (addressesOf(seen.system, seen.answers).length === 0) {
    const failure = commonest(lookupFailures(seen.system, seen.answers)) ?? 'dns-empty'
    return unmeasured(context, question, failure)
  }
  const contacted = seen.timed.map(({ address, tcpMs, tcpFailures }) => ({
    address,
    failure: tcpMs.length > 0 ? null : (commonest(tcpFailures) ?? 'deadline-passed'),
  }))
  const doors = groupsThatCount(seen, contacted).map((group) => doorTimed(context, group, seen.timed))
  if (doors.every((door) => door.minMs === null)) {
    const failures = doors.flatMap((door) => door.failure ?? [])
    return unmeasured(context, question, commonest(failures) ?? 'deadline-passed')
  }
  return finding(context, question, 'door-timed', { host: seen.target, doors })
}

function doorTimed(context: EvaluateContext, group: DoorGroup, timed: readonly AddressTimed[]): DoorTimed {
  const usable = dialable(group)
  const own = timed.find((one) => usable.includes(one.address))
  const tcpMs = own?.tcpMs ?? []
  const notTimed = usable.length === 0 ? 'policy-refused' : 'deadline-passed'
  return {
    address: own?.address ?? group.addresses[0] ?? '',
    code: group.named,
    km: doorOf(context, group.named)?.km ?? null,
    servers: group.servers,
    bySystem: group.bySystem,
    minMs: least(tcpMs),
    medianMs: median(tcpMs),
    tlsRoundTripMs: least((own?.tls ?? []).map((one) => round2(one.ms / one.roundTrips))),
    failure: tcpMs.length > 0 ? null : (commonest(own?.tcpFailures ?? []) ?? notTimed),
  }
}
