import { governmentAndChinaHosts } from './instance-hosts.ts'
import type { Category, EndpointList } from './list.ts'
import { setOf } from './list.ts'
import { allowsPort, matchesSet, TEAMS_RELAY } from './match.ts'

/** A host that a probe can really contact, and the set that allows it. */
export interface ConcreteHost {
  readonly set: number
  /** `{tenant}` stands for the tenant that the runner's own configuration names. */
  readonly host: string
  readonly category: Category
  /** `tcp`: port 443 with TLS. `udp`: the Teams relay on 3478-3481. */
  readonly transport: 'tcp' | 'udp'
}

/**
 * Concrete hosts for every Optimize and Allow set: a wildcard cannot be contacted. One of an Allow set, so that ten hosts
 * are looked at in a check, and only names that Microsoft has kept for years. Set 2 (143, 587, 993, 995) and set 10 (25) have no port that a runner
 * may use.
 */
const HOSTS: readonly (readonly [set: number, hosts: readonly string[]])[] = [
  [1, ['outlook.office365.com', 'outlook.office.com', 'outlook.cloud.microsoft']],
  [31, ['{tenant}.sharepoint.com', '{tenant}-my.sharepoint.com']],
  [TEAMS_RELAY.set, [TEAMS_RELAY.host]],
  [12, ['teams.microsoft.com']],
  [9, ['ps.compliance.protection.outlook.com']],
  [46, ['office.live.com']],
  [56, ['login.microsoftonline.com']],
  [64, ['security.microsoft.com']],
]

/** The concrete hosts that a list allows, Optimize first. A set that the list lost, or a host it no longer names, is left out. */
export function concreteHosts(list: EndpointList): readonly ConcreteHost[] {
  const worldwide = HOSTS.flatMap(([set, hosts]) => hosts.flatMap((host) => concrete(list, set, host)))
  return [...worldwide, ...governmentAndChinaHosts(list)]
}

function concrete(list: EndpointList, set: number, host: string): readonly ConcreteHost[] {
  const found = setOf(list, set)
  if (found === undefined || !matchesSet(list, set, host.replace('{tenant}', 'contoso'))) return []
  const { category } = found
  if (allowsPort(list, set, 'tcp', 443)) return [{ set, host, category, transport: 'tcp' }]
  return allowsPort(list, set, 'udp', 3478) ? [{ set, host, category, transport: 'udp' }] : []
}
