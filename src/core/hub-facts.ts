import type { OwnTrouble } from './alert.ts'

/** What a hub says of its own health. Nothing in it is a secret, an address or the name of a host. */
export interface HubFacts {
  readonly version: string
  /** Epoch ms. */
  readonly startedAt: number
  readonly store: 'embedded' | 'azure'
  readonly signIn: 'on' | 'off'
  /** Runners that count, by what they do; `outdated` and `withBeacon` are counted beside the others. */
  readonly runners: {
    readonly online: number
    readonly silent: number
    readonly neverSeen: number
    /** Of another version than the hub. */
    readonly outdated: number
    readonly withBeacon: number
  }
  /** The endpoint list of the real Internet, or of the world that is served; refreshed: epoch ms, null: never. */
  readonly list: { readonly version: string; readonly refreshedAt: number | null }
  /** Checks that run. */
  readonly checks: number
  /** Epoch ms; null: none was ever sent. */
  readonly lastDigestAt: number | null
  /** What is wrong with the hub itself. */
  readonly troubles: readonly OwnTrouble[]
}
