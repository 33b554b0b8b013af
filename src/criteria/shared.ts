import type { Criterion, Evidence } from '../core/evidence.ts'
import { isOf, questionsOf, runnersOf, unanswered } from '../core/evidence.ts'
import type { Failure } from '../core/failure.ts'
import { FAILURES } from '../core/failure.ts'
import type { Finding, FindingOf } from '../core/finding.ts'
import { overrideFor } from '../core/office.ts'
import type { Limit, Offer, Remedy, Ruling, Signal } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import type { CriterionId } from '../core/verdict.ts'
import { plainSentence } from './words.ts'

/**
 * How far an egress, a resolver or a door may be: Microsoft's network connectivity test raises an insight above
 * "500 miles (800 kilometers)".
 */
export const LOCAL_KM = 800

export const CONNECTIVITY_TEST = t`Microsoft 365 network connectivity test, 4 Dec 2024`
export const EXIT_CRITERIA = t`Microsoft 365 networking exit criteria, 23 Sep 2019`

/** What one runner's evidence says about one criterion. */
export interface Judged {
  readonly verdict: 'pass' | 'fail' | 'unproven'
  readonly because: string
  readonly signals?: readonly Signal[]
  readonly limit?: Limit
  readonly offer?: Offer
  readonly remedy?: Remedy
}

/** A limit with who set it: Microsoft, or an admin of the office. */
export interface AppliedLimit {
  readonly value: number
  /** An admin replaced the number. */
  readonly overridden: boolean
  limit(text: string): Limit
}

/** The limit of a criterion: `standard` from `source`, or the office's override that holds now. */
export function limitOf(evidence: Evidence, id: CriterionId, standard: number, source: string): AppliedLimit {
  const override = overrideFor(evidence.office, id, evidence.now)
  return override === undefined
    ? { value: standard, overridden: false, limit: (text) => ({ text, source }) }
    : {
        value: override.value,
        overridden: true,
        limit: (text) => ({ text, source: t`set for this office`, overriddenBy: override.author }),
      }
}

/**
 * Judges each runner alone and never averages: one that fails decides and is named, else one that is unproven, and
 * every runner that owes must pass. `remedy` is used where a ruling that does not pass brings none.
 */
export function ruleByRunner(
  evidence: Evidence,
  criterion: Pick<Criterion, 'id' | 'level' | 'restsOn'>,
  remedy: Remedy,
  judge: (runnerId: string) => Judged,
): Ruling {
  const owing = runnersOf(evidence).filter((runnerId) =>
    criterion.restsOn.some((prefix) => questionsOf(evidence, runnerId, prefix).length > 0),
  )
  const judged = owing.map((runnerId) => ({ runnerId, ruling: judge(runnerId) }))
  const decides =
    judged.find(({ ruling }) => ruling.verdict === 'fail') ??
    judged.find(({ ruling }) => ruling.verdict === 'unproven') ??
    judged[0]
  if (decides === undefined) {
    const because = t`No runner was asked, so nothing was measured.`
    return rulingOf(criterion, [], { verdict: 'unproven', because, remedy })
  }
  const { runnerId, ruling } = decides
  const named = judged.length > 1 && ruling.verdict !== 'pass'
  const because = named ? t`Runner ${nameOf(evidence, runnerId)}: ${ruling.because}` : ruling.because
  const findings = evidence.findings.filter(
    (finding) => finding.runnerId === runnerId && isOf(finding.question, criterion.restsOn),
  )
  const withRemedy = ruling.verdict === 'pass' ? ruling : { remedy, ...ruling }
  return { ...rulingOf(criterion, findings, { ...withRemedy, because }), runnerId }
}

/** Completes what was judged to a ruling. */
export function rulingOf(
  criterion: Pick<Criterion, 'id' | 'level'>,
  findings: readonly Finding[],
  { signals = [], ...judged }: Judged,
): Ruling {
  const because = plainSentence(judged.because)
  return { criterion: criterion.id, level: criterion.level, ...judged, because, signals, findings }
}

/** How a runner is named in a sentence. */
export function nameOf(evidence: Evidence, runnerId: string): string {
  return evidence.runnerNames[runnerId] ?? runnerId
}

/** Words of failure that mean that no measurement took place at all. */
const NO_MEASUREMENT: readonly Failure[] = ['runner-silent', 'no-runner', 'deadline-passed']

/** Reports whether a finding says that nothing was measured. */
export function isNoMeasurement(finding: Finding): boolean {
  return finding.code === 'unmeasured' && NO_MEASUREMENT.includes(finding.args.failure)
}

/**
 * The sentence for a question that was owed and that no measurement answers, good or bad: none came, or it never took
 * place. Null when all are answered; a failure that the network gave is an answer. Every criterion asks this for each
 * kind of question it looked at before it lets anything pass, so that taking evidence away never makes a verdict better.
 */
export function missing(evidence: Evidence, runnerId: string, prefixes: readonly string[]): string | null {
  const lost = prefixes.some(
    (prefix) =>
      unanswered(evidence, runnerId, prefix).length > 0 ||
      unmeasuredOf(evidence, runnerId, prefix).some(isNoMeasurement),
  )
  return lost ? t`A measurement that was owed is missing.` : null
}

/**
 * The sentence for a kind of question that a runner must have answered with more than a failure: never asked, missing,
 * or not measured. Null when each was.
 */
export function unlearned(evidence: Evidence, runnerId: string, prefix: string, what: string): string | null {
  const owed = questionsOf(evidence, runnerId, prefix)
  if (owed.length === 0) return t`${what} was not asked for.`
  const failed = unmeasuredOf(evidence, runnerId, prefix)[0]
  if (failed !== undefined) {
    const { failure } = failed.args
    return failure === 'runner-silent'
      ? t`Runner ${nameOf(evidence, runnerId)} does not answer, so nothing was measured.`
      : t`${what} was not observed: ${FAILURES[failure]}.`
  }
  return missing(evidence, runnerId, [prefix])
}

/** What of a kind of question was not measured. */
export function unmeasuredOf(
  evidence: Evidence,
  runnerId: string,
  prefix: string,
): readonly FindingOf<'unmeasured'>[] {
  return evidence.findings.filter(
    (finding): finding is FindingOf<'unmeasured'> =>
      finding.code === 'unmeasured' &&
      finding.runnerId === runnerId &&
      (finding.question === prefix || finding.question.startsWith(`${prefix}:`)),
  )
}

export function unproven(because: string, rest: Omit<Judged, 'verdict' | 'because'> = {}): Judged {
  return { verdict: 'unproven', because, ...rest }
}
