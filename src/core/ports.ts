import type { Outcome } from './failure.ts'
import type { ProxySetting } from './proxy-setting.ts'

/** Time, injected so that tests own it. */
export interface Clock {
  /** Wall time, epoch ms. */
  now(): number
  /** Monotonic time in ms with fractions, for durations. */
  monotonic(): number
  /** Calls back once after `ms`; the returned function cancels. */
  after(ms: number, run: () => void): () => void
}

/** Randomness, injected so that tests own it. */
export interface Random {
  /** `bytes` random bytes as lower-case hex. */
  hex(bytes: number): string
  /** A number in [0, 1). */
  unit(): number
}

/** Record types that probes ask for. */
export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'TXT'

/** One resource record of an answer, in the order received. */
export interface DnsRecord {
  readonly name: string
  readonly type: string
  readonly ttl: number
  /** Address, target name or the joined text of one TXT record. */
  readonly data: string
  /** The single strings of a TXT record. */
  readonly strings?: readonly string[]
}

/** A DNS answer that passed the guard. */
export interface DnsAnswer {
  readonly records: readonly DnsRecord[]
  readonly flags: { readonly authoritative: boolean; readonly recursionAvailable: boolean }
  readonly transport: 'udp' | 'tcp'
  /** From just before the last send to the first byte handled, ms. */
  readonly ms: number
  /** Datagrams that did not belong to the question (wrong id, source or question). */
  readonly strays: number
  /** Scope of the client subnet in the answer; null when there was none. */
  readonly subnetScope: number | null
}

/**
 * A plain DNS query to one server: one question, one server, TCP only after truncation, and once more without EDNS where
 * the server does not know it.
 */
export interface DnsQuery {
  readonly name: string
  readonly type: RecordType
  /** Literal address of the server; port 53 is implied. */
  readonly server: string
  readonly timeoutMs: number
  /**
   * Ask again, from another port, when half of the time passed without an answer: for what is not timed. Without it a
   * question is sent once, so that neither loss nor time is hidden.
   */
  readonly resend?: boolean
  /** Ask in class CH, where a server keeps facts about itself (RFC 4892), instead of IN. */
  readonly chaos?: boolean
  /** A client subnet to send along, `prefix/length` (RFC 7871). An answer for another subnet is not taken. */
  readonly clientSubnet?: string
}

/** What the operating system answers an application. */
export interface SystemAnswer {
  readonly addresses: readonly { readonly address: string; readonly family: 4 | 6 }[]
  readonly ms: number
  /** The configured server that answered, where that can be known (in a world). */
  readonly server: string | null
}

