import type { DnsAnswer, DnsRecord } from '../../core/ports.ts'
import { canonical } from '../shared/address.ts'
import { distinct, round2 } from '../shared/numbers.ts'
import { subnetSchema } from '../shared/schema.ts'
import type { Asked, Direct, ResolverIdentityResult } from './result.ts'

/** Who asked, and with which client subnet. */
export interface Sighting {
  readonly ns: string
  readonly ecs: string | null
}

/** The sightings of a beacon's TXT answer: strings `v=1 ns=<address> ecs=<prefix/length or -> ...` (world.md). */
export function beaconSightings(records: readonly DnsRecord[]): Sighting[] {
  return records.flatMap((record) => {
    const strings = stringsOf(record)
    const value = (key: string): string | undefined =>
      strings.find((text) => text.startsWith(`${key}=`))?.slice(key.length + 1)
    const ns = canonical(value('ns') ?? '')
    return value('v') === '1' && ns !== null ? [{ ns, ecs: subnet(value('ecs')) }] : []
  })
}

/**
 * The sighting of `o-o.myaddr.l.google.com`: the string that is an address is the resolver; a second record
 * `edns0-client-subnet <prefix/length>` comes when it sent one (probes.md 1a).
 */
export function googleSighting(records: readonly DnsRecord[]): Sighting | null {
  const strings = records.flatMap(stringsOf)
  const ns = strings.map(canonical).find((address) => address !== null)
  if (ns === undefined || ns === null) return null
  const marker = strings.indexOf('edns0-client-subnet')
  return { ns, ecs: subnet(strings[marker < 0 ? strings.length : marker + 1]) }
}

/** The sighting of `whoami.ds.akahelp.net`: pairs `ns <address>`, `ecs <prefix/length/scope>`; `ip` is not read. */
export function akamaiSighting(records: readonly DnsRecord[]): Sighting | null {
  const pairs = records.map(stringsOf)
  const value = (key: string): string | undefined => pairs.find((pair) => pair[0] === key)?.[1]
  const ns = canonical(value('ns') ?? '')
  return ns === null ? null : { ns, ecs: subnet(value('ecs')?.split('/').slice(0, 2).join('/')) }
}

/** The sighting of an answer in which the address itself is who asked (`whoami.akamai.net` A). */
export function addressSighting(records: readonly DnsRecord[]): Sighting | null {
  const record = records.find((one) => one.type === 'A' || one.type === 'AAAA')
  const ns = canonical(record?.data ?? '')
  return ns === null ? null : { ns, ecs: null }
}

/** The first client subnet among sightings; `/0` is how a resolver says that it sends none on (RFC 7871 7.1.2). */
export function sentOn(sightings: readonly Pick<Sighting, 'ecs'>[]): string | null {
  return sightings.find(({ ecs }) => ecs !== null && !ecs.endsWith('/0'))?.ecs ?? null
}

/** The addresses that the authority saw a server leave from. */
export function seenAs({ asked: all }: Pick<Direct, 'asked'>): string[] {
  return distinct(all.flatMap((one) => ('ns' in one ? [one.ns] : [])))
}

/** Everything that an authority said about who asked it, read-backs first. */
export function sightingsOf(result: ResolverIdentityResult): readonly Sighting[] {
  const direct = result.direct.flatMap((one) => one.asked).flatMap((one) => ('ns' in one ? [one] : []))
  return [...result.readBacks.flatMap((one) => one.sightings), ...direct]
}

/** What is kept of one answer; an answer without a sighting was not given by that authority. */
export function asked(answer: DnsAnswer, sighting: Sighting | null | undefined): Asked {
  return sighting
    ? { ...sighting, ms: round2(answer.ms), transport: answer.transport }
    : { failure: 'dns-malformed' }
}

/** The words of one TXT record: its strings, split where a string holds several words. */
function stringsOf(record: DnsRecord): string[] {
  if (record.type !== 'TXT') return []
  return (record.strings ?? [record.data]).flatMap((text) => text.split(/\s+/).filter((word) => word !== ''))
}

function subnet(text: string | undefined): string | null {
  return text !== undefined && subnetSchema.safeParse(text).success ? text : null
}
