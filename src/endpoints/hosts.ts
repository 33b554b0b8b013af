import type { Target } from '../core/measurement.ts'
import { governmentAndChinaHosts } from './instance-hosts.ts'
import type { Category, EndpointList, EndpointSet } from './list.ts'
import { setOf } from './list.ts'
import { allowsPort, matchesSet, TEAMS_RELAY } from './match.ts'
import { REACH_HOSTS } from './reach-hosts.ts'
import { serviceTargets } from './service-targets.ts'

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

/** What of a list's required sets a runner can be asked to reach, and the ids of those of which it cannot. */
export interface ReachTargets {
  readonly targets: readonly Target[]
  /** Required sets without a concrete host, or without a port that a runner may use: never measured, held against none. */
  readonly unmeasurable: readonly number[]
}

/**
 * One concrete host of every required set: a name of {@link concreteHosts}, else one of {@link REACH_HOSTS}, else the
 * first name of the set that is no wildcard, so that a new list brings its own. A name that needs a tenant stands
 * beside one that does not.
 */
export function reachTargets(list: EndpointList): ReachTargets {
  const required = list.sets.filter((set) => set.required)
  const found = required.map((set) => ({ set: set.id, hosts: reachHostsOf(list, set) }))
  return {
    targets: found.flatMap(({ set, hosts }) => hosts.map((host) => ({ set, host }))),
    unmeasurable: found.filter(({ hosts }) => hosts.length === 0).map(({ set }) => set),
  }
}

/** Over HTTPS, and the relay by UDP: every required set of the web names port 443, also where it names 80. */
function reachHostsOf(list: EndpointList, set: EndpointSet): readonly string[] {
  const isRelay = set.id === TEAMS_RELAY.set && serviceTargets(list).relay !== null
  if (isRelay && allowsPort(list, set.id, 'udp', 3478)) return [TEAMS_RELAY.host]
  if (!allowsPort(list, set.id, 'tcp', 443)) return []
  const known = [...REACH_HOSTS, ...HOSTS]
    .filter(([id]) => id === set.id)
    .flatMap(([, hosts]) => hosts)
    .filter((host) => matchesSet(list, set.id, host.replace('{tenant}', 'contoso')))
  const plain = set.urls.filter((url) => !url.includes('*'))
  const first = [...known, ...plain].find((host) => !host.includes('{tenant}'))
  const tenants = known.find((host) => host.includes('{tenant}'))
  return [tenants, first].filter((host) => host !== undefined)
}
