import type { Finding } from '../../core/finding.ts'
import type { MediaSeen } from '../../core/findings/media.ts'
import type { EvaluateContext } from '../../core/probe.ts'
import { finding, unmeasured } from '../shared/findings.ts'
import { addressesOf, lookupFailures } from '../shared/lookup.ts'
import { commonest, least, median, round2 } from '../shared/numbers.ts'
import { DESTINATIONS, INTERVAL_MS, type MediaResult, type Train } from './result.ts'

const QUESTION = 'media'

/** Fewer decided datagrams than half a second's say nothing about a path. */
const FEWEST = 25

/** Microsoft looks at bursts of loss in any 200 ms. */
const BURST = 200 / INTERVAL_MS

/** RFC 3550 A.8: each difference counts for one sixteenth; the estimate has settled after as many. */
const GAIN = 16

/** With fewer times a jitter would be one of a few datagrams. */
const FEWEST_TIMES = 10

/** One finding on the media path. */
export function evaluate(result: MediaResult, context: EvaluateContext): readonly Finding[] {
  return [mediaFinding(result, context)]
}

function mediaFinding(result: MediaResult, context: EvaluateContext): Finding {
  const asked = context.measurement.params.targets[0]?.host
  if (asked !== result.target) return unmeasured(context, QUESTION, 'result-refused')
  if (addressesOf(result.system, []).length === 0) {
    const failure = commonest(lookupFailures(result.system, [])) ?? 'dns-empty'
    return unmeasured(context, QUESTION, failure)
  }
  // Every address was one that no public service can have.
  if (result.trains.length === 0) return unmeasured(context, QUESTION, 'policy-refused')
  const destinations = result.trains.map(seenOf)
  const sent = destinations.filter(({ failure }) => failure === null)
  const answered = sent.some(({ medianMs }) => medianMs !== null)
  const apart = new Set(sent.map(({ to }) => to)).size
  if (!answered && apart < DESTINATIONS) {
    const failures = destinations.flatMap(({ failure }) => failure ?? [])
    return unmeasured(context, QUESTION, commonest(failures) ?? 'timeout')
  }
  const { hops } = result
  return finding(context, QUESTION, 'media-seen', {
    host: result.target,
    destinations,
    hops: hops !== null && 'hops' in hops ? hops.hops : null,
  })
}

function seenOf(train: Train): MediaSeen {
  const nothing = { sent: 0, lost: 0, reordered: 0, burst: 0, minMs: null, medianMs: null, jitterMs: null }
  if ('failure' in train) return { to: train.to, ...nothing, failure: train.failure }
  const { to, packets, blurred, reordered } = train
  const sent = packets.length + blurred
  if (sent < FEWEST) return { to, ...nothing, failure: 'timeout' }
  const times = packets.flatMap((ms) => ms ?? [])
  return {
    to,
    sent,
    lost: packets.length - times.length,
    reordered,
    burst: burstOf(packets),
    minMs: least(times),
    medianMs: median(times),
    jitterMs: jitterOf(times),
    failure: null,
  }
}

/** The most lost of as many datagrams in a row as are sent in 200 ms. */
function burstOf(packets: readonly (number | null)[]): number {
  let most = 0
  let lost = 0
  for (const [at, ms] of packets.entries()) {
    if (ms === null) lost += 1
    if (at >= BURST && packets[at - BURST] === null) lost -= 1
    most = Math.max(most, lost)
  }
  return most
}

/**
 * RFC 3550's running estimate on the differences of round trips in the order sent, and of it the median once it has
 * settled: its last value would tell of the last third of a second alone. Null with too few times.
 */
export function jitterOf(times: readonly number[]): number | null {
  if (times.length < FEWEST_TIMES) return null
  let jitter = 0
  const settled: number[] = []
  for (const [at, ms] of times.entries()) {
    const before = times[at - 1]
    if (before === undefined) continue
    jitter += (Math.abs(ms - before) - jitter) / GAIN
    if (at >= Math.min(GAIN, times.length / 2)) settled.push(jitter)
  }
  const middle = median(settled)
  return middle === null ? null : round2(middle)
}
