import type { SampleLine } from '../../core/sampled.ts'
import { failuresText, lookupLines, theirs, timesText } from '../shared/samples.ts'
import type { AddressTimed, RttResult } from './result.ts'

/** The times of every address that was timed, then the lookups that led to it. */
export function rttSamples({ hosts }: RttResult): readonly SampleLine[] {
  return hosts.flatMap(({ target, system, answers, timed, source6 }) => [
    { of: 'Host', about: target, says: [theirs(target)] },
    ...timed.flatMap((one) => timedLines(target, one)),
    ...(source6 === null ? [] : [{ of: 'IPv6', about: target, says: ['from ', theirs(source6)] }]),
    ...lookupLines(target, system, answers),
  ])
}

function timedLines(about: string, { address, tcpMs, tcpFailures, tls, tlsFailures }: AddressTimed) {
  const of = theirs(address)
  const failed = (words: string) => (words === '' ? '' : `; ${words}`)
  const lines: SampleLine[] = [
    { of, about, says: [`TCP ${timesText(tcpMs)}${failed(failuresText(tcpFailures))}`] },
  ]
  if (tls.length + tlsFailures.length === 0) return lines
  const trips = [...new Set(tls.map(({ roundTrips }) => roundTrips))].join(' or ')
  const counted = trips === '' ? '' : ` (round trips: ${trips})`
  const times = timesText(tls.map(({ ms }) => ms))
  return [...lines, { of, about, says: [`TLS ${times}${counted}${failed(failuresText(tlsFailures))}`] }]
}
