import type { Finding, FindingCode, FindingOf, Question } from './finding.ts'
import type { Owed } from './measurement.ts'
import type { Office } from './office.ts'
import type { Ruling } from './ruling.ts'
import type { CriterionId, Level } from './verdict.ts'

/** A question that the plan owes an answer to. */
export interface OwedQuestion {
  readonly question: Question
  readonly runnerId: string
  readonly measurementId: string
}

/** Everything that a criterion may judge by: the plan, the findings, and what the hub itself knows. */
export interface Evidence {
  readonly office: Office
  readonly owed: readonly Owed[]
  readonly questions: readonly OwedQuestion[]
  readonly findings: readonly Finding[]
  /** Addresses by which other offices' Optimize traffic was last seen to leave. */
  readonly seenElsewhere: readonly {
    readonly officeName: string
    readonly km: number
    readonly addresses: readonly string[]
  }[]
  /** Chains that other offices saw, by host: the key that signed, and the issuer's name (outside text). */
  readonly chainsElsewhere: readonly {
    readonly officeId: string
    readonly host: string
    readonly authorityKey: string
    /** Missing where it was stored before names were kept. */
    readonly issuer?: string
    readonly clean: boolean
  }[]
  /** Required sets of the list of which no runner can ask a name. */
  readonly unmeasurableSets: readonly number[]
  /**
   * Endpoint list versions: the hub's with when it was last known to be the newest (epoch ms; null: never, so it is the
   * snapshot), and each runner's as its measurements carried it.
   */
  readonly listVersions: {
    readonly hub: string
    readonly refreshedAt: number | null
    readonly runners: Readonly<Record<string, string>>
  }
  /** Criteria that count as required here besides Microsoft's; not given: none. */
  readonly requiredToo?: readonly CriterionId[]
  /** How the card names a runner. */
  readonly runnerNames: Readonly<Record<string, string>>
  /** When the check is judged, epoch ms. */
  readonly now: number
}

/** An exit criterion: one file each, pure. */
export interface Criterion {
  readonly id: CriterionId
  readonly version: number
  readonly level: Level
  /** How cards name it. */
  readonly title: string
  /** Microsoft's step, e.g. `step 2`. */
  readonly step: string
  /** Pass and fail in words, for the `why` card. */
  readonly rule: string
  /** The questions it rests on, by their prefix before the colon; a change in them refreshes the row. */
  readonly restsOn: readonly string[]
  /** Further questions that may turn a ruling and that another criterion tells of: the row waits for them too. */
  readonly heeds?: readonly string[]
  /** Some of these questions may decide whatever the others say: a card shows the ruling sooner then. Absent: never. */
  readonly early?: {
    readonly restsOn: readonly string[]
    /** Reports whether nothing that is still owed can change the ruling; asked when the answers to these are all in. */
    isDecided(evidence: Evidence): boolean
  }
  judge(evidence: Evidence): Ruling
}

/** Every question that a criterion reads: what it cites and what it heeds. */
export function readOf({ restsOn, heeds = [] }: Pick<Criterion, 'restsOn' | 'heeds'>): readonly string[] {
  return [...restsOn, ...heeds]
}

/** The findings of one code by one runner. */
export function findingsOf<C extends FindingCode>(
  evidence: Evidence,
  code: C,
  runnerId?: string,
): readonly FindingOf<C>[] {
  return evidence.findings.filter(
    (finding): finding is FindingOf<C> =>
      finding.code === code && (runnerId === undefined || finding.runnerId === runnerId),
  )
}

/** The runners that owe anything, in plan order. */
export function runnersOf(evidence: Evidence): readonly string[] {
  return [...new Set(evidence.owed.map((owed) => owed.runnerId))]
}

/** The owed questions of a runner whose name is `prefix` or starts with `prefix:`, that no finding answers. */
export function unanswered(evidence: Evidence, runnerId: string, prefix: string): readonly OwedQuestion[] {
  return questionsOf(evidence, runnerId, prefix).filter(
    (owed) =>
      !evidence.findings.some(
        (finding) => finding.measurementId === owed.measurementId && finding.question === owed.question,
      ),
  )
}

/** The owed questions of a runner whose name is `prefix` or starts with `prefix:`. */
export function questionsOf(evidence: Evidence, runnerId: string, prefix: string): readonly OwedQuestion[] {
  return evidence.questions.filter((owed) => owed.runnerId === runnerId && isOf(owed.question, [prefix]))
}

/** Reports whether a question has one of these prefixes: all of it, or what stands before its colon. */
export function isOf(question: Question, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => question === prefix || question.startsWith(`${prefix}:`))
}
