import type { EvidenceAgain } from '../commands/command.ts'
import { CRITERIA } from '../core/verdict.ts'
import { judgeAll } from '../criteria/judge.ts'
import { CRITERIA_BY_ID } from '../criteria/registry.ts'
import { evidenceFile, shortForm } from '../store/evidence-file.ts'
import type { HistoryStore } from '../store/history.ts'

/** Gives and judges again what history keeps of latest checks. `version` is this Doorstep's. */
export function evidenceAgain(
  history: Pick<HistoryStore, 'evidenceOf'>,
  version: () => Promise<string>,
): EvidenceAgain {
  return {
    async file({ officeId, checkId, at }) {
      const stored = await history.evidenceOf(officeId, checkId, at)
      if (!stored) return null
      const criteria = CRITERIA.map((id) => `${id}@${CRITERIA_BY_ID[id].version}`)
      return shortForm(evidenceFile(stored, await version(), criteria))
    },
    async judgeWith({ officeId, checkId, at }, override) {
      const stored = await history.evidenceOf(officeId, checkId, at)
      if (!stored) return null
      const { evidence } = stored
      const others = evidence.office.overrides.filter(({ criterion }) => criterion !== override.criterion)
      const office = { ...evidence.office, overrides: [...others, override] }
      return { before: judgeAll(evidence), after: judgeAll({ ...evidence, office }) }
    },
  }
}
