import { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { Timers } from './timers.ts'

/** Bytes on the way in one direction before the sender is told to wait: more than any demo path holds. */
const IN_FLIGHT_BYTES = 4 * 1024 * 1024
/** What a lost TCP segment costs at least: Linux's smallest retransmission timeout, in ms. */
const RETRANSMIT_MS = 200

/** How bytes travel between two sockets. Each direction takes `oneWayMs`, plus up to `jitterMs`, in order. */
export interface PipeOptions {
  readonly oneWayMs: number
  readonly jitterMs?: number
  readonly loss?: number
  readonly mbps?: number | undefined
  readonly random: () => number
  readonly timers: Timers
  /** Swallow everything if the first TLS record from the near side is larger than this. */
  readonly largestHello?: number | undefined
}

const TLS_HANDSHAKE = 22
/** Type, version and length come before the record itself (RFC 8446 5.1). */
const RECORD_HEADER = 5

const isLargeHello = (chunk: Buffer, limit: number): boolean =>
  chunk.length >= RECORD_HEADER && chunk[0] === TLS_HANDSHAKE && chunk.readUInt16BE(3) > limit

/** Ends a socket the way a reset does, when it can be reset: a TLS socket throws at the attempt. */
export const reset = (socket: Duplex): void => {
  if (socket instanceof Socket && !(socket instanceof TLSSocket)) socket.resetAndDestroy()
  else socket.destroy()
}

const carry = (source: Duplex, sink: Duplex, options: PipeOptions, hello: number | undefined): void => {
  let lastDue = 0
  let inFlight = 0
  let first = true
  let swallowing = false
  const send = (bytes: number, run: () => void): void => {
    const jitter = options.random() * (options.jitterMs ?? 0)
    const lost =
      bytes > 0 && options.random() < (options.loss ?? 0) ? RETRANSMIT_MS + 2 * options.oneWayMs : 0
    const wire = options.mbps === undefined ? 0 : (bytes * 8) / (options.mbps * 1000)
    const now = performance.now()
    const due = Math.max(lastDue + wire, now + options.oneWayMs + jitter + lost + wire)
    lastDue = due
    queue.push({ due, run })
    if (queue.length === 1) options.timers.after(due - now, drain)
  }
  const queue: { readonly due: number; readonly run: () => void }[] = []
  const drain = (): void => {
    const now = performance.now()
    while (queue[0] !== undefined && queue[0].due - now < 0.5) queue.shift()?.run()
    if (queue[0] !== undefined) options.timers.after(queue[0].due - now, drain)
  }
  source.on('data', (chunk: Buffer) => {
    if (first && hello !== undefined) swallowing = isLargeHello(chunk, hello)
    first = false
    if (swallowing) return
    inFlight += chunk.length
    if (inFlight > IN_FLIGHT_BYTES) source.pause()
    send(chunk.length, () => {
      const arrived = (): void => {
        inFlight -= chunk.length
        if (inFlight <= IN_FLIGHT_BYTES && source.isPaused()) source.resume()
      }
      if (sink.writable) sink.write(chunk, arrived)
      else arrived()
    })
  })
  source.on('end', () => send(0, () => sink.end()))
  source.on('error', () => send(0, () => reset(sink)))
  source.on('close', () => send(0, () => sink.destroyed || sink.end()))
}

/** Joins two sockets by a path. Whatever ends or breaks on one side does so on the other, half a round trip later. */
export const join = (near: Duplex, far: Duplex, options: PipeOptions): void => {
  if (near.destroyed || far.destroyed) {
    reset(near)
    reset(far)
    return
  }
  carry(near, far, options, options.largestHello)
  carry(far, near, options, undefined)
  near.resume()
  far.resume()
}
