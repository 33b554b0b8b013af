/** A world written down as plain data: what exists, where it is, and how far it is from each office (world.md). */
import type { Position } from '../../core/geography.ts'
import type { Verdict } from '../../core/verdict.ts'

export type Point = Position

/** A point with the name by which the rest of a world refers to it: an office name, a door or edge code, an Azure region. */
export interface Place extends Point {
  readonly name: string
}

/** Where a service is: a place's name, or `anycast`, which is `WorldSpec.anycastMs` away from everywhere. */
export type Whereabouts = string

/** What becomes of a flow. `reset` connects and then resets at the first byte; `silence` never answers. */
export type Outcome = 'open' | 'refused' | 'host-unreachable' | 'network-unreachable' | 'silence' | 'reset'

/** Traffic of an office carried over a WAN to another place, and let out there. */
export interface BackhaulSpec {
  readonly via: string
  /** Round trip of the WAN, in ms. */
  readonly rttMs: number
  /** What the far place's own way out adds for destinations that are not at that place, in ms. */
  readonly exitMs?: number
}

/** A certificate authority of an inspecting proxy: its own name, or the very names of the genuine issuer and root. */
export type InspectorCa = { readonly name: string; readonly organization: string } | 'imitates-genuine'

/** A proxy on the path which nobody configured: one that ends TCP, one that ends TLS as well, or one that lets nothing by. */
export interface TransparentProxySpec {
  readonly kind: 'terminating' | 'inspecting' | 'refusing'
  /** Round trip from the runner to the proxy, in ms: the connect time that clients see. */
  readonly rttMs: number
  /** TCP ports it takes; 443 alone unless given. */
  readonly ports?: readonly number[]
  /** Needed by an inspecting proxy. */
  readonly ca?: InspectorCa
  /** What a refusing proxy says in plain HTTP: that it wants a sign-in (default), or that it blocks. */
  readonly refusesWith?: 403 | 407
  /** Whether the inspector sends its whole chain (default) or the leaf alone. */
  readonly chain?: 'full' | 'leaf'
}

/** How packets travel from an office to some destination. */
export interface PathSpec {
  /** Addresses the Internet sees; each flow takes the next one of its family. Repeat an address to give it a larger share. */
  readonly egress?: readonly string[]
  /** `null` takes an inherited backhaul away (a split tunnel). */
  readonly backhaul?: BackhaulSpec | null
  /** What the access line adds to every round trip to another place, in ms. Default 1. */
  readonly accessMs?: number
  /** Whole round trips in ms that replace the computed ones; the key is a claimed address or the destination's place. */
  readonly rttMs?: Readonly<Record<string, number>>
  /** Random extra delay of each packet and direction, between 0 and this, in ms. */
  readonly jitterMs?: number
  /** Share of datagrams lost in each direction, 0 to 1. A lost TCP chunk comes a retransmission later. */
  readonly loss?: number
  /** Rate of each TCP connection in each direction, in Mbit/s. Unlimited unless given. */
  readonly mbps?: number
  readonly outcome?: Outcome
  readonly proxy?: TransparentProxySpec | null
}

/** A path of its own for some destinations. The first match wins and is laid over the network's own path. */
export interface RouteSpec extends PathSpec {
  /** CIDRs or single addresses; all destinations when left out. */
  readonly to?: readonly string[]
  readonly protocol?: 'tcp' | 'udp'
  readonly ports?: readonly number[]
}

/** The network of an office as its runner meets it. */
export interface NetworkSpec extends PathSpec {
  readonly egress: readonly string[]
  readonly interfaces: readonly { readonly name: string; readonly address: string }[]
  /** What the system has configured, in order. */
  readonly resolvers: readonly string[]
  readonly systemLookup?: readonly string[]
  /** What the system's proxy setting says. */
  readonly systemProxy?: {
    readonly url: string
    readonly bypass: readonly string[]
    readonly pac: string | null
  } | null
  readonly routes?: readonly RouteSpec[]
  /** A resolver which answers everything this office sends to port 53, whatever the destination. */
  readonly hijackedBy?: string
  readonly clockOffsetMs?: number
  /** A NAT64: what is sent behind the prefix goes to the IPv4 address inside, from one of these IPv4 addresses, in turn. */
  readonly nat64?: { readonly prefix: string; readonly egress: readonly string[] }
}

/** A runner: its file is `<name>.json`. What differs from the office's network is laid over it. */
export interface RunnerSpec {
  readonly name: string
  readonly network?: Partial<NetworkSpec>
}

/** A verdict, or `?` for what is not compared. */
export type VerdictWord = Verdict | '?'

export interface OfficeSpec extends Place {
  readonly timeZone: string
  /** CIDRs registered for the office, as world.json carries them. */
  readonly registered: { readonly egress: readonly string[]; readonly resolvers: readonly string[] }
  readonly acceptedDoors: readonly string[]
  readonly attested: readonly string[]
  readonly network: NetworkSpec
  readonly runners: readonly RunnerSpec[]
  readonly truth: Readonly<Record<string, VerdictWord>>
}

