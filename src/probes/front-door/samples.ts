import type { SampleLine } from '../../core/sampled.ts'
import { t } from '../../core/t.ts'
import { lookupLines, theirs, timesText } from '../shared/samples.ts'
import type { FrontDoorResult, Visit } from './result.ts'

/** What each address answered over HTTPS, with the code of its door, then the lookups that led there. */
export function frontDoorSamples({ doors, edges }: FrontDoorResult): readonly SampleLine[] {
  return [
    ...doors.flatMap(({ target, system, answers, visits }) => [
      { of: t`Host`, about: target, says: [theirs(target)] },
      ...visits.map((visit) => visitLine(target, visit)),
      ...lookupLines(target, system, answers),
    ]),
    ...edges.flatMap(({ target, host, system, visits, tcpMs }) => [
      {
        of: t`Host`,
        about: target,
        says: [theirs(host ?? target), ...(host === null ? [t`, no tenant is set`] : [])],
      },
      ...visits.map((visit) => visitLine(target, visit)),
      ...(tcpMs.length === 0 ? [] : [{ of: t`Edge`, about: target, says: [t`TCP ${timesText(tcpMs)}`] }]),
      ...lookupLines(target, [system]),
    ]),
  ]
}

function visitLine(about: string, visit: Visit): SampleLine {
  const of = theirs(visit.address)
  if ('failure' in visit) return { of, about, says: [visit.failure] }
  const { status, code, ms } = visit
  return { of, about, says: [t`${code ?? t`no code`}, HTTP ${status}: ${timesText([ms])}`] }
}
