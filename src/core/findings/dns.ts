import type { Failure } from '../failure.ts'
import type { Located } from './located.ts'

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
  /**
   * Prefix length for which Microsoft's answer to that subnet holds. 0: it holds for everyone, so who asked decided;
   * null: no subnet was sent on, or the answer does not say.
   */
  readonly subnetScope: number | null
  /** Addresses of the other family that the same servers leave from. */
  readonly alsoFrom: readonly string[]
  /** Every answer that came through it had to be fetched over TCP. */
  readonly overTcpOnly: boolean
}

/** Why an answer on port 53 was not given by the server that was asked. */
export type Interception = 'not-authoritative' | 'recursive' | 'silent-answers'

/** What is stated about name resolution. */
export interface DnsFindings {
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
  /** Resolvers that send a private network's prefix on to authorities, which can place nobody by it. */
  'client-subnet-leaked': {
    readonly resolvers: readonly { readonly address: string; readonly subnet: string }[]
  }
  /** Somebody on the way answers DNS in place of the server that was asked. */
  'port-53-intercepted': {
    readonly shownBy: readonly Interception[]
    /** The address that was asked. */
    readonly asked: string
    /** The resolver that the beacon saw in its place, and what the box calls itself, where that was told. */
    readonly by: string | null
    readonly node: string | null
  }
  /** Servers that give addresses for a name that does not exist. */
  'nxdomain-rewritten': {
    readonly servers: readonly { readonly server: string; readonly addresses: readonly string[] }[]
  }
  /** Ten answers or more that belong to no question came in a server's name. */
  'stray-dns-answers': {
    readonly servers: readonly { readonly server: string; readonly count: number }[]
  }
  /** Which nodes of public resolver services answer this office. Shown, not judged. */
  'resolver-nodes-seen': {
    readonly nodes: readonly {
      readonly server: string
      readonly service: 'cloudflare' | 'google' | 'quad9' | 'opendns'
      readonly node: string
      readonly code: string
      readonly km: number | null
    }[]
  }
}