export interface DnsPort {
  query(query: DnsQuery, signal: AbortSignal): Promise<Outcome<DnsAnswer>>
  /** `dns.lookup` outside a world; the world's `systemLookup` inside one. Addresses only. */
  systemLookup(
    name: string,
    family: 4 | 6,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Outcome<SystemAnswer>>
  /** The configured servers, in order, literal addresses. */
  servers(): readonly string[]
}

/** One certificate of a chain as it was sent, DER. */
export interface TlsSeen {
  /** Time of the TCP connect and of the handshake alone, ms. */
  readonly tcpMs: number
  readonly tlsMs: number
  readonly version: string
  /** Round trips that the handshake took: TLS 1.3 one, TLS 1.2 two, HelloRetryRequest one more. */
  readonly roundTrips: number
  /** DER of the certificates as sent, leaf first. */
  readonly chain: readonly Uint8Array[]
  /** Verified against the clean public roots alone, host name included. */
  readonly verified: boolean
  /** OpenSSL's word for why not; null when verified. */
  readonly verifyError: string | null
}

export interface HttpSeen {
  readonly status: number
  /** Lower-case names; repeated headers joined by ", ". */
  readonly headers: Readonly<Record<string, string>>
  /** At most 10,000 bytes of the body, UTF-8. */
  readonly body: string
  /** The chain verified against the clean public roots, host name included; null without TLS. */
  readonly verified: boolean | null
  /** From sending the request to the head of the answer, ms; connect and handshake are not in it. */
  readonly ms: number
}

export interface DialTarget {
  /** Literal address. */
  readonly address: string
  readonly port: number
  readonly timeoutMs: number
}

/** A host to reach by way of a configured proxy. */
export interface TunnelTarget {
  /**
   * Literal address and port of the proxy, its host as the setting names it, and whether TLS is spoken with the proxy
   * itself (an `https:` proxy). Its chain is not judged: it is the company's own, and nothing secret is sent.
   */
  readonly proxy: {
    readonly address: string
    readonly port: number
    readonly host: string
    readonly tls: boolean
  }
  readonly host: string
  readonly port: number
  readonly timeoutMs: number
}

/** What a proxy said to a CONNECT. */
export interface TunnelSeen {
  readonly status: number
  /** Its `Server` header; null when there was none. */
  readonly server: string | null
  /** From connecting to the proxy's answer, ms; with a handshake with the proxy itself in it, where there is one. */
  readonly openMs: number
  /** The handshake inside the tunnel; null when the proxy opened none. */
  readonly tls: Outcome<TlsSeen> | null
}

/** How fast a file came. Nothing of it is kept. */
export interface DownloadSeen {
  readonly status: number
  /** Bytes of the body that were read; 0 unless the status is 200. */
  readonly bytes: number
  /** From sending the request to the last byte read, ms. */
  readonly ms: number
  /** Bytes per ms of the second half of what was read, where TCP has left its slow start; null: too little to tell. */
  readonly secondHalfPerMs: number | null
  /** Why it ended: the body was whole, or the most bytes or the most time was reached. */
  readonly ended: 'whole' | 'bytes' | 'time'
}

/** A file to download over HTTPS. */
export interface DownloadTarget extends DialTarget {
  readonly host: string
  /** Path and query, beginning with a slash. */
  readonly path: string
}

export interface TcpPort {
  /** Whether an ordinary ClientHello of this program is large: over 1,200 bytes, with a post-quantum key share. */
  readonly largeHello: boolean
  /** Opens and closes one connection; ms from connect to connected. */
  connect(target: DialTarget, signal: AbortSignal): Promise<Outcome<{ readonly ms: number }>>
  /**
   * Connects and shakes hands, without failing on an unverified chain. `smallHello` asks for a ClientHello of under
   * 1,200 bytes (no post-quantum key share).
   */
  handshake(
    target: DialTarget & { readonly host: string; readonly smallHello?: boolean },
    signal: AbortSignal,
  ): Promise<Outcome<TlsSeen>>
  /** One HTTPS or HTTP request on its own connection: no redirect, no decompression, no verification. */
  request(
    target: DialTarget & {
      readonly host: string
      readonly path: string
      readonly tls: boolean
      readonly method: 'GET' | 'HEAD'
    },
    signal: AbortSignal,
  ): Promise<Outcome<HttpSeen>>
  /**
   * One HTTPS GET on its own connection whose body is counted and let go: at most 15 MB and 10 s, connect and handshake
   * included. A body that stands still for 3 s is `timeout`, one that is cut `reset`.
   */
  download(target: DownloadTarget, signal: AbortSignal): Promise<Outcome<DownloadSeen>>
  /** CONNECT at a configured proxy, without a password, and the handshake inside the tunnel that it opens. */
  tunnel(target: TunnelTarget, signal: AbortSignal): Promise<Outcome<TunnelSeen>>
}

/** An address that the host has: no loopback, no link-local. */
export interface HostAddress {
  readonly name: string
  readonly address: string
  readonly family: 4 | 6
}

/** What the host itself can tell; it sends nothing. */
export interface HostPort {
  interfaces(): readonly HostAddress[]
  /** The address by which the host would send to a public address. */
  sourceTowards(address: string, signal: AbortSignal): Promise<Outcome<string>>
}

/** What a STUN server answered: the address that it saw, or an error, which proves the round trip and no address. */
export type StunSeen =
  | { readonly address: string; readonly port: number; readonly ms: number }
  | { readonly address: null; readonly error: number; readonly ms: number }

/** A train of Bindings: how many, how far apart, and after how long without an answer one is lost. */
export interface TrainPlan {
  readonly count: number
  readonly intervalMs: number
  readonly lateMs: number
}

export interface TrainSeen {
  /**
   * Of each datagram in the order sent, its round trip in ms; null: lost. Left out is what was sent on a flow that a
   * world's gateway ended, and not answered.
   */
  readonly packets: readonly (number | null)[]
  /** Datagrams besides these that were answered while the runner itself was busy: not lost, but without an honest time. */
  readonly blurred: number
  /** Answers that came after the answer to a datagram sent later. */
  readonly reordered: number
  /** Answers to what had been answered before. */
  readonly duplicates: number
}

export interface StunPort {
  /** One Binding from a new source port, sent up to three times; an error to an Allocate is an answer too. */
  binding(target: DialTarget, signal: AbortSignal): Promise<Outcome<StunSeen>>
  /**
   * Bindings at a steady pace from one source port, each with a transaction of its own. `timeoutMs` is for opening. Where
   * the runner was busy it goes on for up to two seconds, so that as many as planned have a time. A destination that answers nothing for three seconds is given up, and what was sent until then is lost.
   */
  train(target: DialTarget, plan: TrainPlan, signal: AbortSignal): Promise<Outcome<TrainSeen>>
  /**
   * The least IP TTL of a Binding that is answered: the number of hops. `unsupported-probe` in a world, whose gateway
   * sets the TTL of its own datagrams.
   */
  hops(target: DialTarget, signal: AbortSignal): Promise<Outcome<{ readonly hops: number }>>
}

/** The doors that a probe's `run` is given. It opens no other. */
export interface ProbePorts {
  readonly dns: DnsPort
  readonly tcp: TcpPort
  readonly stun: StunPort
  readonly host: HostPort
  readonly random: Random
  readonly clock: Clock
}

/** A file on `<tenant>.sharepoint.com`. */
export interface DownloadFile {
  readonly host: string
  /** Path and query, beginning with a slash. */
  readonly path: string
}

/** What the runner's own configuration says; nothing of it comes from the hub. */
export interface ProbeSettings {
  /** The beacon's zone; null: the public whoami names serve. */
  readonly beacon: string | null
  /** `http://` URL of an echo in a world, the hub's echo outside; null: the default path is not observed. */
  readonly echo: string | null
  readonly tenant: string | null
  /** Length of the media train in s, 1 to 10. */
  readonly mediaSeconds: number
  /** The file of the tenant's own that a download takes; null: none is named, so nothing is downloaded. */
  readonly download: DownloadFile | null
  /**
   * Roots that the machine's own store adds to the public ones (PEM), to tell what applications would accept; null: not
   * known. They are read when first asked for.
   */
  readonly systemRoots: string | null
  /** PEM of the clean public roots that verification used. */
  readonly cleanRoots: readonly string[]
  /** What the host says about proxies, the system's setting first; empty: none is set; null: it could not be read. */
  readonly proxies: readonly ProxySetting[] | null
  /** The hub's time less this host's, ms. */
  readonly clockOffsetMs: () => number
}