/** A resolver at one claimed address. */
export interface ResolverSpec {
  readonly address: string
  readonly place: Whereabouts
  /** Private addresses repeat between offices: one given an office is found from that office only. */
  readonly office?: string
  /** What authorities see, taken in turn; the address itself unless given. `place` differs when it leaves elsewhere. */
  readonly egress?: readonly { readonly address: string; readonly place?: string }[]
  /** Asks this resolver instead of the authorities. */
  readonly forwardsTo?: string
  /** `pass` hands a client's subnet on, `add` puts the client's /24 in; it sends none unless given. */
  readonly ecs?: 'pass' | 'add'
  readonly behaviour?: 'silent' | 'refuses' | 'servfail'
  /** Addresses this resolver invents, by lower-case name. */
  readonly invents?: Readonly<Record<string, string>>
  /** A DNS64 (RFC 6147): a name without IPv6 addresses gets its IPv4 ones behind this prefix of a NAT64. */
  readonly dns64?: string
  /** Address given in place of NXDOMAIN. */
  readonly rewritesNxdomain?: string
  /** The Exchange doors named to this resolver, taken in turn, in place of the nearest. */
  readonly doors?: readonly string[]
  /** Answer to `id.server` and `hostname.bind` (RFC 4892). */
  readonly id?: string
  /** TXT records that only this resolver gives, by lower-case name: how public services tell their node. */
  readonly tells?: Readonly<Record<string, readonly string[]>>
  /** Says over UDP that every answer is too long. */
  readonly onlyOverTcp?: boolean
}

/** How a TLS server behaves when it is not the plain good one. */
export interface TlsSpec {
  /** Leave the intermediate out of the chain. */
  readonly incompleteChain?: boolean
  readonly onlyTls12?: boolean
  /** Accept P-384 alone, which costs clients that offer another share a HelloRetryRequest. */
  readonly helloRetry?: boolean
  /** Drop a handshake whose ClientHello is larger than this many bytes. */
  readonly largestHello?: number
}

/** An Exchange front door, `<code>-efz.ms-acdc.office.com`. */
export interface DoorSpec extends Point {
  readonly code: string
  /** Four addresses in 52.97.0.0/16 unless given. */
  readonly addresses?: readonly string[]
  /** Code in the first-hop header, when it differs from the CNAME's. */
  readonly headerCode?: string
  readonly tls?: TlsSpec
}

/** An anycast edge: whoever leaves nearest to it reaches it. */
export interface EdgeSpec extends Point {
  readonly code: string
}

/** A Teams relay: `a-tr-teasc-<label>.<region>.cloudapp.azure.com`. */
export interface RelaySpec extends Point {
  readonly region: string
  /** As recorded, for example `usw2-02`. */
  readonly label: string
  /** Two addresses in 52.112.0.0/14 unless given. */
  readonly addresses?: readonly string[]
}

export interface ExplicitProxySpec {
  readonly address: string
  readonly port: number
  readonly office: string
  /** The resolver it asks for names. */
  readonly resolver: string
  /** Refuses every CONNECT with this status. */
  readonly refusesWith?: 403 | 407
  readonly inspects?: InspectorCa
}

/** One record of Microsoft's endpoint web service, as published. */
export interface EndpointSetRecord {
  readonly id: number
  readonly serviceArea: string
  readonly urls?: readonly string[]
  readonly ips?: readonly string[]
  readonly tcpPorts?: string
  readonly udpPorts?: string
  readonly category: string
  readonly required: boolean
  readonly [other: string]: unknown
}

/** One row of places.csv. No field may hold a comma. */
export interface PlaceRow extends Point {
  readonly cidr: string
  readonly label: string
  readonly owner: string
}

/** A file that a SharePoint edge serves: its path, and how many bytes of zeros it has. */
export interface FileSpec {
  readonly path: string
  readonly bytes: number
}

export interface WorldSpec {
  readonly name: string
  readonly tenant: string | null
  /** A file on the tenant's SharePoint that anybody may read; none unless given. */
  readonly file?: FileSpec
  readonly offices: readonly OfficeSpec[]
  readonly resolvers: readonly ResolverSpec[]
  readonly doors: readonly DoorSpec[]
  readonly edges: readonly EdgeSpec[]
  readonly relays: readonly RelaySpec[]
  readonly proxies?: readonly ExplicitProxySpec[]
  /** Further places that resolvers and services may name. */
  readonly places?: readonly Place[]
  /** Round trips between two places, in ms, either order. Others are computed from the distance. */
  readonly rtt?: readonly (readonly [string, string, number])[]
  /** Round trip to an anycast service, in ms. Default 5. */
  readonly anycastMs?: number
  readonly beacon: {
    readonly zone: string
    readonly address: string
    readonly silent: string
    readonly place: Whereabouts
  } | null
  readonly echo: { readonly address: string; readonly place: Whereabouts } | null
  readonly endpoints: {
    readonly address: string
    readonly place: Whereabouts
    readonly version: string
    readonly list: readonly EndpointSetRecord[]
  }
  readonly placeRows: readonly PlaceRow[]
  /** Whether Microsoft's doors, edges, relays and other hosts have IPv6 addresses too, where their sets publish some. */
  readonly ipv6?: boolean
  /** Whether Microsoft's authority judges by a client's subnet when a resolver sends one. */
  readonly authorityHonoursEcs?: boolean
  /** Common name of the genuine intermediate, when it should be one that no runner has heard of. */
  readonly issuerName?: string
  /** What a claimed TCP address that nobody serves does. */
  readonly unserved?: 'host-unreachable' | 'silence'
  /** How long a gateway waits for what never answers before it says so, in ms. Default 21,000, as Windows does. */
  readonly silenceMs?: number
  /** Seed of losses and jitter, so that a world repeats itself. */
  readonly seed?: number
}
