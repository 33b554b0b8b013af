import type { Failure } from '../../core/failure.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { familyOf, isPublic } from '../shared/address.ts'
import { addressesOf, lookupFailures, systemSample } from '../shared/lookup.ts'
import { bindingTo } from './binding.ts'
import { BEACON_FLOWS, type EgressResult } from './result.ts'

/**
 * It decides nothing, so a beacon that has no STUN, or a way that lets none by, may cost this much of a check; half the
 * world and a backhaul are 450 ms.
 */
const BINDING_TIMEOUT_MS = 600

/** As long as a question to one server; nothing of a resolver is judged by this lookup. */
const LOOKUP_TIMEOUT_MS = 2_000

/** Where the beacon's flows go, or why there are none; null when no beacon is configured. */
export type BeaconWays = { readonly to: readonly string[] } | { readonly failure: Failure } | null

/**
 * Looks `ns.<zone>` up: two flows per family that the host has, none by IPv4 where only IPv6 leads out (`preferred`). Private and other addresses that no public service can
 * have are never contacted.
 */
export async function findBeacon(context: ProbeContext, preferred: 4 | 6): Promise<BeaconWays> {
  const { beacon: zone } = context.settings
  if (zone === null) return null
  const lookup = (family: 4 | 6) =>
    context.ports.dns.systemLookup(`ns.${zone}`, family, LOOKUP_TIMEOUT_MS, context.signal)
  const system = (await Promise.all([lookup(4), lookup(6)])).map(systemSample)
  const addresses = addressesOf(system, []).filter(isPublic)
  const of = (family: 4 | 6) => addresses.filter((address) => familyOf(address) === family)
  // Datagrams to a family that the host lacks may vanish without a word.
  const only6 = preferred === 6 && of(6).length > 0
  const to = [...(only6 ? [] : flowsOver(of(4))), ...flowsOver(of(6))]
  return to.length > 0 ? { to } : { failure: lookupFailures(system, [])[0] ?? 'dns-empty' }
}

/** Binds along all ways at once, for nothing here is judged by its time. */
export async function askBeacon(context: ProbeContext, ways: BeaconWays): Promise<EgressResult['beacon']> {
  if (ways === null || 'failure' in ways) return ways
  if (context.signal.aborted) return { failure: 'deadline-passed' }
  const flows = ways.to.map((address) => bindingTo(context, address, BINDING_TIMEOUT_MS))
  return { flows: await Promise.all(flows) }
}

/** Where the flows of one family go: spread over the addresses. */
function flowsOver(addresses: readonly string[]): string[] {
  return Array.from({ length: BEACON_FLOWS }, (_, index) => addresses[index % addresses.length]).filter(
    (address) => address !== undefined,
  )
}
