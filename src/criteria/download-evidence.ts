import type { Evidence } from '../core/evidence.ts'
import { findingsOf, questionsOf } from '../core/evidence.ts'
import { FAILURES } from '../core/failure.ts'
import type { Remedy, Signal } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import { open, type Weighed } from './media-evidence.ts'
import { CONNECTIVITY_TEST, missing, unmeasuredOf } from './shared.ts'
import { limitText, mbpsText } from './words.ts'

/** Microsoft's connectivity test raises an insight below 1 MB/s, "one tenth of the circuit in megabits per second". */
const LEAST_MBPS = 1

const MORE_LINE: Remedy = {
  order: 3,
  act: t`Find what slows downloads, or widen the line`,
  how: t`Compare with the contract of the line and with what runs on it; look at traffic shaping and at Wi-Fi.`,
  mendedBy: ['local-egress', 'no-hairpin', 'no-proxy-or-inspection'],
}

/** What a download says of readiness. `part` is null where none was asked for, or none was measured. */
export interface DownloadJudged {
  readonly part: Weighed | null
  readonly signals: readonly Signal[]
}

/**
 * A download counts when it is measured: below the office's own target, or 1 MB/s, by the whole file and by its second
 * half, it fails. Asked for and not measured, it is told and changes nothing. Owed and missing is unproven.
 */
export function judgeDownload(evidence: Evidence, runnerId: string): DownloadJudged {
  if (questionsOf(evidence, runnerId, 'throughput').length === 0) return { part: null, signals: [] }
  const failure = unmeasuredOf(evidence, runnerId, 'throughput')[0]?.args.failure
  if (failure !== undefined) {
    const says = t`Download was asked for and not measured: ${FAILURES[failure]}.`
    return { part: null, signals: [{ name: t`Download`, word: t`not measured`, says }] }
  }
  const gap = missing(evidence, runnerId, ['throughput'])
  if (gap !== null) return { part: open(gap), signals: [] }
  const { downloadMBps: target } = evidence.office.targets
  const least = target ?? LEAST_MBPS
  const text = mbpsText(least)
  const limit = { text, source: target === undefined ? CONNECTIVITY_TEST : t`the office's own target` }
  const word = target === undefined ? limitText(text) : t`target\u00a0${text}`
  const parts = findingsOf(evidence, 'throughput-seen', runnerId).map(({ args }): Weighed => {
    const { wholeMBps, secondHalfMBps } = args
    const best = Math.max(wholeMBps, secondHalfMBps ?? 0)
    const because = t`Download ${mbpsText(best)}, ${word}.`
    if (best >= least) return { verdict: 'pass', because, limit, factor: 0 }
    // The whole file may be slow for its slow start alone: one of two numbers proves nothing.
    if (secondHalfMBps === null) {
      return open(t`${because} Too little came to be sure.`, { limit, remedy: MORE_LINE })
    }
    return { verdict: 'fail', because, limit, remedy: MORE_LINE, factor: least / Math.max(best, 0.001) }
  })
  const part = parts[0] ?? open(t`A measurement that was owed is missing.`)
  const WORDS = { pass: t`inside limits`, fail: t`outside limits`, unproven: t`not settled` } as const
  return { part, signals: [{ name: t`Download`, word: WORDS[part.verdict], says: part.because }] }
}
