import type { Probe } from '../core/probe.ts'
import { evaluate } from './rtt/evaluate.ts'
import { type RttResult, resultSchema } from './rtt/result.ts'
import { run } from './rtt/run.ts'
import { readBy } from './shared/schema.ts'
import { distinctTargets } from './shared/targets.ts'

/**
 * Question `rtt:<host>` (Exchange): how long is the round trip to the doors that the office is led to?
 *
 * Method. Resolved as in `front-door` (system lookups, then one query per configured server; AAAA records too,
 * where there are any, and the prefix of a NAT64 as in `front-door`), grouped by door and family; one
 * address of at most four doors. TCP connect to port 443 at the literal address, one discarded and seven kept; TLS
 * handshake, one discarded and three kept; all one at a time, or four where the first took more than 100 ms. Where
 * the median is well above the least, as many again after a pause, up to three times. Two timeouts in a row end an address.
 *
 * Result. Raw samples in ms with two decimals. Evaluated to one `door-timed` per host: least (distance, physics) and
 * median (experience) of the TCP times, and the least TLS time per round trip, which a proxy that ends TCP cannot
 * shorten. `unmeasured` when no door could be timed. Beside it, never owed, `ipv6-unanswered` where
 * every connect to the name's IPv6 addresses timed out, from an address of the host's own, and IPv4 answers.
 *
 * Blind to: what happens behind the front door; an ICMP path; load at other times of day; a proxy that ends both TCP
 * and TLS makes the round trip one to the proxy (`tls-path` tells).
 *
 * Source: research/probes.md 1b (limits of light), 1d, 1g (number of samples); RFC 8305.
 */
export const rtt: Probe<RttResult> = {
  name: 'rtt',
  version: 3,
  budgetMs: 30_000,
  questions: (params) => distinctTargets(params.targets).map((target) => `rtt:${target.host}`),
  read: (value) => readBy(resultSchema, value),
  run,
  evaluate,
}
