import type { Office } from './office.ts'
import type { CriterionId } from './verdict.ts'

/** What an admin decided that changed, by itself or by them, shortly before a verdict did. */
export interface Decided {
  readonly what: 'limit-set' | 'limit-ended' | 'attested' | 'attestation-ended'
  readonly criterion: CriterionId
  /** Outside text. */
  readonly by: string
  /** The limit, in the unit of its criterion; missing for an attestation. */
  readonly value?: number
  /** Epoch ms. */
  readonly at: number
}

/** What an admin decided about a criterion of an office, from one instant to another (epoch ms, both included). */
export function decidedBetween(
  office: Pick<Office, 'overrides' | 'attestations'>,
  criterion: CriterionId,
  from: number,
  to: number,
): readonly Decided[] {
  const isIn = (when: number | undefined): when is number => when !== undefined && when >= from && when <= to
  const limits = office.overrides.flatMap((one): readonly Decided[] => {
    if (one.criterion !== criterion) return []
    const said = { criterion, by: one.author, value: one.value }
    if (isIn(one.expiresAt)) return [{ ...said, what: 'limit-ended', at: one.expiresAt }]
    return isIn(one.setAt) ? [{ ...said, what: 'limit-set', at: one.setAt }] : []
  })
  const words = office.attestations.flatMap((one): readonly Decided[] => {
    if (one.criterion !== criterion) return []
    if (isIn(one.until)) return [{ what: 'attestation-ended', criterion, by: one.by, at: one.until }]
    return isIn(one.setAt) ? [{ what: 'attested', criterion, by: one.by, at: one.setAt }] : []
  })
  return [...limits, ...words]
}
