import { isIP, type Socket } from 'node:net'
import { SocksClient, type SocksClientOptions } from 'socks'
import { done, type Failure, failed, type Outcome } from '../core/failure.ts'
import type { DialTarget } from '../core/ports.ts'
import { sameAddress } from './address-bytes.ts'
import { type Channel, type Dialed, type Dialer, directDialer, type Hearing } from './dialer.ts'
import { type Settle, settleOnce } from './settle.ts'
import { unwrapDatagram, wrapDatagram } from './socks-datagram.ts'
import { stampMs } from './stopwatch.ts'

/** Where a world's gateway listens: a loopback address and port. */
export interface Gateway {
  readonly address: string
  readonly port: number
  /** Tried where `address` refuses: `localhost` is one address of each family. */
  readonly otherwise?: string
}

/** Bytes of the answer to the greeting (RFC 1928 3). */
const GREETING_REPLY_BYTES = 2
/** Replies that say what became of the way (RFC 1928 6, world.md). */
const REPLIES: Readonly<Record<number, Failure>> = {
  3: 'network-unreachable',
  4: 'host-unreachable',
  5: 'refused',
  6: 'timeout',
}

/**
 * Dials claimed addresses through a world's SOCKS5 gateway. `ms` runs from the request to its reply, on a connection
 * to the gateway that is already open and greeted, so it holds the claimed path and nothing of the gateway's own.
 */
export function gatewayDialer(gateway: Gateway): Dialer {
  return {
    tcp: (target, signal) => command(gateway, 'connect', target, signal),
    udp: (target, hearing, signal) => associate(gateway, target, hearing, signal),
  }
}

/** What became of the way to the gateway, and by which of its addresses. */
interface Reached {
  readonly address: string
  readonly dialed: Outcome<Dialed>
}

interface Granted extends Dialed {
  /** What the gateway bound: for an association, where to send datagrams. */
  readonly bound: { readonly address: string; readonly port: number }
}

/** Opens a connection to the gateway itself. */
async function reach(gateway: Gateway, timeoutMs: number, signal: AbortSignal): Promise<Reached> {
  const began = stampMs()
  const { address, otherwise, port } = gateway
  const first = await directDialer.tcp({ address, port, timeoutMs }, signal)
  if (first.ok || otherwise === undefined || signal.aborted) return { address, dialed: first }
  const left = Math.max(1, timeoutMs - (stampMs() - began))
  return {
    address: otherwise,
    dialed: await directDialer.tcp({ address: otherwise, port, timeoutMs: left }, signal),
  }
}

async function command(
  gateway: Gateway,
  name: 'connect' | 'associate',
  target: DialTarget,
  signal: AbortSignal,
): Promise<Outcome<Granted>> {
  const began = stampMs()
  const { address, dialed: reached } = await reach(gateway, target.timeoutMs, signal)
  if (!reached.ok) {
    return failed('network-unreachable', `the world's gateway: ${reached.detail ?? reached.failure}`)
  }
  const timeoutMs = Math.max(1, target.timeoutMs - (stampMs() - began))
  const { socket } = reached.result
  const begin = (settle: Settle<Granted>): (() => void) => {
    const client = new SocksClient(socksOptions({ address, port: gateway.port }, name, target))
    const watch = watchReply(socket)
    let kept = false
    client.on('error', (error) => settle(refusal(watch.bytes(), error)))
    client.connect(socket)
    socket.resume()
    // The package's own listener hands on bytes that came with the reply by emitting 'data' later, when nobody may be
    // listening: it goes, and they go back into the stream instead.
    client.removeAllListeners('established')
    client.once('established', (info) => {
      const ms = watch.replyAt() - watch.requestAt()
      watch.stop()
      kept = true
      const early = watch.afterReply()
      if (early.length > 0) socket.unshift(early)
      const { host = address, port = 0 } = info.remoteHost ?? {}
      settle(done({ socket, ms, bound: { address: isUsable(host) ? host : address, port } }))
    })
    return () => {
      if (kept) return
      client.removeAllListeners('error')
      // Without a listener a late error would end the process.
      client.on('error', () => {})
      socket.destroy()
    }
  }
  return settleOnce({ timeoutMs, signal }, begin, undefined, () => socket.destroy())
}

