import type { Finding } from './finding.ts'
import type { CriterionId, Level, Verdict } from './verdict.ts'

/** One independent sign that a ruling weighed: what was looked at, the word for what it says, the sentence with the number. */
export interface Signal {
  readonly name: string
  readonly word: string
  readonly says: string
}

/** What the card offers beside a ruling. */
export type Offer = 'accept-door' | 'set-target' | 'attest' | 'register-egress'

/** The limit that was applied, and who set it. */
export interface Limit {
  /** As a person reads it, e.g. `800 km`. */
  readonly text: string
  /** Where the number comes from, e.g. `Microsoft 365 network connectivity test`. */
  readonly source: string
  /** The admin who replaced Microsoft's number, if one did. */
  readonly overriddenBy?: string
}

/** What one criterion says about one office in one check. */
export interface Ruling {
  readonly criterion: CriterionId
  readonly level: Level
  readonly verdict: Verdict
  /** One sentence with the number and the limit; no Markdown, no outside text. */
  readonly because: string
  /** The runner whose evidence decided, when one did. */
  readonly runnerId?: string
  readonly limit?: Limit
  readonly signals: readonly Signal[]
  readonly findings: readonly Finding[]
  /** What to do about it; missing when nothing is to be done. */
  readonly remedy?: Remedy
  readonly offer?: Offer
}

/** One step of repair. Steps are shown in ascending order. */
export interface Remedy {
  /** 1 local egress and DNS, 2 proxies and inspection, 3 VPN and access line, 4 registration and attestation. */
  readonly order: number
  readonly act: string
  readonly how: string
  /** No step of its own while one of these fails: mending that mends this. */
  readonly mendedBy?: readonly CriterionId[]
}
