import type { Evidence } from '../core/evidence.ts'
import { attestationFor } from '../core/office.ts'
import type { Remedy, Ruling } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import type { CriterionId, Level } from '../core/verdict.ts'
import { EXIT_CRITERIA, rulingOf } from './shared.ts'
import { dateText } from './words.ts'

/**
 * Rules by attestation alone. The sentence has the date; who vouched is outside text and stands in the signal, where
 * cards draw it as such.
 */
export function ruleByAttestation(
  evidence: Evidence,
  criterion: { readonly id: CriterionId; readonly level: Level },
  remedy: Remedy,
): Ruling {
  const found = attestationFor(evidence.office, criterion.id, evidence.now)
  const limit = { text: t`vouched for`, source: EXIT_CRITERIA }
  if (found === undefined) {
    const because = t`Nobody has vouched for it yet.`
    return rulingOf(criterion, [], { verdict: 'unproven', because, limit, remedy, offer: 'attest' })
  }
  const because = t`Vouched for until ${dateText(found.until, evidence.office.timeZone)}.`
  const signals = [{ name: t`Vouched for by`, word: t`attested`, says: found.by }]
  return rulingOf(criterion, [], { verdict: 'pass', because, limit, signals })
}
