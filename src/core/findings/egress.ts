import type { Failure } from '../failure.ts'
import type { Located } from './located.ts'

/** What is stated about the ways out to the Internet. */
export interface EgressFindings {
  /** The addresses that Microsoft's Teams relay saw: the Optimize path. */
  'relay-egress-seen': {
    readonly flows: readonly {
      readonly to: string
      readonly from: Located | null
      readonly failure: Failure | null
      /** An error of the relay has one too; null where nothing came back. */
      readonly rttMs: number | null
    }[]
    /** The relay's region by its CNAME, as Azure names it; null when unnamed. */
    readonly region: string | null
  }
  /** Where the relay is that the office was led to, by its CNAME. Not owed: a relay need not be named. */
  'relay-region-seen': {
    readonly host: string
    /** As Azure names it. */
    readonly region: string
    readonly label: string | null
    readonly km: number | null
    /** The nearest region that is known; Microsoft does not say which of them have relays. */
    readonly nearest: { readonly code: string; readonly km: number } | null
  }
  /** The address that an echo on the default path saw: shown, never judged. */
  'default-egress-seen': { readonly from: Located }
  /**
   * The addresses that the beacon's STUN saw, of both families: the way out of UDP to elsewhere than Microsoft. Shown,
   * never judged; it tells something where the relay answers errors alone.
   */
  'beacon-egress-seen': { readonly from: readonly Located[] }
}
