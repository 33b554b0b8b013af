import type { CriterionId } from './verdict.ts'

/** Unit of a criterion's limit. */
export type LimitUnit = 'km' | 'ms'

/** The limits that an admin may set in place of Microsoft's, with their unit. Criteria read them by `overrideFor`. */
export const OVERRIDABLE: Readonly<Partial<Record<CriterionId, LimitUnit>>> = {
  'local-egress': 'km',
  'local-dns': 'km',
  'nearest-front-door': 'km',
  'no-hairpin': 'ms',
  'network-ready': 'ms',
}

/** Criteria that an admin may vouch for: no probe can see them. */
export const ATTESTABLE: readonly CriterionId[] = ['network-plan', 'tcp-tuned']

/**
 * The most that a limit may be, by unit. Half the Earth's circumference is 20,037 km, so no distance is more; one second
 * is worse than any path that people work on.
 */
export const LIMIT_MOST: Readonly<Record<LimitUnit, number>> = { km: 20_000, ms: 1_000 }
