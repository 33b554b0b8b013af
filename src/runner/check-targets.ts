import type { Target } from '../core/measurement.ts'
import type { EndpointList } from '../endpoints/list.ts'
import { matchesSet } from '../endpoints/match.ts'

/** Stands in where no tenant is configured: such a host is never contacted, only its pattern is checked. */
const ANY_TENANT = 'contoso'

/**
 * The first target that the runner's own endpoint list does not allow; null when all are allowed. Judged with the
 * tenant that the runner's own configuration names.
 */
export function firstRefused(
  targets: readonly Target[],
  list: EndpointList,
  tenant: string | null,
): Target | null {
  const allowed = ({ set, host }: Target) =>
    matchesSet(list, set, host.replaceAll('{tenant}', tenant ?? ANY_TENANT))
  return targets.find((target) => !allowed(target)) ?? null
}
