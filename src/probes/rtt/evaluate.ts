import type { DoorTimed, Finding } from '../../core/finding.ts'
import { hasKnownDoors } from '../../core/instance.ts'
import type { EvaluateContext } from '../../core/probe.ts'
import { familyOf, isLinkLocal } from '../shared/address.ts'
import { type DoorGroup, dialable } from '../shared/doors.ts'
import { groupsThatCount } from '../shared/families.ts'
import { doorOf, finding, unmeasured } from '../shared/findings.ts'
import { addressesOf, lookupFailures } from '../shared/lookup.ts'
import { plainBy } from '../shared/nat64.ts'
import { commonest, least, median, round2 } from '../shared/numbers.ts'
import { distinctTargets } from '../shared/targets.ts'
import type { AddressTimed, HostTimed, RttResult } from './result.ts'

/** Attempts that must have gone unanswered: one packet may be lost by chance, two in a row are a way that is broken. */
const FEWEST_SILENT = 2

/** One finding per host; one more beside it where IPv6 is silent and IPv4 is not. */
export function evaluate(result: RttResult, context: EvaluateContext): readonly Finding[] {
  return distinctTargets(context.measurement.params.targets).flatMap(({ host }) => {
    const question = `rtt:${host}`
    const seen = result.hosts.find((one) => one.target === host)
    if (seen === undefined) return [unmeasured(context, question, 'result-refused')]
    return [hostFinding(context, question, seen, plainBy(result.nat64)), ...silent6(context, seen)]
  })
}

/**
 * `ipv6:<host>`, never owed: the name has IPv6 addresses, the host sends to them from an address of its own, every
 * attempt timed out, and IPv4 answers. Refused and unreachable are answers: applications turn to IPv4 at once.
 */
function silent6(context: EvaluateContext, { target, timed, source6 }: HostTimed): Finding[] {
  const of = (family: 4 | 6) => timed.filter(({ address }) => familyOf(address) === family)
  const over4Ms = least(of(4).flatMap(({ tcpMs }) => tcpMs))
  const tried = of(6)
  const failures = tried.flatMap(({ tcpFailures }) => tcpFailures)
  const silent =
    failures.length >= FEWEST_SILENT &&
    tried.every(({ tcpMs }) => tcpMs.length === 0) &&
    failures.every((failure) => failure === 'timeout')
  if (!silent || over4Ms === null || source6 === null || isLinkLocal(source6)) return []
  const addresses = tried.map(({ address }) => address)
  const args = { host: target, source: source6, addresses, attempts: failures.length, over4Ms }
  return [finding(context, `ipv6:${target}`, 'ipv6-unanswered', args)]
}

function hostFinding(
  context: EvaluateContext,
  question: string,
  seen: HostTimed,
  plain: (address: string) => string,
): Finding {
  if (addressesOf(seen.system, seen.answers).length === 0) {
    const failure = commonest(lookupFailures(seen.system, seen.answers)) ?? 'dns-empty'
    return unmeasured(context, question, failure)
  }
  const contacted = seen.timed.map(({ address, tcpMs, tcpFailures }) => ({
    address,
    failure: tcpMs.length > 0 ? null : (commonest(tcpFailures) ?? 'deadline-passed'),
  }))
  const doors = groupsThatCount(seen, contacted)
    .map((group) => doorTimed(context, group, seen.timed))
    .map((door) => ({
      ...door,
      address: plain(door.address),
      km: hasKnownDoors(seen.target) ? door.km : null,
    }))
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
