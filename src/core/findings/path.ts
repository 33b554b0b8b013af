/** What the certificate chain of a host turned out to be. */
export type ChainState =
  | 'clean'
  | 'clean-with-known-intermediate'
  | 'impostor'
  | 'unknown-authority'
  | 'incomplete'
  | 'unsettled'

/** What is stated about what stands between the office and Microsoft's hosts. */
export interface PathFindings {
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
    /** For how long at most the runner itself was busy meanwhile, ms: a handshake may look longer by this. */
    readonly busyMs: number
    /** The TCP time is shorter than light needs to the door. */
    readonly tcpTooFast: boolean
    readonly httpStatus: number | null
    readonly proxyServerHeader: boolean
    readonly smallHelloOnly: boolean
  }
  /** Not owed, as the next two: a handshake failed, and succeeded with a ClientHello that fits one packet. */
  'large-clienthello-dropped': { readonly host: string }
  /** A leaf came without the certificate of its issuer, whose organisation signs for Microsoft. */
  'chain-incomplete': { readonly host: string; readonly issuer: string }
  /** The name of a trusted issuer with a key that is not that issuer's. */
  'issuer-impersonated': { readonly host: string; readonly issuer: string }
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
