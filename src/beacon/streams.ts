import { createServer, isIPv6, type Socket } from 'node:net'
import type { Clock } from '../core/ports.ts'
import { cannotListen } from './cannot-listen.ts'
import { withoutScope } from './datagrams.ts'
import { HEADER_BYTES } from './query.ts'
import { networkOf } from './rate-limit.ts'

/** A connection that sends no whole query for this long is closed (RFC 7766 6.2.3: of the order of seconds). */
const IDLE_MS = 10_000
/** Connections at once, in all and from one network: a query takes milliseconds. */
const MOST_CONNECTIONS = 256
const MOST_PER_NETWORK = 64
/** Queries of one connection before it is closed: long enough for any resolver, short enough to take turns. */
const MOST_QUERIES = 1000
/** A query is a name and a few options; a larger frame is no query of ours. */
const MOST_QUERY_BYTES = 4096
/** Answers that the other side does not take; then nothing more is read from it. */
const MOST_UNTAKEN_BYTES = 64 * 1024

export interface StreamOptions {
  readonly clock: Clock
  /** The answer to a query, or null: then the connection is closed, for it is not DNS. */
  readonly answer: (bytes: Buffer, address: string) => Buffer | null
  /** A connection was refused because there are too many. */
  readonly refused: () => void
}

/** A listening TCP port. */
export interface Streams {
  readonly port: number
  close(): Promise<void>
}

/** Listens for DNS over TCP (RFC 7766): two bytes of length before each message, answered in the order they came. */
export function serveStreams(address: string, port: number, options: StreamOptions): Promise<Streams> {
  const open = new Map<Socket, string>()
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    const asker = withoutScope(socket.remoteAddress ?? '')
    const network = networkOf(asker)
    const neighbours = [...open.values()].filter((other) => other === network).length
    if (asker === '' || open.size >= MOST_CONNECTIONS || neighbours >= MOST_PER_NETWORK) {
      options.refused()
      socket.destroy()
      return
    }
    open.set(socket, network)
    socket.on('close', () => open.delete(socket))
    converse(socket, asker, options)
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(`TCP port ${port} of ${address}`, error)))
    server.listen({ port, host: address, ipv6Only: isIPv6(address) }, () => {
      server.removeAllListeners('error')
      // Out of file descriptors, say: the next connection may fare better.
      server.on('error', options.refused)
      const bound = server.address()
      resolve({
        port: bound !== null && typeof bound === 'object' ? bound.port : port,
        close: () => {
          for (const socket of open.keys()) socket.destroy()
          return new Promise((closed) => server.close(() => closed()))
        },
      })
    })
  })
}

function converse(socket: Socket, asker: string, { clock, answer }: StreamOptions): void {
  let held: Buffer = Buffer.alloc(0)
  let queries = 0
  // Bytes alone do not count as life: one byte a second would keep a connection for ever.
  const wait = (): (() => void) => clock.after(IDLE_MS, () => socket.destroy())
  let cancel = wait()
  socket.on('close', () => cancel())
  socket.on('drain', () => socket.resume())
  socket.on('data', (chunk: Buffer) => {
    if (!socket.writable) return
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    while (held.length >= 2 && socket.writable) {
      const length = held.readUInt16BE(0)
      if (length < HEADER_BYTES || length > MOST_QUERY_BYTES) return void socket.destroy()
      if (held.length < 2 + length) return
      const reply = answer(held.subarray(2, 2 + length), asker)
      held = held.subarray(2 + length)
      if (reply === null) return void socket.destroy()
      queries += 1
      cancel()
      cancel = wait()
      socket.write(framed(reply))
      if (queries >= MOST_QUERIES) return void socket.destroySoon()
      if (socket.writableLength > MOST_UNTAKEN_BYTES) socket.pause()
    }
  })
}

function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}
