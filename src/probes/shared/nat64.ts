import { z } from 'zod'
import { behindPrefixes, NAT64_NAME, parsePrefix, prefixesIn } from '../../core/nat64.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { familyOf } from './address.ts'
import { QUERY_TIMEOUT_MS, SYSTEM_TIMEOUT_MS } from './lookup.ts'
import { distinct } from './numbers.ts'

/** More prefixes than this are not kept: a network has one, and a second while it moves to another. */
const MAX_PREFIXES = 4

/** The prefixes of the network's NAT64, as far as they were looked up; empty: none, or nobody asked. */
export const nat64Schema = z
  .array(
    z
      .string()
      .max(43)
      .refine((text) => parsePrefix(text) !== null, 'no prefix of a NAT64'),
  )
  .max(MAX_PREFIXES)

/** The prefixes by which the system's resolver and some configured servers make IPv6 addresses of IPv4 ones. */
export async function askNat64(context: ProbeContext, servers: readonly string[] = []): Promise<string[]> {
  const { dns } = context.ports
  const { signal } = context
  if (signal.aborted) return []
  const [system, ...answers] = await Promise.all([
    dns.systemLookup(NAT64_NAME, 6, SYSTEM_TIMEOUT_MS, signal),
    ...distinct(servers).map((server) =>
      dns.query(
        { name: NAT64_NAME, type: 'AAAA', server, timeoutMs: QUERY_TIMEOUT_MS, resend: true },
        signal,
      ),
    ),
  ])
  const told = answers.map((one) =>
    one.ok ? one.result.records.flatMap(({ type, data }) => (type === 'AAAA' ? [data] : [])) : [],
  )
  const own = system.ok ? system.result.addresses.map(({ address }) => address) : []
  // Each answer by itself: two resolvers may have two prefixes.
  return distinct([own, ...told].flatMap(prefixesIn)).slice(0, MAX_PREFIXES)
}

/** What is asked only where an answer had an IPv6 address that may be one of a NAT64; `servers` gave such answers. */
export async function askNat64For(
  context: ProbeContext,
  addresses: readonly string[],
  servers: readonly string[] = [],
): Promise<string[]> {
  return addresses.some((address) => familyOf(address) === 6) ? askNat64(context, servers) : []
}

/** How an address is shown and judged: by the IPv4 address that it carries to a NAT64, or as it is. */
export function plainBy(prefixes: readonly string[]): (address: string) => string {
  const behind = behindPrefixes(prefixes)
  return (address) => behind(address) ?? address
}
