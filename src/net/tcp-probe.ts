import { done, type Outcome } from '../core/failure.ts'
import type { DialTarget, HttpSeen, TcpPort, TlsSeen } from '../core/ports.ts'
import type { Dialer } from './dialer.ts'
import { downloadOnce } from './download.ts'
import { askHttp } from './http-request.ts'
import { type CleanRoots, sendsLargeHello } from './public-roots.ts'
import { countdown } from './stopwatch.ts'
import { shakeHands } from './tls-handshake.ts'
import { tunnelOnce } from './tunnel.ts'
import { WireTap } from './wire-tap.ts'

/** What a probe keeps of a body: enough for an echo, too little for a bomb. */
export const MAX_BODY_BYTES = 10_000
/** A request takes no longer than this, whatever the caller allows. */
const MAX_REQUEST_MS = 10_000

/** Connects, shakes hands and asks through `dialer`; chains are judged by `roots` alone. */
export function tcpProbe(dialer: Dialer, roots: CleanRoots): TcpPort {
  return {
    largeHello: sendsLargeHello(process.versions.openssl),
    connect: (target, signal) => connectOnce(dialer, target, signal),
    handshake: (target, signal) => handshakeOnce(dialer, roots, target, signal),
    request: (target, signal) => requestOnce(dialer, roots, target, signal),
    download: (target, signal) => downloadOnce(dialer, roots, target, signal),
    tunnel: (target, signal) => tunnelOnce(dialer, roots, target, signal),
  }
}

async function connectOnce(
  dialer: Dialer,
  target: DialTarget,
  signal: AbortSignal,
): Promise<Outcome<{ readonly ms: number }>> {
  const dialed = await dialer.tcp(target, signal)
  if (!dialed.ok) return dialed
  dialed.result.socket.destroy()
  return done({ ms: dialed.result.ms })
}

async function handshakeOnce(
  dialer: Dialer,
  roots: CleanRoots,
  target: Parameters<TcpPort['handshake']>[0],
  signal: AbortSignal,
): Promise<Outcome<TlsSeen>> {
  const left = countdown(target.timeoutMs)
  const dialed = await dialer.tcp(target, signal)
  if (!dialed.ok) return dialed
  const options = {
    host: target.host,
    roots,
    smallHello: target.smallHello ?? false,
    timeoutMs: left(),
    signal,
  }
  const shaken = await shakeHands(dialed.result.socket, options)
  if (!shaken.ok) return shaken
  const { socket, ms, version, roundTrips, chain, verifyError } = shaken.result
  socket.destroy()
  const verified = verifyError === null
  return done({ tcpMs: dialed.result.ms, tlsMs: ms, version, roundTrips, chain, verified, verifyError })
}

async function requestOnce(
  dialer: Dialer,
  roots: CleanRoots,
  target: Parameters<TcpPort['request']>[0],
  signal: AbortSignal,
): Promise<Outcome<HttpSeen>> {
  const left = countdown(Math.min(target.timeoutMs, MAX_REQUEST_MS))
  const dialed = await dialer.tcp({ ...target, timeoutMs: left() }, signal)
  if (!dialed.ok) return dialed
  const { host, port, path, method, tls } = target
  const ask = { host, port, path, method, tls, maxBytes: MAX_BODY_BYTES, signal }
  if (!tls) {
    return seen(await askHttp(new WireTap(dialed.result.socket), { ...ask, timeoutMs: left() }), null)
  }
  const options = { host, roots, smallHello: false, timeoutMs: left(), signal }
  const shaken = await shakeHands(dialed.result.socket, options)
  if (!shaken.ok) return shaken
  const { socket, verifyError } = shaken.result
  return seen(await askHttp(socket, { ...ask, timeoutMs: left() }), verifyError === null)
}

function seen(
  outcome: Awaited<ReturnType<typeof askHttp>>,
  verified: HttpSeen['verified'],
): Outcome<HttpSeen> {
  if (!outcome.ok) return outcome
  const { status, headers, body, ms } = outcome.result
  return done({ status, headers, body, verified, ms })
}