function socksOptions(
  gateway: Gateway,
  name: 'connect' | 'associate',
  target: DialTarget,
): SocksClientOptions {
  const destination =
    name === 'connect' ? { host: target.address, port: target.port } : { host: '0.0.0.0', port: 0 }
  return {
    command: name,
    // `ipaddress` is what the package puts in the place of a relay that calls itself 0.0.0.0.
    proxy: { ipaddress: gateway.address, port: gateway.port, type: 5 },
    destination,
    // Our own limit ends it; the package's must not end it sooner.
    timeout: target.timeoutMs + 60_000,
  }
}

/** Follows the gateway's bytes beside the package, which tells neither the time nor the number of a reply. */
function watchReply(socket: Socket) {
  let held: Buffer = Buffer.alloc(0)
  let requestAt = 0
  let replyAt: number | null = null
  const take = (chunk: Buffer): void => {
    const at = stampMs()
    const greeted = held.length >= GREETING_REPLY_BYTES
    held = Buffer.concat([held, chunk])
    // The package answers the greeting within this same event: the request leaves microseconds from here.
    if (!greeted && held.length >= GREETING_REPLY_BYTES) requestAt = at
    // The reply's first byte is the answer; the others may come in packets of their own.
    if (replyAt === null && held.length > GREETING_REPLY_BYTES) replyAt = at
  }
  socket.prependListener('data', take)
  return {
    requestAt: () => requestAt,
    replyAt: () => replyAt ?? requestAt,
    bytes: () => held,
    afterReply: () => held.subarray(GREETING_REPLY_BYTES + replyLength(held)),
    stop: () => socket.off('data', take),
  }
}

/** Version, reply, reserved, type, then an address of 4 or 16 bytes (or a name with its length) and a port. */
function replyLength(held: Buffer): number {
  const type = held[GREETING_REPLY_BYTES + 3]
  if (type === 3) return 7 + (held[GREETING_REPLY_BYTES + 4] ?? 0)
  return type === 4 ? 22 : 10
}

/** A relay named by a name, or by no address of its own (the package knows the IPv4 form alone), is where the gateway is. */
function isUsable(host: string): boolean {
  return isIP(host) !== 0 && !sameAddress(host, '::')
}

function refusal(bytes: Buffer, error: Error): Outcome<never> {
  const reply = bytes[GREETING_REPLY_BYTES + 1]
  if (reply === undefined || reply === 0)
    return failed('network-unreachable', `the world's gateway: ${error.message}`)
  return failed(REPLIES[reply] ?? 'network-unreachable', `the world's gateway replied ${reply}`)
}

async function associate(
  gateway: Gateway,
  target: DialTarget,
  hearing: Hearing,
  signal: AbortSignal,
): Promise<Outcome<Channel>> {
  if (wrapDatagram(target, Buffer.alloc(0)) === null) return failed('params-refused', 'not a literal address')
  const granted = await command(gateway, 'associate', target, signal)
  if (!granted.ok) return granted
  const { socket: control, bound } = granted.result
  const relay = await directDialer.udp(
    { ...bound, timeoutMs: target.timeoutMs },
    unwrapping(target, hearing),
    signal,
  )
  if (!relay.ok) {
    control.destroy()
    return relay
  }
  // A gateway that closes the control connection early may still carry what is under way: only the caller's own limit
  // ends the wait for it.
  control.on('error', () => {})
  let open = true
  const ended = (): void => {
    if (open) hearing.ended?.()
    open = false
  }
  control.once('end', ended)
  control.once('close', ended)
  control.resume()
  return done({
    send: (bytes) => relay.result.send(wrapDatagram(target, bytes) ?? Buffer.alloc(0)),
    close: () => {
      open = false
      relay.result.close()
      control.destroy()
    },
  })
}

/** Hands on what came from the destination; a real connected socket would not hear anything else either. */
function unwrapping(target: DialTarget, hearing: Hearing): Hearing {
  return {
    heard: (bytes, at) => {
      const datagram = unwrapDatagram(bytes)
      if (datagram === null || datagram.port !== target.port) return
      if (sameAddress(datagram.address, target.address)) hearing.heard(datagram.payload, at)
    },
    broke: hearing.broke,
  }
}
