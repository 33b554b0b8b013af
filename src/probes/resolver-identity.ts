import type { Probe } from '../core/probe.ts'
import { evaluate } from './resolver-identity/evaluate.ts'
import { type ResolverIdentityResult, resultSchema } from './resolver-identity/result.ts'
import { run } from './resolver-identity/run.ts'
import { readBy } from './shared/schema.ts'

/**
 * Question `resolver`: from which addresses does Microsoft's authority see this office's names being asked for?
 *
 * Method. With a beacon zone: eight one-time names through the system's own lookup (the answer is the asker's
 * address), sightings of at most two of them read back for the client subnet and the other family, and of two more that
 * got no address; then each configured server (four at most; after systemd-resolved's stub, where that is the only one,
 * those that it asks itself, of all links) is asked for eight one-time names by plain DNS, five
 * together, and three alone for the uncached time (after a pause three more while they vary, eighteen in all at most); then a name
 * with a TTL once and five times more, alone, for the cached time. The five come first: they teach the resolver the way
 * to the zone, so that the least uncached time holds no referral, and a dead server costs one timeout. Without a beacon:
 * public whoami names, eight system lookups and up to eight questions to each server, cached time but no uncached time,
 * because their answers may come from a cache; port 53 and NXDOMAIN are not looked at. Where the A name of these is
 * answered to nobody, neither to the system nor to us, and one server alone is configured, its TXT answers tell who serves
 * the system: it is the only one that the system can have asked. A server that stays silent twice in a row is not asked
 * again.
 *
 * Beside it, where timing does not matter (what is read back, the subnet and the name that does not exist are sent once
 * more when half of their time passed without an answer: one lost datagram is not the end of them):
 * - A server that sends a client subnet on is asked for a name of Microsoft with that very subnet: the scope in the
 *   answer tells whether Microsoft's authority heeds it. A private prefix sent on is `client-subnet-leaked`.
 * - The beacon is asked at the address of `ns.<zone>`, and the silent address beside it: an answer without authority or
 *   with recursion, or any from the silent address, is `port-53-intercepted`. No answer is no finding: many offices let
 *   nobody but their resolvers out on port 53. By IPv4, or by IPv6 where that alone leads out.
 * - `x-<nonce>.<zone>` does not exist: a server that gives addresses for it has `nxdomain-rewritten`.
 * - Public services (Cloudflare, Google, Quad9, OpenDNS) tell their node by a name of their own; only their own servers,
 *   or servers whose questions come from their space, are asked for it. `resolver-nodes-seen` is shown and is no signal:
 *   the address that the authority saw is what Microsoft judges by.
 * - Datagrams that belong to none of its questions are counted: ten in a server's name are `stray-dns-answers`.
 * No criterion judges these findings.
 *
 * Families. Each address is judged by itself, because Microsoft's authority is asked from it: a far IPv6 address fails
 * like a far IPv4 one, and one without a known place that served a lookup leaves the criterion unproven, however near the
 * same resolver's IPv4 address is. An address of either family that was only seen by direct questions to a serving
 * server is listed as its sibling and not judged.
 *
 * Result. Raw samples in ms with two decimals, each with its transport (TCP only after truncation). Evaluated to one
 * `resolvers-seen`: addresses that served the system's lookups, configured servers that answered but served none of them,
 * and those that did not answer. A place is registered, near, bounded by the uncached time (within uncached/2 x 200 km),
 * far, disputed (far, yet time forbids it) or unlocated.
 *
 * Blind to: encrypted DNS of browsers; configured servers after the fourth, unless they serve one of the lookups; which of a
 * stub's servers serves which link or domain, and servers that it asks by encrypted DNS alone; addresses of a pool with a small share; interception that answers in the beacon's
 * name with its flags; wrong answers to a question that got no right one, and a second answer after the first; names of Microsoft that take another resolver (conditional forwarding) than the beacon's.
 *
 * Source: research/probes.md 1a; Microsoft's own tool works the same way (research/domain.md 3.1 row 9).
 */
export const resolverIdentity: Probe<ResolverIdentityResult> = {
  name: 'resolver-identity',
  version: 4,
  budgetMs: 20_000,
  questions: () => ['resolver'],
  read: (value) => readBy(resultSchema, value),
  run,
  evaluate,
}
