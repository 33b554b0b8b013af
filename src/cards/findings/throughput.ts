import type { ThroughputFindings } from '../../core/findings/throughput.ts'
import { t } from '../../core/t.ts'
import { mbpsText, msText } from '../formats.ts'
import { outside } from '../text.ts'
import type { FindingWords } from './words.ts'

/** A megabyte is a million bytes, as in Microsoft's table. */
const MEGABYTE = 1_000_000

/** What people read of each finding about a download. */
export const THROUGHPUT_WORDS: FindingWords<ThroughputFindings> = {
  'throughput-seen': {
    severity: 'fact',
    sentence: ({ host, bytes, wholeMBps, secondHalfMBps, idleMs, loadedMs }) => {
      const half = secondHalfMBps === null ? '' : t`, ${mbpsText(secondHalfMBps)} in its second half`
      const trips =
        idleMs === null || loadedMs === null
          ? ''
          : t` Round trips took ${msText(idleMs)} before and ${msText(loadedMs)} meanwhile.`
      const size = t`${(bytes / MEGABYTE).toFixed(1)}\u00a0MB`
      return t`Download from ${outside(host)}: ${mbpsText(wholeMBps)} over ${size}${half}.${trips}`
    },
    remedy: null,
    source: t`Microsoft 365 network connectivity test, 4 Dec 2024; RFC 6349`,
  },
  'buffer-bloat': {
    severity: 'notice',
    sentence: ({ host, idleMs, loadedMs, addedMs }) =>
      t`While a file came from ${outside(host)}, a round trip took ${msText(loadedMs)} in place of ${msText(idleMs)}: ${msText(addedMs)} more, limit 100\u00a0ms.`,
    remedy: t`A queue on the way fills up: give the router a smart queue (fq_codel, CAKE) or shape a little below the line’s rate.`,
    source: t`Microsoft 365 network connectivity test, buffer bloat, 4 Dec 2024`,
  },
}
