import type { Failure, Outcome } from '../../core/failure.ts'
import type { TlsSeen } from '../../core/ports.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { canonical } from '../shared/address.ts'
import { round2 } from '../shared/numbers.ts'
import type { Handshake } from './result.ts'

/** Connect and handshake are three round trips at most: enough for 600 ms of path and one lost packet. */
const HANDSHAKE_TIMEOUT_MS = 4_000

/** Failures that a dropped large ClientHello looks like. */
const MAY_BE_LARGE_HELLO: ReadonlySet<Failure> = new Set<Failure>(['tls-failed', 'reset', 'timeout'])

/** What a large ClientHello is given over the time of a small one: a lost packet is sent again after 1 s (RFC 6298). */
const LOST_PACKET_MS = 2_000

/** Where and how long one handshake with a host is tried. */
export function dialOf(host: string, address: string) {
  return { address: canonical(address) ?? address, port: 443, timeoutMs: HANDSHAKE_TIMEOUT_MS, host }
}

/** What is kept of one handshake. */
export function handshakeOf(seen: TlsSeen): Handshake {
  return { tcpMs: round2(seen.tcpMs), tlsMs: round2(seen.tlsMs), roundTrips: seen.roundTrips }
}

/** The first handshake with a host, and how the others with it are made. */
export interface FirstHandshake {
  readonly first: Outcome<TlsSeen>
  readonly shake: () => Promise<Outcome<TlsSeen>>
  /** The large ClientHello failed twice, and a small one between got through. */
  readonly smallHelloOnly: boolean
}

/**
 * Shakes hands once. A failure that a dropped large ClientHello looks like is tried once with a small one. A lost packet
 * or a busy door looks the same and is over by then: so after a small one got through, the large one is tried once more.
 * Where this program's usual ClientHello is small, the second try is no other than the first and tells nothing of size.
 */
export async function firstHandshake(
  { ports, signal }: ProbeContext,
  host: string,
  address: string,
): Promise<FirstHandshake> {
  const dial = dialOf(host, address)
  const shake = (smallHello: boolean, timeoutMs = dial.timeoutMs) =>
    ports.tcp.handshake({ ...dial, timeoutMs, smallHello }, signal)
  const usually = (first: Outcome<TlsSeen>): FirstHandshake => ({
    first,
    shake: () => shake(false),
    smallHelloOnly: false,
  })
  const usual = await shake(false)
  if (usual.ok || !MAY_BE_LARGE_HELLO.has(usual.failure) || signal.aborted) return usually(usual)
  const small = await shake(true)
  if (!small.ok) return usually(usual)
  if (!ports.tcp.largeHello || signal.aborted) return usually(small)
  const tookMs = Math.ceil(small.result.tcpMs + small.result.tlsMs)
  const again = await shake(false, Math.min(dial.timeoutMs, tookMs + LOST_PACKET_MS))
  if (again.ok) return usually(again)
  // A handshake that the end of the budget cut tells nothing.
  if (signal.aborted || !MAY_BE_LARGE_HELLO.has(again.failure)) return usually(small)
  return { first: small, shake: () => shake(true), smallHelloOnly: true }
}
