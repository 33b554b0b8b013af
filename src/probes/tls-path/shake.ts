import type { TlsSeen } from '../../core/ports.ts'
import { canonical } from '../shared/address.ts'
import { round2 } from '../shared/numbers.ts'
import type { Handshake } from './result.ts'

/** Connect and handshake are three round trips at most: enough for 600 ms of path and one lost packet. */
const HANDSHAKE_TIMEOUT_MS = 4_000

/** Where and how long one handshake with a host is tried. */
export function dialOf(host: string, address: string) {
  return { address: canonical(address) ?? address, port: 443, timeoutMs: HANDSHAKE_TIMEOUT_MS, host }
}

/** What is kept of one handshake. */
export function handshakeOf(seen: TlsSeen): Handshake {
  return { tcpMs: round2(seen.tcpMs), tlsMs: round2(seen.tlsMs), roundTrips: seen.roundTrips }
}
