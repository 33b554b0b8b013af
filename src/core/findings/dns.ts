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
}

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
}
