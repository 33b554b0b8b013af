import type { Failure } from './failure.ts'

/**
 * A question that a measurement owes an answer to: `resolver`, `door:<host>`, `edge:<host>`, `relay-egress`,
 * `default-egress`, `rtt:<host>`, `tls:<host>`. Each owed question yields exactly one finding, good or bad, and a
 * criterion passes only when every question it rests on has one.
 */
export type Question = string

/** Where an address is, as far as it is known. */
export interface Located {
  readonly address: string
  /** How far from the office in km, rounded; null when its place is not known. */
  readonly km: number | null
  /** The place's name; null when it is not known. */
  readonly label: string | null
  /** Who owns it, when a cloud security vendor or another known owner does. */
  readonly owner: string | null
  /** Inside one of the ranges that the office registered for this purpose. */
  readonly registered: boolean
  /** Other offices (names) whose registered egress holds it. */
  readonly otherOffices: readonly string[]
}

/** How a resolver that asked the authority stands to the office. */
export type ResolverPlace = 'registered' | 'near' | 'bounded' | 'far' | 'unlocated' | 'disputed'

/** One address from which names were really looked up. */
export interface ResolverSeen extends Located {
  readonly place: ResolverPlace
  /** How many of the system's one-time names it asked for. */
  readonly nonces: number
  /** The configured servers that were seen to leave from it. */
  readonly servers: readonly string[]
  /** Least time in ms for a name the server knows, and for one it cannot know. */
  readonly cachedMs: number | null
  readonly uncachedMs: number | null
  /** The uncached less the cached time is above what light needs to the far place and back. */
  readonly timeSaysFar: boolean
  /** Client subnet it sent on, `prefix/length`; null when none. */
  readonly clientSubnet: string | null
}

/** One front door that an application may be led to. */
export interface DoorSeen {
  /** The code of the last CNAME label, upper case; null when none was named or the naming is not known. */
  readonly named: string | null
  /** The code that the door's own header gave; null when it was not reached or did not say. */
  readonly header: string | null
  readonly reached: boolean
  /** Why it was not reached. */
  readonly failure: Failure | null
  readonly addresses: readonly string[]
  /** Configured servers whose answers led here. */
  readonly servers: readonly string[]
  /** The system's own lookup led here. */
  readonly bySystem: boolean
  /** Distance of the named and of the header's door from the office in km; null when the code has no known place. */
  readonly namedKm: number | null
  readonly headerKm: number | null
}

/** Round trips to one door. */
export interface DoorTimed {
  readonly address: string
  readonly code: string | null
  readonly km: number | null
  readonly servers: readonly string[]
  readonly bySystem: boolean
  /** TCP connect times in ms: least and median of seven after one discarded; null when none succeeded. */
  readonly minMs: number | null
  readonly medianMs: number | null
  /** TLS time per round trip in ms, least; null when no handshake ended. */
  readonly tlsRoundTripMs: number | null
  readonly failure: Failure | null
}

/** What the certificate chain of a host turned out to be. */
export type ChainState =
  | 'clean'
  | 'clean-with-known-intermediate'
  | 'impostor'
  | 'unknown-authority'
  | 'incomplete'
  | 'unsettled'

/** What each finding says. Facts only: distances, times, names; the criteria judge. */
export interface FindingArgs {
  /** The question has no answer, and why. */
  unmeasured: { readonly question: Question; readonly failure: Failure }
  /** Which addresses really ask the authority for this office. */
  'resolvers-seen': {
    readonly method: 'beacon' | 'whoami'
    /** Those that served the system's own lookups. */
    readonly serving: readonly ResolverSeen[]
    /** Configured servers that answered but served none of the system's lookups. */
    readonly idle: readonly ResolverSeen[]
    /** Configured servers that did not answer. */
    readonly mute: readonly { readonly server: string; readonly failure: Failure }[]
  }
  /** Which Exchange front doors the office is led to. */
  'doors-seen': {
    readonly host: string
    readonly doors: readonly DoorSeen[]
    /** The nearest door that is known to exist; null without a table. */
    readonly nearest: { readonly code: string; readonly km: number } | null
  }
  /** Which edge of Microsoft's network took the traffic in (SharePoint; anycast, so the egress decides). */
  'edge-seen': {
    readonly host: string
    /** The edge's code, upper case; null when it did not say. */
    readonly code: string | null
    readonly km: number | null
    readonly label: string | null
    readonly minMs: number | null
  }
  /** The addresses that Microsoft's Teams relay saw: the Optimize path. */
  'relay-egress-seen': {
    readonly flows: readonly {
      readonly to: string
      readonly from: Located | null
      readonly failure: Failure | null
      readonly rttMs: number | null
    }[]
    /** The relay's region by its CNAME, as Azure names it; null when unnamed. */
    readonly region: string | null
  }
  /** The address that an echo on the default path saw: shown, never judged. */
  'default-egress-seen': { readonly from: Located }
  'door-timed': { readonly host: string; readonly doors: readonly DoorTimed[] }
  /** How a host's TLS looked. */
  'tls-seen': {
    readonly host: string
    readonly set: number
    readonly category: string
    readonly chain: ChainState
    /** Issuer common name and organisation of the leaf, outside text. */
    readonly issuer: string
    /** base64url SHA-256 of the public key that signed (the highest one sent). */
    readonly authorityKey: string
    /** The machine's own store would accept it. */
    readonly acceptedBySystem: boolean | null
    readonly tcpMs: number | null
    /** TLS time per round trip in ms, least. */
    readonly tlsRoundTripMs: number | null
    readonly tlsVersion: string | null
    /** The TCP time is shorter than light needs to the door. */
    readonly tcpTooFast: boolean
    readonly httpStatus: number | null
    readonly proxyServerHeader: boolean
    readonly smallHelloOnly: boolean
  }
  /** The name does not exist, so nothing can be inspected under it. */
  'host-absent': { readonly host: string }
  /** The name leads to an address that no public service can have. */
  'private-answer': {
    readonly host: string
    readonly address: string
    readonly kind: 'private' | 'cgnat' | 'other'
  }
  /** The name leads to a public address outside Microsoft's published ranges. */
  'outside-ranges': { readonly host: string; readonly address: string }
}

export type FindingCode = keyof FindingArgs

/** One stated fact, and the measurement it rests on. */
export type Finding = {
  [C in FindingCode]: {
    readonly code: C
    readonly question: Question
    readonly runnerId: string
    readonly measurementId: string
    readonly args: FindingArgs[C]
  }
}[FindingCode]

/** The finding of one code. */
export type FindingOf<C extends FindingCode> = Extract<Finding, { code: C }>
