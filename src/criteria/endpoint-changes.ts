import type { Criterion, Evidence } from '../core/evidence.ts'
import { questionsOf, runnersOf } from '../core/evidence.ts'
import type { Finding } from '../core/finding.ts'
import { listMonth } from '../core/list-version.ts'
import { answersReach } from '../core/reach-memory.ts'
import type { Remedy, Ruling } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import { reachSignals } from './reach-evidence.ts'
import { isNoMeasurement, type Judged, nameOf, rulingOf, unproven } from './shared.ts'

const REMEDY: Remedy = {
  order: 4,
  act: t`Check again with the newest list`,
  how: t`Runners fetch the endpoint list themselves; look whether each reaches endpoints.office.com.`,
}

/** The exit criteria of March 2018 asked for a plan for endpoint changes; polling the list and covering it is one. */
const SOURCE = t`Microsoft 365 networking exit criteria, 5 Mar 2018`

/** Microsoft asks for a look at the version daily, hourly at the most: older than a day is not on time. */
const ON_TIME_MS = 24 * 3_600_000

/**
 * Optional: the evidence covers the endpoint list of now. Media is not waited for: it comes last, and its set is covered by
 * the relay's other question.
 */
export const endpointChanges: Criterion = {
  id: 'endpoint-changes',
  version: 2,
  level: 'optional',
  title: t`Endpoint changes`,
  step: t`step 4 of March 2018`,
  rule:
    t`Passes when the hub saw within a day that its endpoint list is the newest, and every runner measured all that was ` +
    t`owed with that list, a name of every required set included. A name that does not answer counts as measured.`,
  restsOn: [
    'resolver',
    'door',
    'edge',
    'relay-egress',
    'default-egress',
    'rtt',
    'tls',
    'reach',
    'host',
    'proxy',
  ],
  judge: (evidence): Ruling => {
    const judged = runnersOf(evidence).map((runnerId) => ({
      runnerId,
      ruling: judgeRunner(evidence, runnerId),
    }))
    const decides = judged.find(({ ruling }) => ruling.verdict !== 'pass') ?? judged[0]
    if (decides === undefined) {
      const because = t`No runner was asked, so nothing was measured.`
      return rulingOf(endpointChanges, [], { verdict: 'unproven', because, remedy: REMEDY })
    }
    const { runnerId, ruling } = decides
    const findings = evidence.findings.filter((finding) => finding.runnerId === runnerId && isTold(finding))
    const remedy = ruling.verdict === 'pass' ? {} : { remedy: REMEDY }
    const signals = reachSignals(evidence, runnerId)
    return { ...rulingOf(endpointChanges, findings, { ...ruling, ...remedy, signals }), runnerId }
  },
}

/** A name that does not answer is measured too; a set of which no name was asked is not. */
function isMeasured(finding: Finding): boolean {
  const unasked = finding.code === 'unmeasured' && finding.question.startsWith('reach:')
  return !unasked && !isNoMeasurement(finding)
}

/** Of some fifty sets those that answered are counted in a signal; the others are told one by one. */
function isTold(finding: Finding): boolean {
  return finding.code !== 'reach-seen' || !finding.args.hosts.every(answersReach)
}

function judgeRunner(evidence: Evidence, runnerId: string): Judged {
  const { hub, refreshedAt, runners } = evidence.listVersions
  const limit = { text: t`list ${hub}`, source: SOURCE }
  const name = nameOf(evidence, runnerId)
  const findings = evidence.findings.filter((finding) => finding.runnerId === runnerId)
  const questions = endpointChanges.restsOn.flatMap((prefix) => questionsOf(evidence, runnerId, prefix))
  const answered = questions.every((owed) =>
    findings.some(
      (finding) =>
        finding.measurementId === owed.measurementId &&
        finding.question === owed.question &&
        isMeasured(finding),
    ),
  )
  const sets = questionsOf(evidence, runnerId, 'reach').length
  if (questions.length === 0 || !answered || sets === 0) {
    return unproven(t`Runner ${name} did not measure all that was owed.`, { limit })
  }
  const stale = staleList(hub, refreshedAt, evidence.now)
  if (stale !== null) return unproven(stale, { limit })
  const held = runners[runnerId]
  if (held === undefined) return unproven(t`Runner ${name} did not say which list it holds.`, { limit })
  return held === hub
    ? { verdict: 'pass', because: t`All that was owed was measured with list ${hub}.`, limit }
    : unproven(t`Runner ${name} measured with list ${held}, the hub holds ${hub}.`, { limit })
}

/** Why the hub's list may not be the newest; null when it was on time. */
function staleList(version: string, refreshedAt: number | null, now: number): string | null {
  if (refreshedAt === null) {
    const month = listMonth(version)
    return month === null
      ? t`The hub could not fetch an endpoint list yet, and none came with Doorstep.`
      : t`The hub holds the snapshot of ${month} that came with Doorstep; it was not refreshed since, so it may not be the newest.`
  }
  return refreshedAt < now - ON_TIME_MS
    ? t`List ${version} was not refreshed within a day, so it may not be the newest.`
    : null
}
