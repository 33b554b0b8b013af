import type { Finding } from '../../core/finding.ts'
import type { EvaluateContext } from '../../core/probe.ts'
import { finding, unmeasured } from '../shared/findings.ts'
import { addressesOf, lookupFailures } from '../shared/lookup.ts'
import { commonest, median, round2 } from '../shared/numbers.ts'
import { shownHost } from '../shared/targets.ts'
import type { ThroughputResult } from './result.ts'

const QUESTION = 'throughput'

/** A smaller file ends within TCP's slow start on any path, and tells of nothing else. */
const LEAST_BYTES = 1_000_000

/** Microsoft's connectivity test calls it buffer bloat from 100 ms on (4 Dec 2024). */
const BLOAT_MS = 100

/** A median of fewer connects under load is one of chance. */
const FEWEST_LOADED = 5

/** The speed, and beside it what it does to round trips. */
export function evaluate(result: ThroughputResult, context: EvaluateContext): readonly Finding[] {
  const asked = context.measurement.params.targets[0]?.host ?? ''
  const host = shownHost(asked, result.target)
  if (!asked.includes('{tenant}') && asked !== result.target) {
    return [unmeasured(context, QUESTION, 'result-refused')]
  }
  const { download } = result
  if (download === null) {
    const found = addressesOf([result.system], []).length > 0
    const word = found ? 'policy-refused' : (commonest(lookupFailures([result.system], [])) ?? 'dns-empty')
    return [unmeasured(context, QUESTION, word)]
  }
  if ('failure' in download) return [unmeasured(context, QUESTION, download.failure)]
  const { status, bytes, ms, secondHalfPerMs, ended } = download
  const tooSmall = bytes < LEAST_BYTES && ended === 'whole'
  if (status !== 200 || tooSmall || ms <= 0) return [unmeasured(context, QUESTION, 'http-error')]
  const idleMs = median(result.idle?.tcpMs ?? [])
  const under = result.loaded?.tcpMs ?? []
  const loadedMs = under.length < FEWEST_LOADED ? null : median(under)
  const seen = finding(context, QUESTION, 'throughput-seen', {
    host,
    bytes,
    wholeMBps: megabytes(bytes / ms),
    secondHalfMBps: secondHalfPerMs === null ? null : megabytes(secondHalfPerMs),
    idleMs,
    loadedMs,
  })
  if (idleMs === null || loadedMs === null || loadedMs - idleMs < BLOAT_MS) return [seen]
  const bloat = { host, idleMs, loadedMs, addedMs: round2(loadedMs - idleMs) }
  return [seen, finding(context, 'buffer-bloat', 'buffer-bloat', bloat)]
}

/** Bytes per ms as MB/s with three decimals: two would lift what is just below a limit onto it. */
function megabytes(perMs: number): number {
  return Math.floor(perMs) / 1_000
}
