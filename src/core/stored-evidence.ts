import type { Evidence } from './evidence.ts'
import type { Measurement } from './measurement.ts'
import type { Ruling } from './ruling.ts'
import type { Readiness } from './verdict.ts'

/** All that one closed check knew of one office, as it was judged: enough to judge it again without a probe. */
export interface StoredEvidence {
  readonly checkId: string
  /** When the check was closed, epoch ms. */
  readonly closedAt: number
  readonly evidence: Evidence
  readonly measurements: readonly Measurement[]
  readonly rulings: readonly Ruling[]
  readonly readiness: Readiness
}

/** What the criteria say of some evidence. */
export interface Judged {
  readonly rulings: readonly Ruling[]
  readonly readiness: Readiness
}
