import type { Outcome } from '../../core/failure.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { canonical } from '../shared/address.ts'
import { QUERY_TIMEOUT_MS, SYSTEM_TIMEOUT_MS } from '../shared/lookup.ts'
import { distinct, round2 } from '../shared/numbers.ts'
import { series, untilSteady } from '../shared/steps.ts'
import { asked, beaconSightings } from './answers.ts'
import { ALONE, type Asked, NONCES, type ReadBack, type SystemNonce } from './result.ts'

/** 128 bits: a name that no cache can hold. */
const NONCE_BYTES = 16

/**
 * Sightings of at most two system nonces are read back for the client subnet and the other family, and of two more that
 * the beacon saw but that got no address: a resolver with both families asked for their A by IPv6 and for their AAAA by
 * IPv4.
 */
const READ_BACKS = 2

interface Looked {
  readonly nonce: string
  readonly sample: SystemNonce
}

/** Looks one-time names up as an application would; the answer is the address that asked the authority. */
export async function systemNonces(context: ProbeContext, zone: string): Promise<Looked[]> {
  return Promise.all(Array.from({ length: NONCES }, () => systemNonce(context, zone)))
}

async function systemNonce(context: ProbeContext, zone: string): Promise<Looked> {
  const { dns, random } = context.ports
  const nonce = random.hex(NONCE_BYTES)
  const lookup = (family: 4 | 6) =>
    dns.systemLookup(`${nonce}.${zone}`, family, SYSTEM_TIMEOUT_MS, context.signal)
  const first = await lookup(4)
  // A resolver that asks over IPv6 has no A; getaddrinfo does not tell "no such record" from "no such name".
  const other = !first.ok && (first.failure === 'dns-empty' || first.failure === 'dns-nxdomain')
  const second = other ? await lookup(6) : first
  const outcome = second.ok ? second : first
  if (!outcome.ok) return { nonce, sample: { failure: outcome.failure } }
  const address = outcome.result.addresses.map((one) => canonical(one.address)).find((one) => one !== null)
  if (address === undefined || address === null) return { nonce, sample: { failure: 'dns-empty' } }
  return { nonce, sample: { address, server: outcome.result.server, ms: round2(outcome.result.ms) } }
}

/** Reads back who the beacon saw ask for system nonces: one per address that served, and some that got none. */
export async function readBacks(
  context: ProbeContext,
  zone: string,
  looked: readonly Looked[],
  fallbackServer: string | undefined,
): Promise<ReadBack[]> {
  const { dns } = context.ports
  const chosen = new Map<string, { nonce: string; address: string | null; server: string }>()
  const unanswered: { nonce: string; address: null; server: string }[] = []
  for (const { nonce, sample } of looked) {
    if ('failure' in sample) {
      const isNothing = sample.failure === 'dns-empty' || sample.failure === 'dns-nxdomain'
      if (isNothing && fallbackServer !== undefined)
        unanswered.push({ nonce, address: null, server: fallbackServer })
      continue
    }
    const { address } = sample
    const server = sample.server ?? fallbackServer
    if (server !== undefined && !chosen.has(address)) chosen.set(address, { nonce, address, server })
  }
  const all = [...[...chosen.values()].slice(0, READ_BACKS), ...unanswered.slice(0, READ_BACKS)]
  const reading = all.map(async ({ nonce, address, server }) => {
    const asking = { name: `s-${nonce}.${zone}`, type: 'TXT', server } as const
    const query = { ...asking, timeoutMs: QUERY_TIMEOUT_MS, resend: true }
    const outcome = await dns.query(query, context.signal)
    return { address, sightings: outcome.ok ? beaconSightings(outcome.result.records).slice(0, 8) : [] }
  })
  return (await Promise.all(reading)).filter((one) => one.sightings.length > 0)
}

/**
 * Asks every server for one-time names that may be in flight together, all servers side by side. They come before the
 * timed ones so that the way to the zone is known to the resolver by then, and a dead server costs one timeout.
 */
export async function together(
  context: ProbeContext,
  zone: string,
  servers: readonly string[],
): Promise<Map<string, Asked[]>> {
  const ask = async (server: string): Promise<[string, Asked[]]> => [
    server,
    await Promise.all(Array.from({ length: NONCES - ALONE }, () => askOnce(context, zone, server))),
  ]
  return new Map(await Promise.all(distinct(servers).map(ask)))
}

/** Asks one server for one-time names, one at a time, until they agree: the uncached time. */
export async function alone(context: ProbeContext, zone: string, server: string): Promise<Asked[]> {
  const ask = async (): Promise<Outcome<Extract<Asked, { ms: number }>>> => {
    const one = await askOnce(context, zone, server)
    return 'failure' in one ? { ok: false, failure: one.failure } : { ok: true, result: one }
  }
  const first = await series(ALONE, context.signal, ask)
  const tried = await untilSteady(first, ALONE, context, ask, ({ ms }) => ms)
  return tried.map((one) => ('ok' in one ? one.ok : one))
}

async function askOnce(context: ProbeContext, zone: string, server: string): Promise<Asked> {
  const { dns, random } = context.ports
  const name = `${random.hex(NONCE_BYTES)}.${zone}`
  const outcome = await dns.query({ name, type: 'TXT', server, timeoutMs: QUERY_TIMEOUT_MS }, context.signal)
  if (!outcome.ok) return { failure: outcome.failure }
  return asked(outcome.result, beaconSightings(outcome.result.records)[0])
}
