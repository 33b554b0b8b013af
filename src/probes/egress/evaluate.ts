import type { Finding } from '../../core/finding.ts'
import type { EvaluateContext } from '../../core/probe.ts'
import { doorOf, finding, kmFromOffice, located, unmeasured } from '../shared/findings.ts'
import { addressesOf, lookupFailures, privateAnswer } from '../shared/lookup.ts'
import { plainBy } from '../shared/nat64.ts'
import { commonest, distinct } from '../shared/numbers.ts'
import { outsideRanges } from '../shared/ranges.ts'
import type { EgressResult } from './result.ts'

const RELAY = 'relay-egress'

/** `a-tr-teasc-<region>-NN.<azure region>...` (research/domain.md 6.2 T1). */
const RELAY_NAME = /^a-tr-teasc-[a-z0-9]+-\d+\.([a-z0-9-]{1,40})\./i

/**
 * One finding on the relay; one more on its region where it is named, on relay addresses outside Microsoft's published
 * ranges, on the default path where an echo answered, and on the way out of UDP where the beacon did.
 */
export function evaluate(result: EgressResult, context: EvaluateContext): readonly Finding[] {
  return [
    relayFinding(result, context),
    ...regionFinding(result, context),
    ...relayOutside(result, context),
    ...defaultFinding(result, context),
    ...beaconFinding(result, context),
  ]
}

function relayOutside(result: EgressResult, context: EvaluateContext): readonly Finding[] {
  const [target] = context.measurement.params.targets
  if (target === undefined || target.host !== result.target) return []
  return outsideRanges(context, target, target.host, answered(result))
}

/** Every address that was answered; one behind a NAT64 as the IPv4 address that it carries. */
function answered({ system, answers, nat64 }: EgressResult): readonly string[] {
  return distinct(addressesOf(system, answers).map(plainBy(nat64)))
}

function defaultFinding({ echo }: EgressResult, context: EvaluateContext): Finding[] {
  if (echo === null || 'failure' in echo) return []
  const from = located(context, echo.address, context.office.egress)
  return [finding(context, 'default-egress', 'default-egress-seen', { from })]
}

function beaconFinding({ beacon }: EgressResult, context: EvaluateContext): Finding[] {
  if (beacon === null || 'failure' in beacon) return []
  const seen = distinct(beacon.flows.flatMap((flow) => ('from' in flow ? [flow.from] : [])))
  if (seen.length === 0) return []
  const from = seen.map((address) => located(context, address, context.office.egress))
  return [finding(context, 'beacon-egress', 'beacon-egress-seen', { from })]
}

function regionFinding(result: EgressResult, context: EvaluateContext): Finding[] {
  const region = relayRegion(chainsOf(result))
  if (region === null || context.measurement.params.targets[0]?.host !== result.target) return []
  const place = doorOf(context, region)
  const nearest = context.atlas.nearestRegion?.(context.office.at) ?? null
  const nearestKm = nearest === null ? null : kmFromOffice(context, nearest)
  return [
    finding(context, 'relay-region', 'relay-region-seen', {
      host: result.target,
      region,
      label: place?.door.label ?? null,
      km: place?.km ?? null,
      nearest: nearest === null || nearestKm === null ? null : { code: nearest.code, km: nearestKm },
    }),
  ]
}

function chainsOf(result: EgressResult): readonly (readonly string[])[] {
  return result.answers.map((answer) => ('chain' in answer ? answer.chain : []))
}

/** The Azure region by the relay's CNAME, lower case; null when no name of the chain has the known form. */
export function relayRegion(chains: readonly (readonly string[])[]): string | null {
  const regions = chains.flat().flatMap((name) => RELAY_NAME.exec(name)?.[1]?.toLowerCase() ?? [])
  return commonest(regions)
}

function relayFinding(result: EgressResult, context: EvaluateContext): Finding {
  const asked = context.measurement.params.targets[0]?.host
  if (asked !== result.target) return unmeasured(context, RELAY, 'result-refused')
  const addresses = answered(result)
  if (addresses.length === 0) {
    const failure = commonest(lookupFailures(result.system, result.answers)) ?? 'dns-empty'
    return unmeasured(context, RELAY, failure)
  }
  const hidden = privateAnswer(addresses)
  if (hidden !== null) return finding(context, RELAY, 'private-answer', { host: result.target, ...hidden })
  if (!result.flows.some((flow) => 'from' in flow)) {
    const failures = result.flows.flatMap((flow) => ('failure' in flow ? [flow.failure] : []))
    return unmeasured(context, RELAY, commonest(failures) ?? result.noIpv6 ?? 'deadline-passed')
  }
  const plain = plainBy(result.nat64)
  return finding(context, RELAY, 'relay-egress-seen', {
    flows: result.flows.map((flow) => ({
      to: plain(flow.to),
      from: 'from' in flow ? located(context, flow.from, context.office.egress) : null,
      failure: 'failure' in flow ? flow.failure : null,
      rttMs: flow.ms,
    })),
    region: relayRegion(chainsOf(result)),
  })
}
