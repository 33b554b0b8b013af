import type { Probe } from '../core/probe.ts'
import { evaluate, questionsOf } from './reach/evaluate.ts'
import { type ReachResult, resultSchema } from './reach/result.ts'
import { run } from './reach/run.ts'
import { readBy } from './shared/schema.ts'

/**
 * Question `reach:<set id>` per required set: does a name of the set answer this office at all?
 *
 * Method. One concrete host per set (endpoints/reach-hosts.ts). One system lookup, one connection to one address, one
 * HTTPS HEAD of `/`: any status is an answer, for whether the name may be used by somebody is not asked. Where the set
 * names port 80 the same is asked there in plain HTTP beside it, as Microsoft's own test does. At most four hosts
 * begin at once; one that needs longer than 150 ms waits for its path, and the next begins beside it, so that some
 * sixteen are under way behind 190 ms. All ends within twelve seconds. The Teams relay gets one STUN Binding on each
 * of its four ports. A 407, or a 403 with a proxy's `Server` header, is a proxy's word, but not behind a chain that
 * verified: there nobody but Microsoft can answer; on port 80 anybody may, and a proxy that takes that port alone
 * shows itself there. Private, CGNAT and other answers that no public service can have are reported and never
 * contacted. Where IPv6 alone leads out, whatever bridges of containers hold, it is asked by; behind a NAT64 the IPv4
 * address inside counts.
 *
 * Result. Per host what the lookup said, the address, and the status or the failure. Evaluated to one `reach-seen` per
 * set, failures included; `unmeasured` only where no host of the set was asked. The hub then compares with what other
 * offices last saw: `reach-fails-here`, `reach-fails-everywhere`.
 *
 * Blind to: the other names of a set, IPv6 where IPv4 leads out, sets of wildcards of which no concrete name
 * is known, an explicit proxy that applications use and the runner does not.
 *
 * Source: research/domain.md 3.1 row 22 (Microsoft's own test: no response, 407 and 403 from a proxy).
 */
export const reach: Probe<ReachResult> = {
  name: 'reach',
  version: 3,
  budgetMs: 14_000,
  questions: (params) => questionsOf(params.targets),
  read: (value) => readBy(resultSchema, value),
  run,
  evaluate,
}
