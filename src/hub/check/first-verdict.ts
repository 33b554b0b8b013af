import type { Check } from '../../core/check.ts'
import { CRITERIA } from '../../core/verdict.ts'
import { CRITERIA_BY_ID } from '../../criteria/registry.ts'
import { PROBES } from '../../probes/registry.ts'

/**
 * Reports whether a progress card drawn now shows a verdict that rests on measurements: of one office a criterion of
 * which all that it rests on is in, of several an office of which everything is. Judges nothing, for it is asked at every
 * measurement. A verdict that is vouched for shows from the first card on, and does not count.
 */
export function hasVerdict(check: Check): boolean {
  const { officeIds, owed, measurements } = check
  const isIn = ({ measurementId }: { readonly measurementId: string }): boolean =>
    measurements[measurementId] !== undefined
  if (officeIds.length > 1) {
    const byOffice = Map.groupBy(owed, ({ officeId }) => officeId)
    return [...byOffice.values()].some((some) => some.every(isIn))
  }
  if (Object.keys(measurements).length === 0) return false
  const asked = owed.map((entry) => ({ entry, questions: PROBES[entry.probe].questions(entry.params) }))
  return CRITERIA.some((id) => {
    const prefixes = CRITERIA_BY_ID[id].restsOn
    const rests = asked.filter(({ questions }) =>
      questions.some((question) =>
        prefixes.some((prefix) => question === prefix || question.startsWith(`${prefix}:`)),
      ),
    )
    return rests.length > 0 && rests.every(({ entry }) => isIn(entry))
  })
}
