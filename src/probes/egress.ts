import type { Probe } from '../core/probe.ts'
import { evaluate } from './egress/evaluate.ts'
import { type EgressResult, resultSchema } from './egress/result.ts'
import { run } from './egress/run.ts'
import { readBy } from './shared/schema.ts'

/**
 * Question `relay-egress`: by which addresses does the office's Optimize traffic leave, as Microsoft's Teams relay
 * sees it? Beside it, never owed, `default-egress`: by which address does everything else leave? `beacon-egress`: by
 * which addresses does UDP leave to elsewhere? and `range:<host>` where the relay's name leads to a public address
 * outside the published ranges.
 *
 * Method. The first target is the relay. Looked up by the system and by each configured server (its CNAME names the
 * region). Eight STUN Bindings from new source ports to UDP 3478, spread over up to four addresses, the first two
 * alone, the others together: per-flow and per-destination balancing both show. IPv6 addresses get eight of their
 * own, unless the host has no route there; behind a NAT64 (`ipv4only.arpa`) they are named by the IPv4 address inside, and
 * what the relay sees is the NAT64's own. An echo, where the runner's settings name one, gives the default path.
 * Last, beside nothing that is timed, the beacon's STUN, where a beacon is configured: `ns.<zone>` as the system looks it
 * up, two Bindings per family to UDP 3478, given up after 0.6 s.
 * A relay that answers a Binding with nothing or an error is asked for an Allocate once: its error proves the round trip
 * and tells no address.
 * Private, CGNAT and other answers that no public service can have are reported and never contacted.
 *
 * Result. Every flow with where it went, what the relay saw and how long it took. Evaluated to `relay-egress-seen`
 * with each flow's place, and beside it, never owed, to `relay-region-seen` where the CNAME names a region;
 * `private-answer` when no answer was public; `unmeasured` when no flow was answered. `beacon-egress-seen` names what
 * the beacon saw, nothing when it answered nothing: it may have no STUN.
 *
 * Blind to: ways out that fewer than one flow in ten takes; carrier-grade NAT; the path of TCP where it differs from
 * UDP's; where an address really is (registered ranges are exact, databases err).
 *
 * Source: research/probes.md 1c; research/domain.md 6.2 T1.
 */
export const egress: Probe<EgressResult> = {
  name: 'egress',
  version: 3,
  budgetMs: 20_000,
  questions: () => ['relay-egress'],
  read: (value) => readBy(resultSchema, value),
  run,
  evaluate,
}
