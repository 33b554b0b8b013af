import { type Failure, failed, type Outcome } from '../../core/failure.ts'
import type { DnsAnswer } from '../../core/ports.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { canonical } from '../shared/address.ts'
import { familiesByWay } from '../shared/families.ts'
import { QUERY_TIMEOUT_MS } from '../shared/lookup.ts'
import { beaconSightings } from './answers.ts'
import { MAX_INVENTED, type Port53 } from './result.ts'
import { nodeName } from './run-nodes.ts'

/** 128 bits: a name that no cache can hold. */
const NONCE_BYTES = 16

/**
 * How long the silent address gets to show that somebody answers in its place. It is asked for a name that the network
 * has just answered, so who intercepts needs no longer for it than that answer took; thrice that allows for jitter.
 */
const SILENCE = { leastMs: 250, mostMs: 1_500, times: 3 } as const

/** Words that say that a DNS server answered, whatever it said. */
const SAID: ReadonlySet<Failure> = new Set<Failure>([
  'dns-servfail',
  'dns-refused',
  'dns-nxdomain',
  'dns-error',
])

/**
 * Asks the beacon at its own address, and the address beside it at which nothing answers. Null when no configured server
 * told where the beacon is.
 */
export async function lookAtPort53(
  context: ProbeContext,
  zone: string,
  servers: readonly string[],
): Promise<Port53 | null> {
  const [beacon, silent] = await Promise.all([
    addressFrom(context, `ns.${zone}`, servers),
    addressFrom(context, `silent.${zone}`, servers),
  ])
  if (beacon === null) return null
  const [direct, beside] = await Promise.all([
    askBeacon(context, zone, beacon.address),
    silent === null ? null : askSilent(context, zone, silent),
  ])
  return { beacon: direct, silent: beside }
}

interface Told {
  readonly address: string
  readonly ms: number
}

/** The first address that any server gives for a name, of the family that the host has; the guard learns it on the way. */
async function addressFrom(
  context: ProbeContext,
  name: string,
  servers: readonly string[],
): Promise<Told | null> {
  const [family] = await familiesByWay(context)
  const { promise, resolve, reject } = Promise.withResolvers<Told | null>()
  const wanted = family === 6 ? 'AAAA' : 'A'
  const asking = servers.map(async (server) => {
    const query = { name, type: wanted, server, timeoutMs: QUERY_TIMEOUT_MS } as const
    const outcome = await context.ports.dns.query(query, context.signal)
    const found = outcome.ok ? outcome.result.records.find(({ type }) => type === wanted) : undefined
    const address = canonical(found?.data ?? '')
    if (outcome.ok && address !== null) resolve({ address, ms: outcome.result.ms })
  })
  // The quickest that knows is enough: a dead server must not hold the look up.
  Promise.all(asking).then(() => resolve(null), reject)
  return promise
}

function isA({ type }: DnsAnswer['records'][number]): boolean {
  return type === 'A'
}

async function askBeacon(context: ProbeContext, zone: string, server: string): Promise<Port53['beacon']> {
  const { dns, random } = context.ports
  const name = `${random.hex(NONCE_BYTES)}.${zone}`
  const outcome = await dns.query({ name, type: 'TXT', server, timeoutMs: SILENCE.mostMs }, context.signal)
  if (!outcome.ok) return { failure: outcome.failure }
  const { flags, records } = outcome.result
  return { address: server, ...flags, ns: beaconSightings(records)[0]?.ns ?? null }
}

async function askSilent(
  context: ProbeContext,
  zone: string,
  { address, ms }: Told,
): Promise<Port53['silent']> {
  const timeoutMs = Math.min(SILENCE.mostMs, Math.max(SILENCE.leastMs, SILENCE.times * ms))
  const query = { name: `silent.${zone}`, type: 'A', server: address, timeoutMs } as const
  const [outcome, node] = await Promise.all([
    context.ports.dns.query(query, context.signal),
    nodeName(context, address, timeoutMs),
  ])
  return { address, answered: node !== null || hasAnswered(outcome), node }
}

function hasAnswered(outcome: Outcome<DnsAnswer>): boolean {
  return outcome.ok || SAID.has(outcome.failure)
}

/** The addresses that each server gives for a name of the zone that does not exist; all side by side. */
export async function inventedBy(
  context: ProbeContext,
  zone: string,
  servers: readonly string[],
): Promise<Map<string, string[]>> {
  const { dns, random } = context.ports
  const ask = async (server: string): Promise<[string, string[]]> => {
    const name = `x-${random.hex(NONCE_BYTES)}.${zone}`
    const query = { name, type: 'A', server, timeoutMs: QUERY_TIMEOUT_MS, resend: true } as const
    const outcome = context.signal.aborted
      ? failed('deadline-passed')
      : await dns.query(query, context.signal)
    const addresses = outcome.ok ? outcome.result.records.filter(isA) : []
    return [server, addresses.flatMap(({ data }) => canonical(data) ?? []).slice(0, MAX_INVENTED)]
  }
  return new Map(await Promise.all(servers.map(ask)))
}
