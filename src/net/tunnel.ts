import { Socket } from 'node:net'
import { done, failed, type Outcome } from '../core/failure.ts'
import type { TunnelSeen, TunnelTarget } from '../core/ports.ts'
import type { Dialer } from './dialer.ts'
import { request } from './node-http.ts'
import type { CleanRoots } from './public-roots.ts'
import { type Limits, type Settle, settleOnce } from './settle.ts'
import { errorCode, socketFailure } from './socket-errors.ts'
import { stampMs } from './stopwatch.ts'
import { shakeHands } from './tls-handshake.ts'

/** Headers larger than this are no answer of a proxy (Node's own default). */
const MAX_HEADER_BYTES = 16_384

interface Connected {
  readonly status: number
  readonly server: string | null
  /** The tunnel; null when the proxy opened none. */
  readonly socket: Socket | null
}

/**
 * Asks an HTTP proxy for a tunnel to a host (CONNECT, RFC 9110 9.3.6) and, where it opens one, shakes hands with the host
 * inside it, whatever the chain. With an `https:` proxy TLS is spoken first. No password is ever sent. A proxy's status is a result, not a failure.
 */
export async function tunnelOnce(
  dialer: Dialer,
  roots: CleanRoots,
  target: TunnelTarget,
  signal: AbortSignal,
): Promise<Outcome<TunnelSeen>> {
  const began = stampMs()
  const left = (): number => Math.max(1, target.timeoutMs - (stampMs() - began))
  const dialed = await dialer.tcp({ ...target.proxy, timeoutMs: left() }, signal)
  if (!dialed.ok) return dialed
  const authority = `${target.host}:${target.port}`
  const start = stampMs()
  const stream = target.proxy.tls
    ? await overTls(dialed.result.socket, roots, { host: target.proxy.host, timeoutMs: left(), signal })
    : done(dialed.result.socket)
  if (!stream.ok) return stream
  const connected = await connectBy(stream.result, authority, { timeoutMs: left(), signal })
  if (!connected.ok) return connected
  const { status, server, socket } = connected.result
  const openMs = dialed.result.ms + stampMs() - start
  if (socket === null) return done({ status, server, openMs, tls: null })
  const hands = { host: target.host, roots, smallHello: false, timeoutMs: left(), signal }
  const shaken = await shakeHands(socket, hands)
  if (!shaken.ok) return done({ status, server, openMs, tls: shaken })
  const { ms, version, roundTrips, chain, verifyError } = shaken.result
  shaken.result.socket.destroy()
  const verified = verifyError === null
  const tls = { tcpMs: dialed.result.ms, tlsMs: ms, version, roundTrips, chain, verified, verifyError }
  return done({ status, server, openMs, tls: done(tls) })
}

/** The connection to the proxy itself in TLS, whatever its chain. */
async function overTls(
  raw: Socket,
  roots: CleanRoots,
  limits: Limits & { readonly host: string },
): Promise<Outcome<Socket>> {
  const shaken = await shakeHands(raw, { ...limits, roots, smallHello: false })
  return shaken.ok ? done(shaken.result.socket) : shaken
}

function connectBy(stream: Socket, authority: string, limits: Limits): Promise<Outcome<Connected>> {
  const begin = (settle: Settle<Connected>): (() => void) => {
    let kept = false
    const sent = request({
      // The stream is open already: with this no agent and no pool takes part.
      createConnection: () => stream,
      method: 'CONNECT',
      path: authority,
      setDefaultHeaders: false,
      headers: { Host: authority, 'User-Agent': 'Doorstep' },
      maxHeaderSize: MAX_HEADER_BYTES,
    })
    // Node emits this for the answer to a CONNECT, whatever its status.
    sent.on('connect', (response, socket, head) => {
      const status = response.statusCode ?? 0
      const named = response.headers['server']
      const server = typeof named === 'string' ? named.slice(0, 100) : null
      const open = status >= 200 && status < 300 && socket instanceof Socket
      if (open && head.length > 0) socket.unshift(head)
      kept = open
      settle(done({ status, server, socket: open ? socket : null }))
    })
    sent.on('error', (error) => settle(connectFailure(error)))
    sent.on('close', () => settle(failed('reset', 'closed before the proxy answered')))
    sent.end()
    stream.resume()
    return () => {
      if (!kept) stream.destroy()
    }
  }
  return settleOnce(limits, begin, undefined, () => stream.destroy())
}

function connectFailure(error: Error): Outcome<never> {
  const code = errorCode(error) ?? ''
  return code.startsWith('HPE_') ? failed('http-malformed', code) : socketFailure(error)
}
