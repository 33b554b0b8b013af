import { done, type Failure } from '../../core/failure.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { canonical, isPublic } from '../shared/address.ts'
import { SYSTEM_TIMEOUT_MS } from '../shared/lookup.ts'

/** An address, or the word for why there is none. */
export type Found =
  | { readonly ok: true; readonly result: string }
  | { readonly ok: false; readonly failure: Failure }

/** The first address, of the family by which the host sends, of a name that a public service can have. */
export async function publicAddressOf(context: ProbeContext, host: string, family: 4 | 6): Promise<Found> {
  const found = await addressesOf(context, host, family)
  if (!found.ok) return found
  const address = found.result.find(isPublic)
  return address === undefined ? { ok: false, failure: 'policy-refused' } : done(address)
}

/** The first address of a proxy's name: it is the one destination that may be private. */
export async function proxyAddressOf(context: ProbeContext, name: string, family: 4 | 6): Promise<Found> {
  const literal = canonical(name)
  if (literal !== null) return done(literal)
  const found = await addressesOf(context, name, family)
  if (!found.ok) return found
  const [address] = found.result
  return address === undefined ? { ok: false, failure: 'dns-empty' } : done(address)
}

async function addressesOf(context: ProbeContext, name: string, family: 4 | 6) {
  const found = await context.ports.dns.systemLookup(name, family, SYSTEM_TIMEOUT_MS, context.signal)
  return found.ok ? done(found.result.addresses.flatMap(({ address }) => canonical(address) ?? [])) : found
}
