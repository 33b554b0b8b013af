import type { CriterionState } from '../../cards/rows.ts'
import type { Check } from '../../core/check.ts'
import { isOf, type OwedQuestion, readOf } from '../../core/evidence.ts'
import { CRITERIA, type CriterionId } from '../../core/verdict.ts'
import { CRITERIA_BY_ID } from '../../criteria/registry.ts'
import { PROBES } from '../../probes/registry.ts'
import type { Judgement } from './judge-check.ts'

/**
 * The rows of one office while its check runs. A row becomes a verdict once every measurement it rests on is in, or those
 * that are in decide whatever else comes; until then it says how far it is.
 */
export function statesOf(check: Check, judgement: Judgement): readonly CriterionState[] {
  const { questions } = judgement.evidence
  return CRITERIA.map((id): CriterionState => {
    const ruling = judgement.rulings.find((entry) => entry.criterion === id)
    const rests = questions.filter(({ question }) => isOf(question, readOf(CRITERIA_BY_ID[id])))
    const came = rests.filter(isIn(check))
    const isDecided = came.length === rests.length || isEarly(id, check, questions, () => judgement)
    if (check.owed.length > 0 && isDecided && ruling) return ruling
    const state = came.length > 0 ? 'measuring' : 'waiting'
    return { criterion: id, state, ...(ruling && { level: ruling.level }) }
  })
}

/**
 * Reports whether a progress card drawn now shows a verdict that rests on measurements: of one office a criterion that is
 * decided, of several an office of which everything is in. Asked at every measurement, so it judges only where that may
 * decide. A verdict that is vouched for shows from the first card on, and does not count.
 */
export function hasVerdict(check: Check, judge: () => Judgement | undefined): boolean {
  const { officeIds, owed, measurements } = check
  if (officeIds.length > 1) {
    const byOffice = Map.groupBy(owed, ({ officeId }) => officeId)
    return [...byOffice.values()].some((some) => some.every(isIn(check)))
  }
  if (Object.keys(measurements).length === 0) return false
  const questions = owed.flatMap(({ measurementId, runnerId, probe, params }) =>
    PROBES[probe].questions(params).map((question) => ({ question, measurementId, runnerId })),
  )
  return CRITERIA.some(
    (id) => isAllIn(readOf(CRITERIA_BY_ID[id]), check, questions) || isEarly(id, check, questions, judge),
  )
}

function isEarly(
  id: CriterionId,
  check: Check,
  questions: readonly OwedQuestion[],
  judge: () => Judgement | undefined,
): boolean {
  const { early } = CRITERIA_BY_ID[id]
  if (early === undefined || !isAllIn(early.restsOn, check, questions)) return false
  const judgement = judge()
  return judgement !== undefined && early.isDecided(judgement.evidence)
}

/** Reports whether such questions were asked, and all measurements that answer them are in. */
function isAllIn(prefixes: readonly string[], check: Check, questions: readonly OwedQuestion[]): boolean {
  const rests = questions.filter(({ question }) => isOf(question, prefixes))
  return rests.length > 0 && rests.every(isIn(check))
}

const isIn =
  ({ measurements }: Check) =>
  ({ measurementId }: { readonly measurementId: string }): boolean =>
    measurements[measurementId] !== undefined
