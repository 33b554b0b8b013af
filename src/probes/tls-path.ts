import type { X509Certificate } from 'node:crypto'
import type { Probe } from '../core/probe.ts'
import { readBy } from './shared/schema.ts'
import { distinctTargets } from './shared/targets.ts'
import { evaluate } from './tls-path/evaluate.ts'
import { resultSchema, type TlsPathResult } from './tls-path/result.ts'
import { run } from './tls-path/run.ts'

/**
 * Question `tls:<host>` per target: does the office speak to Microsoft's host itself, or to something between?
 * Beside it, never owed, `range:<host>` where the name leads to a public address outside the published ranges, and
 * `chain:<host>` for a cause that is certain.
 *
 * Method. At most five hosts at once. The system looks the name up (a name that does not exist cannot be inspected;
 * private, CGNAT and other answers that no public service can have are reported and never contacted). At the literal
 * address one handshake is discarded and three are kept, two when the first took more than 250 ms; where the chain did
 * not verify, then one GET of `/` for the status and the `Server` header. Where the first handshake fails, it is tried
 * once with a small ClientHello, unless not even TCP answers, and where that gets through, once more with the large one:
 * only what fails twice is dropped for its size, and nothing is where this program's own ClientHello is small (OpenSSL
 * before 3.5).
 * Hosts whose handshakes look as slow as through a proxy are shaken again, alone.
 * Exchange hosts are also asked for at the configured servers, for the CNAME that names the door.
 * One family is looked at per host: IPv4; IPv6 where a name has no IPv4 address or the host no route to it. An address
 * behind a NAT64 (`ipv4only.arpa`) is judged by the IPv4 address inside.
 *
 * Result. The chain as it was sent, verified against the clean public roots alone; what only the runner can tell of
 * it (whether its highest issuer bears a clean root's name, and that root's signature; whether a root that
 * the machine's own store adds to the public ones reaches it, read once, where a chain did not verify); raw times. Evaluated to
 * `tls-seen` with the state of the chain (see `tls-path/chain-state.ts`), `host-absent`, `private-answer` or
 * `unmeasured`; beside it to `issuer-impersonated`, `chain-incomplete` and `large-clienthello-dropped`.
 *
 * Blind to: an explicit proxy that applications use and the runner does not; inspection that leaves the probe out;
 * client certificates; a genuine chain that leaves out its bridge to the public roots, until the runner's owner names
 * the newer root (`DOORSTEP_PROBE_ROOTS`); stores of other users and of single applications; an inspector's leaf alone
 * under an authority that is no root; hosts that only exist as wildcards without a concrete name; what stands on
 * the way over IPv6 where the host reaches the name by IPv4, though applications may prefer IPv6; a
 * name's other addresses.
 *
 * Source: research/probes.md 1d, 2f; design 5 `no-proxy-or-inspection`.
 *
 * `knownIntermediates` are genuine intermediates that front doors are known to leave out.
 */
export function createTlsPath(knownIntermediates: readonly X509Certificate[]): Probe<TlsPathResult> {
  return {
    name: 'tls-path',
    version: 3,
    budgetMs: 40_000,
    questions: (params) => distinctTargets(params.targets).map((target) => `tls:${target.host}`),
    read: (value) => readBy(resultSchema, value),
    run,
    evaluate: (result, context) => evaluate(result, context, knownIntermediates),
  }
}

/** None is known to be both left out and stable enough to ship. */
export const tlsPath = createTlsPath([])
