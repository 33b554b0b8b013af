import type { Failure } from '../failure.ts'

/** How a train of datagrams to one of the relay's addresses fared. */
export interface MediaSeen {
  readonly to: string
  /** Datagrams that were decided, and how many of them were lost; `lost` equal to `sent` is silence. */
  readonly sent: number
  readonly lost: number
  /** Answers that were overtaken. */
  readonly reordered: number
  /** The most lost of the datagrams of any 200 ms. */
  readonly burst: number
  /** Round trips in ms, and the jitter of RFC 3550 on them (so of both directions together); null when nothing came. */
  readonly minMs: number | null
  readonly medianMs: number | null
  readonly jitterMs: number | null
  /** Why no train was sent there; null when one was. */
  readonly failure: Failure | null
}

/** What is stated about the path of Teams media. */
export interface MediaFindings {
  'media-seen': {
    readonly host: string
    readonly destinations: readonly MediaSeen[]
    /** Routers on the way to the first destination, itself counted; null where that cannot be told. */
    readonly hops: number | null
  }
}
