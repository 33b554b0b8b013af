import type { Criterion, Evidence } from '../core/evidence.ts'
import { questionsOf, runnersOf } from '../core/evidence.ts'
import type { Remedy, Ruling } from '../core/ruling.ts'
import { isNoMeasurement, type Judged, nameOf, rulingOf, unproven } from './shared.ts'

const REMEDY: Remedy = {
  order: 4,
  act: 'Check again with the newest list',
  how: 'Runners fetch the endpoint list themselves; look whether each reaches endpoints.office.com.',
}

/** The exit criteria of March 2018 asked for a plan for endpoint changes; polling the list and covering it is one. */
const SOURCE = 'Microsoft 365 networking exit criteria, 5 Mar 2018'

/** Microsoft asks for a look at the version daily, hourly at the most: older than a day is not on time. */
const ON_TIME_MS = 24 * 3_600_000

/**
 * Optional: the evidence covers the endpoint list of now. Media is not waited for: it comes last, and its set is covered by
 * the relay's other question.
 */
export const endpointChanges: Criterion = {
  id: 'endpoint-changes',
  version: 1,
  level: 'optional',
  title: 'Endpoint changes',
  step: 'step 4 of March 2018',
  rule:
    'Passes when the hub saw within a day that its endpoint list is the newest, and every runner measured all that was ' +
    'owed with that list.',
  restsOn: ['resolver', 'door', 'edge', 'relay-egress', 'default-egress', 'rtt', 'tls'],
  judge: (evidence): Ruling => {
    const judged = runnersOf(evidence).map((runnerId) => ({
      runnerId,
      ruling: judgeRunner(evidence, runnerId),
    }))
    const decides = judged.find(({ ruling }) => ruling.verdict !== 'pass') ?? judged[0]
    if (decides === undefined) {
      const because = 'No runner was asked, so nothing was measured.'
      return rulingOf(endpointChanges, [], { verdict: 'unproven', because, remedy: REMEDY })
    }
    const { runnerId, ruling } = decides
    const findings = evidence.findings.filter((finding) => finding.runnerId === runnerId)
    const remedy = ruling.verdict === 'pass' ? {} : { remedy: REMEDY }
    return { ...rulingOf(endpointChanges, findings, { ...ruling, ...remedy }), runnerId }
  },
}

function judgeRunner(evidence: Evidence, runnerId: string): Judged {
  const { hub, refreshedAt, runners } = evidence.listVersions
  const limit = { text: `list ${hub}`, source: SOURCE }
  const name = nameOf(evidence, runnerId)
  const findings = evidence.findings.filter((finding) => finding.runnerId === runnerId)
  const questions = endpointChanges.restsOn.flatMap((prefix) => questionsOf(evidence, runnerId, prefix))
  const answered = questions.every((owed) =>
    findings.some(
      (finding) =>
        finding.measurementId === owed.measurementId &&
        finding.question === owed.question &&
        !isNoMeasurement(finding),
    ),
  )
  if (questions.length === 0 || !answered) {
    return unproven(`Runner ${name} did not measure all that was owed.`, { limit })
  }
  if (refreshedAt === null || refreshedAt < evidence.now - ON_TIME_MS) {
    return unproven(`List ${hub} was not refreshed within a day, so it may not be the newest.`, { limit })
  }
  const held = runners[runnerId]
  if (held === undefined) return unproven(`Runner ${name} did not say which list it holds.`, { limit })
  return held === hub
    ? { verdict: 'pass', because: `All that was owed was measured with list ${hub}.`, limit }
    : unproven(`Runner ${name} measured with list ${held}, the hub holds ${hub}.`, { limit })
}
