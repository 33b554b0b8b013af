import type { DnsRecord, RecordType } from '../../core/ports.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { canonical } from '../shared/address.ts'
import { QUERY_TIMEOUT_MS, SYSTEM_TIMEOUT_MS } from '../shared/lookup.ts'
import { round2 } from '../shared/numbers.ts'
import { isTimeout } from '../shared/steps.ts'
import { addressSighting, akamaiSighting, asked, googleSighting, type Sighting } from './answers.ts'
import type { Asked, SystemNonce } from './result.ts'

/** Public names whose answer names who asked (probes.md 1a). */
const GOOGLE = 'o-o.myaddr.l.google.com'
const AKAMAI_TXT = 'whoami.ds.akahelp.net'
const AKAMAI_A = 'whoami.akamai.net'

/** These answers are cached, so that more lookups would only read the cache again. */
const SYSTEM_LOOKUPS = 2

/** Looks the A name up as an application would. */
export async function systemWhoami(context: ProbeContext): Promise<SystemNonce[]> {
  const lookup = () => context.ports.dns.systemLookup(AKAMAI_A, 4, SYSTEM_TIMEOUT_MS, context.signal)
  const outcomes = await Promise.all(Array.from({ length: SYSTEM_LOOKUPS }, lookup))
  return outcomes.map((outcome): SystemNonce => {
    if (!outcome.ok) return { failure: outcome.failure }
    const { addresses, server, ms } = outcome.result
    const address = addresses.map((one) => canonical(one.address)).find((one) => one !== null)
    return address ? { address, server, ms: round2(ms) } : { failure: 'dns-empty' }
  })
}

/**
 * Asks one server who it is seen as: the A name too, because it is what the system's lookup is compared with (Google
 * may see another family). Two timeouts end it.
 */
export async function serverWhoami(context: ProbeContext, server: string): Promise<Asked[]> {
  const first = await ask(context, server, AKAMAI_A, 'A', addressSighting)
  const second = await ask(context, server, GOOGLE, 'TXT', googleSighting)
  if (!('failure' in second)) return [first, second]
  if (isSilent(first) && isSilent(second)) return [first, second]
  return [first, second, await ask(context, server, AKAMAI_TXT, 'TXT', akamaiSighting)]
}

async function ask(
  context: ProbeContext,
  server: string,
  name: string,
  type: RecordType,
  read: (records: readonly DnsRecord[]) => Sighting | null,
): Promise<Asked> {
  const query = { name, type, server, timeoutMs: QUERY_TIMEOUT_MS }
  const outcome = await context.ports.dns.query(query, context.signal)
  return outcome.ok ? asked(outcome.result, read(outcome.result.records)) : { failure: outcome.failure }
}

function isSilent(one: Asked): boolean {
  return 'failure' in one && isTimeout(one.failure)
}
