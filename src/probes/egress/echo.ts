import { z } from 'zod'
import type { ProbeContext } from '../../core/probe.ts'
import { canonical, familyOf } from '../shared/address.ts'
import { SYSTEM_TIMEOUT_MS } from '../shared/lookup.ts'
import { round2 } from '../shared/numbers.ts'
import type { EgressResult } from './result.ts'

const REQUEST_TIMEOUT_MS = 5_000

/** What an echo answers (world.md): the address and port that it saw. */
const bodySchema = z.object({ address: z.string().max(45) })

/** Asks the configured echo which address it sees, by the family that leads out; null when none is configured. */
export async function askEcho(context: ProbeContext, preferred: 4 | 6): Promise<EgressResult['echo']> {
  const { echo } = context.settings
  if (echo === null) return null
  if (!URL.canParse(echo)) return { failure: 'not-configured' }
  const url = new URL(echo)
  const tls = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const address = await addressOf(context, host, preferred)
  if ('failure' in address) return address
  const outcome = await context.ports.tcp.request(
    {
      address: address.address,
      port: url.port === '' ? (tls ? 443 : 80) : Number(url.port),
      timeoutMs: REQUEST_TIMEOUT_MS,
      host,
      path: `${url.pathname}${url.search}`,
      tls,
      method: 'GET',
    },
    context.signal,
  )
  if (!outcome.ok) return { failure: outcome.failure }
  const seen = outcome.result.status === 200 ? addressIn(outcome.result.body) : null
  return seen === null ? { failure: 'http-malformed' } : { address: seen, ms: round2(outcome.result.ms) }
}

async function addressOf(
  context: ProbeContext,
  host: string,
  preferred: 4 | 6,
): Promise<Exclude<EgressResult['echo'], null>> {
  if (familyOf(host) !== null) return { address: host, ms: 0 }
  const outcome = await context.ports.dns.systemLookup(host, preferred, SYSTEM_TIMEOUT_MS, context.signal)
  if (!outcome.ok) return { failure: outcome.failure }
  const [first] = outcome.result.addresses
  return first === undefined ? { failure: 'dns-empty' } : { address: first.address, ms: 0 }
}

function addressIn(body: string): string | null {
  try {
    const read = bodySchema.safeParse(JSON.parse(body))
    return read.success ? canonical(read.data.address) : null
  } catch {
    return null
  }
}
