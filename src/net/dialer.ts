import { createSocket } from 'node:dgram'
import { connect, isIP, type Socket } from 'node:net'
import { done, type Failure, failed, type Outcome } from '../core/failure.ts'
import type { DialTarget } from '../core/ports.ts'
import { settleOnce } from './settle.ts'
import { socketFailure } from './socket-errors.ts'
import { stampMs } from './stopwatch.ts'

/** An open TCP connection, paused, and how long it took to open, ms. Whoever receives it resumes and ends it. */
export interface Dialed {
  readonly socket: Socket
  readonly ms: number
}

/** What happens on a datagram channel. `at` is `stampMs()` taken as the first act of the handler. */
export interface Hearing {
  heard(bytes: Buffer, at: number): void
  broke(failure: Failure, detail: string): void
  /** A world's gateway ended the flow: what is under way may still come, what is sent from now on need not arrive. */
  ended?(): void
}

/** One flow of datagrams between a fresh source port and one destination; others' datagrams never reach it. */
export interface Channel {
  /** Sends; gives `stampMs()` taken just before. */
  send(bytes: Uint8Array): number
  /** Sets the IP TTL of what is sent from now on; absent where our datagrams are not what travels. */
  setTtl?(ttl: number): void
  close(): void
}

/** How everything in this folder reaches the network: directly, or through a world's gateway. */
export interface Dialer {
  tcp(target: DialTarget, signal: AbortSignal): Promise<Outcome<Dialed>>
  udp(target: DialTarget, hearing: Hearing, signal: AbortSignal): Promise<Outcome<Channel>>
}

/** Dials literal addresses on the real network. */
export const directDialer: Dialer = { tcp: dialTcp, udp: openUdp }

function dialTcp(target: DialTarget, signal: AbortSignal): Promise<Outcome<Dialed>> {
  if (isIP(target.address) === 0) return Promise.resolve(failed('params-refused', 'not a literal address'))
  return settleOnce({ timeoutMs: target.timeoutMs, signal }, (settle) => {
    let kept = false
    const start = stampMs()
    // Without autoSelectFamily=false Node may race families and attempts (250 ms each).
    const socket = connect({
      host: target.address,
      port: target.port,
      autoSelectFamily: false,
      noDelay: true,
    })
    socket.once('connect', () => {
      const ms = stampMs() - start
      kept = true
      socket.pause()
      settle(done({ socket, ms }))
    })
    socket.on('error', (error) => settle(socketFailure(error)))
    return () => {
      if (!kept) socket.destroy()
    }
  })
}

function openUdp(target: DialTarget, hearing: Hearing, signal: AbortSignal): Promise<Outcome<Channel>> {
  const family = isIP(target.address)
  if (family === 0) return Promise.resolve(failed('params-refused', 'not a literal address'))
  return settleOnce({ timeoutMs: target.timeoutMs, signal }, (settle) => {
    // A fresh socket is a fresh random port (RFC 5452); a connected one hears its peer only, and hears refusals.
    const socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4' })
    let kept = false
    let open = true
    const close = (): void => {
      if (!open) return
      open = false
      socket.close()
    }
    const trouble = (error: Error): void => {
      const outcome = socketFailure(error, 'network-unreachable')
      settle(outcome)
      if (kept && open && !outcome.ok) hearing.broke(outcome.failure, outcome.detail ?? '')
    }
    socket.on('message', (bytes) => {
      const at = stampMs()
      if (open) hearing.heard(bytes, at)
    })
    socket.on('error', trouble)
    socket.once('connect', () => {
      kept = true
      settle(
        done({
          send: (bytes) => {
            const at = stampMs()
            if (open) socket.send(bytes, (error) => error && trouble(error))
            return at
          },
          setTtl: (ttl) => socket.setTTL(ttl),
          close,
        }),
      )
    })
    socket.connect(target.port, target.address)
    return () => {
      if (!kept) close()
    }
  })
}
