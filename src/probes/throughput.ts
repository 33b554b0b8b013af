import type { Probe } from '../core/probe.ts'
import { readBy } from './shared/schema.ts'
import { evaluate } from './throughput/evaluate.ts'
import { resultSchema, type ThroughputResult } from './throughput/result.ts'
import { run } from './throughput/run.ts'

/**
 * Question `throughput`: how fast does a file come from SharePoint, and what does that do to everything else?
 *
 * Method. Only when somebody asks for it, and last. The first target is the tenant's SharePoint host; which of its files
 * is taken, the runner's own settings say (`DOORSTEP_DOWNLOAD`), never the hub; without it the word is `not-configured`.
 * One system lookup; at its first public IPv4 address one TCP connect that is not kept and then five, which is the idle
 * round trip. Then one HTTPS GET, at most 15 MB and 10 s, counted and let go, and meanwhile a TCP connect every 100 ms,
 * which is the round trip under load.
 *
 * Result. Bytes, the time of the whole file and the rate of its second half, from which TCP's slow start is gone; both
 * sets of round trips. Evaluated to `throughput-seen`, and beside it `buffer-bloat` where the median round trip grows
 * by Microsoft's 100 ms or more. An answer other than 200, and a file of less than 1 MB, measure nothing: `http-error`.
 *
 * Blind to: upload; what is free while others use the line, for it measures what is left; several connections, of which
 * a browser uses more than one; IPv6; a SharePoint that holds back by itself.
 *
 * Source: research/probes.md 1f; research/domain.md 3.1 rows 15 and 16, 4.2; RFC 6349, RFC 3148.
 */
export const throughput: Probe<ThroughputResult> = {
  name: 'throughput',
  version: 1,
  budgetMs: 25_000,
  questions: () => ['throughput'],
  read: (value) => readBy(resultSchema, value),
  run,
  evaluate,
}
