import { z } from 'zod'
import type { Failure, Outcome } from '../../core/failure.ts'
import type { DnsRecord, SystemAnswer } from '../../core/ports.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { canonical, isPublic, kindOf } from './address.ts'
import { distinct, round2 } from './numbers.ts'
import { addressSchema, failureSchema, msSchema, nameSchema, serverSchema } from './schema.ts'
import { warmed } from './steps.ts'

/** More configured servers than this are not asked: systems use the first three or four. */
export const MAX_SERVERS = 4

/** One plain query. Longer than any working resolver needs; a stub resolver would have tried again long before. */
export const QUERY_TIMEOUT_MS = 2_000

/** A system lookup may first wait 5 s for a dead server (glibc's default) before it asks the next. */
export const SYSTEM_TIMEOUT_MS = 6_000

/** More addresses than this in one answer are not kept; real answers have at most a dozen. */
const MAX_ADDRESSES = 16
const MAX_CHAIN = 12

const addressesSchema = z.array(addressSchema).max(MAX_ADDRESSES)

/** What the system's own lookup said, once. */
export const systemSampleSchema = z.union([
  z.object({ addresses: addressesSchema, ms: msSchema, server: serverSchema.nullable() }),
  z.object({ failure: failureSchema }),
])
export type SystemSample = z.infer<typeof systemSampleSchema>

/** What one configured server said, once: the names of the CNAME chain in order, without the name asked. */
export const serverAnswerSchema = z.union([
  z.object({
    server: serverSchema,
    chain: z.array(nameSchema).max(MAX_CHAIN),
    addresses: addressesSchema,
    ms: msSchema,
  }),
  z.object({ server: serverSchema, failure: failureSchema }),
])
export type ServerAnswer = z.infer<typeof serverAnswerSchema>

/** The configured servers that are asked, each once. */
export function serversOf(context: ProbeContext): string[] {
  return distinct(context.ports.dns.servers()).slice(0, MAX_SERVERS)
}

/**
 * Looks a host up through the system twice per configured server (2 to 8 times), so that every entry of a rotating
 * list is seen. Each lookup may take another server, so they start in order and run together.
 */
export async function askSystem(
  context: ProbeContext,
  host: string,
  family: 4 | 6 = 4,
): Promise<SystemSample[]> {
  const times = Math.max(2, 2 * serversOf(context).length)
  const lookup = () => context.ports.dns.systemLookup(host, family, SYSTEM_TIMEOUT_MS, context.signal)
  const outcomes = await Promise.all(Array.from({ length: times }, lookup))
  return outcomes.map(systemSample)
}

/** The sample of one system lookup. */
export function systemSample(outcome: Outcome<SystemAnswer>): SystemSample {
  if (!outcome.ok) return { failure: outcome.failure }
  const { addresses, ms, server } = outcome.result
  const kept = addresses.flatMap(({ address }) => canonical(address) ?? [])
  return { addresses: distinct(kept).slice(0, MAX_ADDRESSES), ms: round2(ms), server }
}

/**
 * Asks every configured server for the A (or AAAA) records of a host, `times` times each, one at a time or, where that is slow,
 * several; the servers side by side. Asked after the system, a server answers from its cache what it told the system, so that addresses match.
 */
export async function askServers(
  context: ProbeContext,
  host: string,
  times: number,
  discarded: number,
  type: 'A' | 'AAAA' = 'A',
): Promise<ServerAnswer[]> {
  const { dns } = context.ports
  const perServer = serversOf(context).map(async (server): Promise<ServerAnswer[]> => {
    const query = { name: host, type, server, timeoutMs: QUERY_TIMEOUT_MS }
    const ask = () => dns.query(query, context.signal)
    const { first, tried } = await warmed(discarded + times - 1, context.signal, ask, ({ ms }) => ms)
    return (first === undefined ? [] : [first, ...tried]).flatMap((one, index): ServerAnswer[] => {
      if ('failure' in one) return [{ server, failure: one.failure }]
      if (index < discarded) return []
      const { chain, addresses } = readChain(host, one.ok.records)
      return [{ server, chain, addresses, ms: round2(one.ok.ms) }]
    })
  })
  return (await Promise.all(perServer)).flat()
}

/** Follows the CNAMEs of one answer from the name asked; the addresses are those of the name it ends at. */
export function readChain(
  host: string,
  records: readonly DnsRecord[],
): { chain: string[]; addresses: string[] } {
  const chain: string[] = []
  let at = plain(host)
  while (chain.length < MAX_CHAIN) {
    const next = records.find((record) => record.type === 'CNAME' && plain(record.name) === at)
    if (next === undefined || chain.some((name) => plain(name) === plain(next.data))) break
    chain.push(next.data.slice(0, 255))
    at = plain(next.data)
  }
  const addresses = records
    .filter((record) => (record.type === 'A' || record.type === 'AAAA') && plain(record.name) === at)
    .flatMap((record) => canonical(record.data) ?? [])
  return {
    chain: chain.filter((name) => nameSchema.safeParse(name).success),
    addresses: distinct(addresses).slice(0, MAX_ADDRESSES),
  }
}

/** Every address that was answered, the system's first. */
export function addressesOf(system: readonly SystemSample[], answers: readonly ServerAnswer[]): string[] {
  return distinct([...system, ...answers].flatMap((one) => ('addresses' in one ? one.addresses : [])))
}

/** The failure words of lookups, the system's first. */
export function lookupFailures(system: readonly SystemSample[], answers: readonly ServerAnswer[]): Failure[] {
  return [...system, ...answers].flatMap((one) => ('failure' in one ? [one.failure] : []))
}

/** When every address answered is none that a public service can have: the first of them and its kind. */
export function privateAnswer(
  addresses: readonly string[],
): { address: string; kind: 'private' | 'cgnat' | 'other' } | null {
  const [address] = addresses
  if (address === undefined || addresses.some(isPublic)) return null
  const kind = kindOf(address)
  return kind === 'public' ? null : { address, kind }
}

/** Names compare without case and without the root's dot. */
function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}
