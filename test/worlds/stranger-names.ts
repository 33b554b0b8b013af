import { isIPv4 } from 'node:net'
import { type Answer, decode, encode } from 'dns-packet'
import type { Datagram } from './stranger-gateway.ts'

export const TENANT = 'fabrikam'
export const ZONE = 'probe.stranger.example'
export const BEACON = '192.0.2.11'
export const DOORS = ['40.99.9.146', '52.98.151.66']
export const SHAREPOINT = '52.105.0.9'
export const RELAYS = ['52.114.7.7', '52.123.1.9']
export const LOGIN = '20.190.128.9'
/** The address by which the resolver asks authorities. */
export const RESOLVER_EXIT = '198.51.100.201'

/** What the names of a world of another make may differ in. */
export interface NamesOptions {
  /** What an authority says to names that it does not serve. */
  readonly unknown?: 'nxdomain' | 'refused' | 'servfail' | 'silence'
  /** The authority has nothing but outlook.office365.com, the relay, the beacon and SharePoint. */
  readonly fewNames?: boolean
  /** Names after outlook.office365.com, the last of which has the addresses. */
  readonly chain?: readonly string[]
  readonly relayChain?: readonly string[]
  readonly silentBeacon?: boolean
  /** One string for the whole of the beacon's TXT record. */
  readonly oneString?: boolean
  /** What Microsoft's names are answered when an IPv6 address is asked for; by default, that there is none. */
  readonly ipv6?: 'nxdomain' | 'refused' | 'servfail' | 'silence'
  /** Addresses of the relay, both if not given. */
  readonly relays?: readonly string[]
  /** Google's whoami name is served, which is a text; no whoami name that is an address. */
  readonly whoamiText?: boolean
  /** Further names, all of which have this address or this answer. */
  readonly further?: { readonly names: readonly string[]; readonly are: string }
}

const RCODES = { nxdomain: 3, refused: 5, servfail: 2 } as const
type Unanswered = keyof typeof RCODES | 'silence'

/** The recursive resolver and the authority behind it, as one program that keeps no cache. */
export const strangersNames = (world: NamesOptions): Datagram => {
  const chain = world.chain ?? [
    'outlook.ha.office365.com',
    'outlook.ms-acdc.office.com',
    'LHR-efz.ms-acdc.office.com',
  ]
  const relayChain = world.relayChain ?? ['a-tr-teasc-ukso-04.uksouth.cloudapp.azure.com']
  const link = (name: string, names: readonly string[], addresses: readonly string[]): Answer[] => {
    const all = [name, ...names]
    const last = all.at(-1) ?? name
    return [
      ...names.map((data, at): Answer => ({ type: 'CNAME', name: all[at] ?? name, ttl: 30, data })),
      ...addresses.map((data): Answer => ({ type: 'A', name: last, ttl: 10, data })),
    ]
  }
  const unknown = world.unknown ?? 'nxdomain'
  const seen = new Map<string, string>()
  const answersTo = (name: string, type: string): Answer[] | Unanswered => {
    if (name.endsWith(`.${ZONE}`)) {
      if (world.silentBeacon) return 'silence'
      const label = name.slice(0, -ZONE.length - 1)
      if (label === 'ns') return type === 'A' ? [{ type: 'A', name, ttl: 60, data: BEACON }] : []
      if (label.startsWith('x-')) return 'nxdomain'
      const nonce = label.startsWith('s-') ? label.slice(2) : label
      const words = [
        'v=1',
        `ns=${RESOLVER_EXIT}`,
        'ecs=-',
        'proto=udp',
        'do=1',
        'bufsize=1232',
        `qname=${nonce}.${ZONE}`,
      ]
      if (label.startsWith('s-')) {
        const was = seen.get(nonce)
        if (was === undefined) return 'nxdomain'
        return type === 'TXT' ? [{ type: 'TXT', name, ttl: 0, data: [...words, `type=${was}`] }] : []
      }
      seen.set(nonce, type)
      if (type === 'TXT')
        return [{ type: 'TXT', name, ttl: 0, data: world.oneString ? [words.join(' ')] : words }]
      return type === 'A' ? [{ type: 'A', name, ttl: 0, data: RESOLVER_EXIT }] : []
    }
    if (type === 'AAAA' && world.ipv6 !== undefined) return world.ipv6
    const only = (answers: Answer[]): Answer[] =>
      answers.filter((one) => one.type === 'CNAME' || one.type === type)
    if (name === 'outlook.office365.com') return only(link(name, chain, DOORS))
    if (name === 'world.tr.teams.microsoft.com') return only(link(name, relayChain, world.relays ?? RELAYS))
    if (name === `${TENANT}.sharepoint.com`) return only(link(name, [], [SHAREPOINT]))
    if (world.whoamiText && name === 'o-o.myaddr.l.google.com')
      return type === 'TXT' ? [{ type: 'TXT', name, ttl: 60, data: [RESOLVER_EXIT] }] : []
    if (world.further?.names.includes(name)) {
      const { are } = world.further
      return isIPv4(are) ? only(link(name, [], [are])) : (are as Unanswered)
    }
    if (world.fewNames) return unknown
    if (name === 'outlook.office.com') return only(link(name, ['outlook.office365.com', ...chain], DOORS))
    if (name === `${TENANT}-my.sharepoint.com`) return only(link(name, [], [SHAREPOINT]))
    if (name === 'login.microsoftonline.com') return only(link(name, [], [LOGIN]))
    return unknown
  }
  return (payload, reply) => {
    const asked = decode(payload)
    const question = asked.questions?.[0]
    if (question === undefined) return
    const found = answersTo(question.name.toLowerCase(), question.type)
    if (found === 'silence') return
    const rcode = typeof found === 'string' ? RCODES[found] : 0
    reply(
      encode({
        type: 'response',
        id: asked.id ?? 0,
        // RD and RA; the low four bits are the code.
        flags: 0x0180 | rcode,
        questions: [question],
        answers: typeof found === 'string' ? [] : found,
      }),
    )
  }
}
