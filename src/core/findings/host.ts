import type { Failure } from '../failure.ts'
import type { ProxySetting } from '../proxy-setting.ts'

/** By which of its addresses the host sends to a name. */
export interface SourceSeen {
  readonly host: string
  /** The destination; null when the name gave none that is public. */
  readonly address: string | null
  readonly source: string | null
  readonly failure: Failure | null
}

/** How one way to a host's TLS went: straight, or inside a proxy's tunnel. */
export type WaySeen =
  | { readonly failure: Failure }
  | {
      /** From the first packet to the end of the handshake, ms. */
      readonly ms: number
      /** The chain verified against the clean public roots, host name included. */
      readonly verified: boolean
      /** Issuer common name and organisation of the leaf, outside text. */
      readonly issuer: string
      /** As in `tls-seen`. */
      readonly authorityKey: string
    }

/** What is stated about the host that the runner runs on. */
export interface HostFindings {
  'host-seen': {
    readonly interfaces: readonly {
      readonly name: string
      readonly address: string
      readonly kind: 'public' | 'private' | 'cgnat' | 'other'
      /** The name is one that VPN and tunnel adapters have: a hint, nothing more. */
      readonly maybeTunnel: boolean
    }[]
    /** It has an IPv6 address that is public or unique-local. */
    readonly ipv6: boolean
    readonly sources: readonly SourceSeen[]
    readonly proxies: readonly ProxySetting[]
    /** The hub's time less the host's, ms. */
    readonly clockOffsetMs: number
  }
  /** Optimize names leave by another address of the host than an ordinary destination. */
  'different-source-address': {
    readonly optimize: readonly { readonly host: string; readonly source: string }[]
    readonly rest: { readonly host: string; readonly source: string }
  }
  /**
   * Not owed. The network makes IPv6 addresses of IPv4 ones with these prefixes, for a NAT64 that carries them on. Addresses
   * behind them are named, placed and judged by the IPv4 address inside.
   */
  'nat64-prefix-seen': { readonly prefixes: readonly string[] }
  /** The host's clock is off by more than sign-in protocols allow. */
  'clock-wrong': { readonly offsetMs: number }
  /** Neither the system nor the environment names a proxy or a script. */
  'no-proxy-set': Record<string, never>
  /** A script chooses the proxy. It is recorded, and never executed. */
  'proxy-script-set': { readonly script: string; readonly from: ProxySetting['from'] }
  /** A proxy is set: the same handshake straight and through it. */
  'proxy-compared': {
    readonly proxy: string
    readonly from: ProxySetting['from']
    /** A script is set beside it, and may choose otherwise. */
    readonly script: string | null
    readonly host: string
    /** Optimize and Allow names that the setting sends through the proxy, of those that were asked about. */
    readonly takes: readonly string[]
    readonly direct: WaySeen
    /** The proxy's answer to CONNECT; null when it gave none. */
    readonly connectStatus: number | null
    readonly via: WaySeen | null
  }
}
