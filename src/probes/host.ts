import type { Probe } from '../core/probe.ts'
import { evaluate } from './host/evaluate.ts'
import { type HostResult, resultSchema } from './host/result.ts'
import { run } from './host/run.ts'
import { readBy } from './shared/schema.ts'

/**
 * Question `host`: which addresses does this host have, by which does it send, and is its clock right?
 * Question `proxy`: is a proxy set on it, and what does it do to Microsoft's names?
 * Beside them, never owed, `source-address`, `nat64` and `clock`.
 *
 * Method. The interfaces as the system lists them; names such as `utun` or `wg` are hints alone. One lookup of one host
 * per set, and the source address that the kernel would take towards it (a connected datagram socket, which sends
 * nothing): Optimize names against one ordinary name. The clock against the hub's. Proxies as the environment and the
 * system say (Windows: Internet Settings of the runner's user; macOS: scutil), read when the runner starts, without
 * passwords. Where one is set, one handshake with Microsoft straight and one inside the tunnel that the proxy opens
 * (CONNECT, without a password; an `https:` proxy is spoken to in TLS, whatever its own chain). A script (PAC) is recorded, never executed.
 * Where the host speaks IPv6, the system and each configured server are asked for the AAAA of `ipv4only.arpa`, which only a
 * DNS64 makes: they tell the prefix of the network's NAT64 (RFC 7050). All ends within ten seconds.
 *
 * Result. Evaluated to `host-seen`, with `different-source-address`, `nat64-prefix-seen` and `clock-wrong` beside it, and to one of
 * `no-proxy-set`, `proxy-script-set`, `proxy-compared`; `unmeasured` when the setting could not be read.
 *
 * Blind to: settings of other users, of single applications, of desktops on Linux, by WPAD or DHCP; what a script would
 * choose; adapters that an office's router hides; which of a world's interfaces carries what; a NAT64
 * that a host knows by other means than DNS (RFC 8781); one whose prefix is no public address space, which the policy lets nobody contact.
 *
 * Source: research/probes.md 1d (explicit proxy), 1e (source address); RFC 9110 9.3.6.
 */
export const host: Probe<HostResult> = {
  name: 'host',
  version: 2,
  budgetMs: 11_000,
  questions: () => ['host', 'proxy'],
  read: (value) => readBy(resultSchema, value),
  run,
  evaluate,
}
