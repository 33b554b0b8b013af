import type { Failure } from '../failure.ts'

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

/** What is stated about front doors and edges. */
export interface DoorFindings {
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
  /** The round trips to the doors of a host. */
  'door-timed': { readonly host: string; readonly doors: readonly DoorTimed[] }
  /**
   * Not owed. Connects to the IPv6 addresses of a host, from an IPv6 address of the runner's own, all timed out, while
   * IPv4 answers: applications that try IPv6 first wait before they fall back (RFC 8305).
   */
  'ipv6-unanswered': {
    readonly host: string
    /** The runner's own address towards them. */
    readonly source: string
    readonly addresses: readonly string[]
    readonly attempts: number
    /** Least TCP connect time over IPv4, ms. */
    readonly over4Ms: number
  }
}
