import type { Check } from '../../core/check.ts'
import type { Latest } from '../../core/latest.ts'
import { listShown } from '../../core/list-version.ts'
import type { Runner } from '../../core/runner.ts'
import { CRITERIA, letterOf } from '../../core/verdict.ts'
import { CRITERIA_BY_ID } from '../../criteria/registry.ts'
import { elsewhereOf, type Judgement } from './judge-check.ts'

/** What is stored of a judgement as the office's latest. `before`: the one it replaces, which knows since when. */
export function latestOf(
  check: Check,
  judgement: Judgement,
  before: Latest | null,
  runners: readonly Runner[],
): Latest {
  const at = check.closedAt ?? check.deadline
  const { evidence, readiness, rulings, officeId } = judgement
  const verdicts = CRITERIA.map((id) => rulings.find((ruling) => ruling.criterion === id)?.verdict)
  const { egress, chains, reach } = elsewhereOf(evidence)
  return {
    officeId,
    checkId: check.id,
    at,
    readiness,
    verdicts: verdicts.map((verdict) => letterOf(verdict ?? 'unproven')).join(''),
    criteria: CRITERIA.map((id) => ({ id, version: CRITERIA_BY_ID[id].version })),
    since: before && before.readiness === readiness ? before.since : at,
    rulings,
    listVersion: listShown(evidence.listVersions),
    runners: [...new Set(evidence.owed.map((owed) => owed.runnerId))].flatMap((id) => {
      const runner = runners.find((entry) => entry.id === id)
      return runner ? [{ id, name: runner.name, silent: isSilentIn(check, id) }] : []
    }),
    egress,
    chains,
    reach,
  }
}

/** Reports whether every measurement of a runner failed for want of the runner. */
export function isSilentIn(check: Check, runnerId: string): boolean {
  const owed = check.owed.filter((entry) => entry.runnerId === runnerId)
  return owed.every((entry) => {
    const outcome = check.measurements[entry.measurementId]?.outcome
    return outcome !== undefined && !outcome.ok && outcome.failure === 'runner-silent'
  })
}
