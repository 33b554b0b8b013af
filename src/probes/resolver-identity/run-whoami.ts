import type { DnsRecord, RecordType } from '../../core/ports.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { canonical } from '../shared/address.ts'
import { QUERY_TIMEOUT_MS, SYSTEM_TIMEOUT_MS } from '../shared/lookup.ts'
import { round2 } from '../shared/numbers.ts'
import { isTimeout } from '../shared/steps.ts'
import { addressSighting, akamaiSighting, asked, googleSighting, type Sighting } from './answers.ts'
import { type Asked, NONCES, type SystemNonce } from './result.ts'

/** Public names whose answer names who asked (probes.md 1a). */
const GOOGLE = 'o-o.myaddr.l.google.com'
const AKAMAI_TXT = 'whoami.ds.akahelp.net'
const AKAMAI_A = 'whoami.akamai.net'

/**
 * Answers may come from a cache, so asking again costs the resolver nothing and shows the other entries of a rotating
 * list, and the other members of a pool that keep caches of their own.
 */
const MORE_PER_NAME = 3

/** Looks the A name up as an application would. */
export async function systemWhoami(context: ProbeContext): Promise<SystemNonce[]> {
  const lookup = () => context.ports.dns.systemLookup(AKAMAI_A, 4, SYSTEM_TIMEOUT_MS, context.signal)
  const outcomes = await Promise.all(Array.from({ length: NONCES }, lookup))
  return outcomes.map((outcome): SystemNonce => {
    if (!outcome.ok) return { failure: outcome.failure }
    const { addresses, server, ms } = outcome.result
    const address = addresses.map((one) => canonical(one.address)).find((one) => one !== null)
    return address ? { address, server, ms: round2(ms) } : { failure: 'dns-empty' }
  })
}

/**
 * Asks one server eight times who it is seen as: by the A name too, because it is what the system's lookup is compared
 * with (Google may see another family). One of each name first: two timeouts end it.
 */
export async function serverWhoami(context: ProbeContext, server: string): Promise<Asked[]> {
  const first = await ask(context, server, AKAMAI_A, 'A', addressSighting)
  const second = await ask(context, server, GOOGLE, 'TXT', googleSighting)
  if (isSilent(first) && isSilent(second)) return [first, second]
  const again = (times: number, name: string, type: RecordType, read: Read): Promise<Asked>[] =>
    Array.from({ length: times }, () => ask(context, server, name, type, read))
  const byText = !('failure' in second)
    ? again(MORE_PER_NAME, GOOGLE, 'TXT', googleSighting)
    : again(MORE_PER_NAME, AKAMAI_TXT, 'TXT', akamaiSighting)
  const byAddress = again('failure' in first ? 0 : MORE_PER_NAME, AKAMAI_A, 'A', addressSighting)
  return [first, second, ...(await Promise.all([...byText, ...byAddress]))]
}

/**
 * The system's samples, where need be from texts: who has one configured server alone can have asked no other, so that
 * what its texts tell is told of the system's lookups. Only where the server refuses the A name to us as it does to the
 * system: one that answers us and not the system, or the other way round, is not the system's.
 */
export function systemOrTexts(
  system: readonly SystemNonce[],
  direct: readonly { readonly server: string; readonly asked: readonly Asked[] }[],
): SystemNonce[] {
  const [only] = direct
  const [byAddress, ...texts] = only?.asked ?? []
  if (only === undefined || direct.length > 1) return [...system]
  if (byAddress === undefined || !('failure' in byAddress)) return [...system]
  const alike = system.every((one) => 'failure' in one && isTimeout(one.failure) === isSilent(byAddress))
  const told = texts.flatMap((one): SystemNonce[] =>
    'ns' in one ? [{ address: one.ns, server: only.server, ms: one.ms, byText: true }] : [],
  )
  return alike && told.length > 0 ? told : [...system]
}

type Read = (records: readonly DnsRecord[]) => Sighting | null

async function ask(
  context: ProbeContext,
  server: string,
  name: string,
  type: RecordType,
  read: Read,
): Promise<Asked> {
  const query = { name, type, server, timeoutMs: QUERY_TIMEOUT_MS }
  const outcome = await context.ports.dns.query(query, context.signal)
  return outcome.ok ? asked(outcome.result, read(outcome.result.records)) : { failure: outcome.failure }
}

function isSilent(one: Asked): boolean {
  return 'failure' in one && isTimeout(one.failure)
}
