import { done, type Failure } from '../../core/failure.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { canonical, isPublic } from '../shared/address.ts'
import { familyOrder } from '../shared/families.ts'
import { SYSTEM_TIMEOUT_MS } from '../shared/lookup.ts'

/** An address, or the word for why there is none. */
export type Found =
  | { readonly ok: true; readonly result: string }
  | { readonly ok: false; readonly failure: Failure }

/** The first address of a name that a public service can have. */
export async function publicAddressOf(context: ProbeContext, host: string): Promise<Found> {
  const found = await addressesOf(context, host)
  if (!found.ok) return found
  const address = found.result.find(isPublic)
  return address === undefined ? { ok: false, failure: 'policy-refused' } : done(address)
}

/** The first address of a proxy's name: it is the one destination that may be private. */
export async function proxyAddressOf(context: ProbeContext, name: string): Promise<Found> {
  const literal = canonical(name)
  if (literal !== null) return done(literal)
  const found = await addressesOf(context, name)
  if (!found.ok) return found
  const [address] = found.result
  return address === undefined ? { ok: false, failure: 'dns-empty' } : done(address)
}

/** IPv4 addresses; a host that has IPv6 alone sends to others. */
async function addressesOf(context: ProbeContext, name: string) {
  const [family] = familyOrder(context)
  const found = await context.ports.dns.systemLookup(name, family, SYSTEM_TIMEOUT_MS, context.signal)
  return found.ok ? done(found.result.addresses.flatMap(({ address }) => canonical(address) ?? [])) : found
}
