import type { Target } from '../../core/measurement.ts'

const TENANT = '{tenant}'

/** A tenant's name as SharePoint host names carry it. */
const TENANT_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/i

/** Reports whether a target is a SharePoint host, whose edge is anycast. */
export function isSharePoint(target: Target): boolean {
  return target.host.toLowerCase().endsWith('.sharepoint.com')
}

/** Reports whether a target is a Teams relay, which speaks STUN: ids of sets mean other things in other instances. */
export function isRelay(target: Target): boolean {
  return target.host.toLowerCase().endsWith('.tr.teams.microsoft.com')
}

/** The host to look at; null when it needs the runner's tenant and none (or a senseless one) is configured. */
export function concreteHost(host: string, tenant: string | null): string | null {
  if (!host.includes(TENANT)) return host
  if (tenant === null || !TENANT_PATTERN.test(tenant)) return null
  return host.replaceAll(TENANT, tenant)
}

/** The host to show for a target: the one that the runner reported where that fits the pattern, else as asked. */
export function shownHost(asked: string, reported: string | null): string {
  if (!asked.includes(TENANT) || reported === null) return asked
  const [before = '', after = ''] = asked.split(TENANT, 2)
  const fits = reported.startsWith(before) && reported.endsWith(after)
  const tenant = reported.slice(before.length, reported.length - after.length)
  return fits && TENANT_PATTERN.test(tenant) ? reported : asked
}

/** The targets, each host once. */
export function distinctTargets(targets: readonly Target[]): Target[] {
  const seen = new Map<string, Target>()
  for (const target of targets) if (!seen.has(target.host)) seen.set(target.host, target)
  return [...seen.values()]
}
