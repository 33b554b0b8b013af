import type { Probe } from '../core/probe.ts'
import { evaluate, questionOf } from './front-door/evaluate.ts'
import { type FrontDoorResult, resultSchema } from './front-door/result.ts'
import { run } from './front-door/run.ts'
import { readBy } from './shared/schema.ts'
import { distinctTargets } from './shared/targets.ts'

/**
 * Question `door:<host>` (Exchange): to which of Microsoft's front doors is the office led, and which one answers?
 * Question `edge:<host>` (SharePoint): which edge of Microsoft's network takes the traffic in?
 *
 * Method, Exchange. The system looks the host up twice per configured server; then each configured server (four at
 * most) is asked four times for A records, the first answer discarded. Only the last name of the CNAME chain is read,
 * by its known form; any other naming is "not known", never wrong. At most two addresses per door get one HTTPS GET
 * that needs no sign-in; whatever the status, the first-hop header names the door.
 * Method, SharePoint. One system lookup, three GETs for `X-MSEdge-Ref`, three TCP connects. Anycast: the egress
 * decides the edge, DNS does not. `{tenant}` comes from the runner's own configuration only.
 * Private, CGNAT and other addresses that no public service can have are reported and never contacted.
 *
 * Result. Chains, addresses and codes as they came. Evaluated to one finding per target: `doors-seen`, `edge-seen`,
 * `private-answer` when no answer was public, else `unmeasured`. Beside it, never owed, `range:<host>` per public
 * answer outside the published ranges of the host's set.
 *
 * IPv6, Exchange: AAAA records, where the name has them, are looked at as the A records are and judged apart, but for a
 * family that this host cannot use (see `shared/families.ts`).
 * IPv6, SharePoint: one family is looked at. IPv4; IPv6 where the name has no A record, or no way leads to IPv4.
 * Both: where there is any IPv6 address, `ipv4only.arpa` tells the prefix of a NAT64 (RFC 7050): an address behind one is
 * named and judged by the IPv4 address inside.
 *
 * Blind to: doors that rotate slower than these few seconds; whether Microsoft holds the door
 * for a good one (its list of best doors is not published); the edge that SharePoint's traffic takes over IPv6 where the
 * host reaches it by IPv4, though applications may prefer IPv6.
 *
 * Source: research/probes.md 1b; research/domain.md 6.1 to 6.3.
 */
export const frontDoor: Probe<FrontDoorResult> = {
  name: 'front-door',
  version: 3,
  budgetMs: 25_000,
  questions: (params) => distinctTargets(params.targets).map(questionOf),
  read: (value) => readBy(resultSchema, value),
  run,
  evaluate,
}
