import type { X509Certificate } from 'node:crypto'
import { isIP, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { done, failed, type Outcome } from '../core/failure.ts'
import type { CleanRoots } from './public-roots.ts'
import { type Limits, type Settle, settleOnce } from './settle.ts'
import { errorCode, socketFailure } from './socket-errors.ts'
import { stampMs } from './stopwatch.ts'
import { WireTap } from './wire-tap.ts'

/** No server sends more certificates; a longer list is cut. */
const MAX_CHAIN = 16

/** A finished handshake. Whoever receives it ends `socket`. */
export interface Shaken {
  readonly socket: TLSSocket
  readonly ms: number
  readonly version: string
  readonly roundTrips: number
  readonly chain: readonly Uint8Array[]
  readonly verifyError: string | null
}

/** What a handshake is made with. */
export interface HandshakeOptions extends Limits {
  readonly host: string
  readonly roots: CleanRoots
  readonly smallHello: boolean
}

/**
 * Shakes hands over an open connection and goes on whatever the chain: whether it verifies is part of the answer. Takes
 * over `raw`, and ends it when the handshake fails.
 */
export function shakeHands(raw: Socket, options: HandshakeOptions): Promise<Outcome<Shaken>> {
  const { host, roots, smallHello } = options
  const begin = (settle: Settle<Shaken>): (() => void) => {
    let kept = false
    const tap = new WireTap(raw)
    // Made once and shared; no session is kept, so every handshake is a full one.
    const secureContext = smallHello ? roots.smallContext : roots.context
    const start = stampMs()
    const socket = connect({
      socket: tap,
      host,
      // Server names are never addresses (RFC 6066 3).
      servername: isIP(host) === 0 ? host : '',
      secureContext,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    })
    socket.once('secureConnect', () => {
      const ms = stampMs() - start
      const version = socket.getProtocol() ?? ''
      kept = true
      settle(
        done({
          socket,
          ms,
          version,
          roundTrips: (version === 'TLSv1.3' ? 1 : 2) + (tap.sawHelloRetry ? 1 : 0),
          chain: chainAsSent(socket),
          verifyError: verifyError(socket),
        }),
      )
    })
    socket.on('error', (error) => settle(handshakeFailure(error)))
    tap.on('error', () => {})
    socket.on('close', () => settle(failed('reset', 'closed during the handshake')))
    return () => {
      if (!kept) socket.destroy()
    }
  }
  return settleOnce(options, begin, undefined, () => raw.destroy())
}

/**
 * The certificates as the server sent them, in its order. `getPeerX509Certificate` hands out exactly that, but only on
 * its first call: it empties the list. `getPeerCertificate(true)` reorders, drops what does not fit, and appends roots
 * of our own store.
 */
function chainAsSent(socket: TLSSocket): readonly Uint8Array[] {
  const chain: Uint8Array[] = []
  let next: X509Certificate | undefined = socket.getPeerX509Certificate()
  while (next !== undefined && chain.length < MAX_CHAIN) {
    chain.push(new Uint8Array(next.raw))
    next = next.issuerCertificate
  }
  return chain
}

/** OpenSSL's word, or Node's for a host that is not in the certificate. */
function verifyError(socket: TLSSocket): string | null {
  if (socket.authorized) return null
  const { authorizationError: error } = socket
  return errorCode(error) ?? String(error ?? 'UNSPECIFIED')
}

/** Codes of OpenSSL mean that both sides spoke and disagreed; everything else is the network's. */
function handshakeFailure(error: Error): Outcome<never> {
  const code = errorCode(error) ?? ''
  return /^(ERR_SSL|ERR_TLS|EPROTO)/.test(code)
    ? failed('tls-failed', `${code} ${error.message}`)
    : socketFailure(error)
}
