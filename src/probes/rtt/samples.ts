import type { SampleLine } from '../../core/sampled.ts'
import { t } from '../../core/t.ts'
import { failuresText, lookupLines, theirs, timesText } from '../shared/samples.ts'
import type { AddressTimed, RttResult } from './result.ts'

/** The times of every address that was timed, then the lookups that led to it. */
export function rttSamples({ hosts }: RttResult): readonly SampleLine[] {
  return hosts.flatMap(({ target, system, answers, timed, source6 }) => [
    { of: t`Host`, about: target, says: [theirs(target)] },
    ...timed.flatMap((one) => timedLines(target, one)),
    ...(source6 === null ? [] : [{ of: 'IPv6', about: target, says: [t`from `, theirs(source6)] }]),
    ...lookupLines(target, system, answers),
  ])
}

function timedLines(about: string, { address, tcpMs, tcpFailures, tls, tlsFailures }: AddressTimed) {
  const of = theirs(address)
  const failed = (words: string) => (words === '' ? '' : `; ${words}`)
  const lines: SampleLine[] = [
    { of, about, says: [t`TCP ${timesText(tcpMs)}${failed(failuresText(tcpFailures))}`] },
  ]
  if (tls.length + tlsFailures.length === 0) return lines
  const trips = [...new Set(tls.map(({ roundTrips }) => roundTrips))].join(t` or `)
  const counted = trips === '' ? '' : t` (round trips: ${trips})`
  const times = timesText(tls.map(({ ms }) => ms))
  return [...lines, { of, about, says: [t`TLS ${times}${counted}${failed(failuresText(tlsFailures))}`] }]
}
