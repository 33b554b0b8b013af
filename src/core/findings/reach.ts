import type { Failure } from '../failure.ts'

/** What came of asking one required name on one port. */
export interface ReachSeen {
  readonly host: string
  /** TCP 443 and, where the set names it, 80; UDP 3478 to 3481 for the Teams relay. */
  readonly port: number
  /** The address asked; null when the name gave none that may be contacted. */
  readonly address: string | null
  /** The name leads to addresses that no public service can have; they were not contacted. */
  readonly hidden: boolean
  /** HTTP status; null for the relay and where nothing answered. */
  readonly status: number | null
  /** Why there was no answer; null when there was one, whatever its status. */
  readonly failure: Failure | null
  /** A proxy answered in the host's place: it wants a sign-in (407), or it refuses (403). */
  readonly proxy: 'asks-sign-in' | 'refuses' | null
  /** From sending the request to the answer, ms. */
  readonly ms: number | null
}

/** What is stated about reaching the names that Microsoft requires. */
export interface ReachFindings {
  /** How the names of one required set answered; none of them may have. */
  'reach-seen': {
    readonly set: number
    readonly category: string
    readonly hosts: readonly ReachSeen[]
  }
  /** A required name that does not answer here was last seen to answer other offices. */
  'reach-fails-here': {
    readonly set: number
    readonly host: string
    readonly failure: Failure | null
    /** How many other offices it answered. */
    readonly offices: number
  }
  /** Required names that answer neither here nor any other office: nothing of this office's network. */
  'reach-fails-everywhere': {
    readonly hosts: readonly string[]
    /** How many other offices asked. */
    readonly offices: number
  }
}
