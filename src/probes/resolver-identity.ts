import type { Probe } from '../core/probe.ts'
import { evaluate } from './resolver-identity/evaluate.ts'
import { type ResolverIdentityResult, resultSchema } from './resolver-identity/result.ts'
import { run } from './resolver-identity/run.ts'
import { readBy } from './shared/schema.ts'

/**
 * Question `resolver`: from which addresses does Microsoft's authority see this office's names being asked for?
 *
 * Method. With a beacon zone: eight one-time names through the system's own lookup (the answer is the asker's
 * address), sightings of at most two of them read back for the client subnet; then each configured server (four at
 * most) is asked for eight one-time names by plain DNS, five together, and three alone for the uncached time; then a
 * name with a TTL once and five times more, alone, for the cached time. The five come first: they teach the resolver
 * the way to the zone, so that the least uncached time holds no referral, and a dead server costs one timeout.
 * Without a beacon: public whoami names, two system lookups, no uncached time, because their answers are cached.
 * A server that stays silent twice in a row is not asked again.
 *
 * Result. Raw samples in ms with two decimals. Evaluated to one `resolvers-seen`: addresses that served the system's
 * lookups, configured servers that answered but served none of them, and those that did not answer. A place is
 * registered, near, bounded by the uncached time (within uncached/2 x 200 km), far, disputed (far, yet time forbids
 * it) or unlocated.
 *
 * Blind to: encrypted DNS of browsers; addresses of a pool with a small share; interception of port 53; names of
 * Microsoft that take another resolver (conditional forwarding) than the beacon's.
 *
 * Source: research/probes.md 1a; Microsoft's own tool works the same way (research/domain.md 3.1 row 9).
 */
export const resolverIdentity: Probe<ResolverIdentityResult> = {
  name: 'resolver-identity',
  version: 1,
  budgetMs: 20_000,
  questions: () => ['resolver'],
  read: (value) => readBy(resultSchema, value),
  run,
  evaluate,
}
