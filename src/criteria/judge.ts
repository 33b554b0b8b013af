import type { Evidence } from '../core/evidence.ts'
import type { Ruling } from '../core/ruling.ts'
import { type CriterionId, type Level, type Readiness, readinessOf } from '../core/verdict.ts'
import { ALL_CRITERIA } from './registry.ts'

/** What a check comes to. */
export interface Judgement {
  /** One ruling per criterion, in the order of `CRITERIA`. */
  readonly rulings: readonly Ruling[]
  readonly readiness: Readiness
}

/**
 * Lets every criterion rule on the evidence of one office. `levels` replaces Microsoft's levels where a company wants
 * it (Microsoft contradicts itself on `no-hairpin`).
 */
export function judgeAll(evidence: Evidence, levels: Partial<Record<CriterionId, Level>> = {}): Judgement {
  const rulings = ALL_CRITERIA.map((criterion) => {
    const ruling = criterion.judge(evidence)
    return { ...ruling, level: levels[criterion.id] ?? ruling.level }
  })
  return { rulings, readiness: readinessOf(rulings) }
}
