import type { Evidence } from '../core/evidence.ts'
import type { Ruling } from '../core/ruling.ts'
import { type Readiness, readinessOf } from '../core/verdict.ts'
import { ALL_CRITERIA } from './registry.ts'

/** What a check comes to. */
export interface Judgement {
  /** One ruling per criterion, in the order of `CRITERIA`. */
  readonly rulings: readonly Ruling[]
  readonly readiness: Readiness
}

/**
 * Lets every criterion rule on the evidence of one office. A company may require more than Microsoft does, which
 * contradicts itself on `no-hairpin`.
 */
export function judgeAll(evidence: Evidence): Judgement {
  const too = evidence.requiredToo ?? []
  const rulings = ALL_CRITERIA.map((criterion): Ruling => {
    const ruling = criterion.judge(evidence)
    return too.includes(criterion.id) ? { ...ruling, level: 'required' } : ruling
  })
  return { rulings, readiness: readinessOf(rulings) }
}
