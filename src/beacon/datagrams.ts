import { createSocket, type RemoteInfo } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { cannotListen } from './cannot-listen.ts'

/** A bound UDP socket. */
export interface Datagrams {
  readonly port: number
  close(): Promise<void>
}

/**
 * Source ports whose owner answers whatever it gets (echo, daytime, quote, chargen, time, kpasswd), and none at all:
 * with forged packets two servers could be made to talk to each other for ever.
 */
const NO_ASKER = new Set([0, 7, 13, 17, 19, 37, 464])

/** How a datagram is answered; null for silence. */
export type AnswerDatagram = (bytes: Buffer, address: string, port: number) => Buffer | null

/** Binds a UDP port and answers each datagram on its own. `unsent` hears of answers that the system did not take. */
export function serveDatagrams(
  what: string,
  address: string,
  port: number,
  answer: AnswerDatagram,
  unsent: () => void,
): Promise<Datagrams> {
  // IPv6 sockets take no IPv4: an asker's address is then never an IPv4 address in disguise.
  const v6 = isIPv6(address)
  const socket = createSocket({ type: v6 ? 'udp6' : 'udp4', ipv6Only: v6 })
  socket.on('message', (bytes: Buffer, from: RemoteInfo) => {
    if (NO_ASKER.has(from.port)) return
    const reply = answer(bytes, withoutScope(from.address), from.port)
    // A link-local asker is only reached with its scope.
    if (reply !== null) socket.send(reply, from.port, from.address, (error) => error && unsent())
  })
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close()
      reject(cannotListen(`${what} port ${port} of ${address}`, error))
    })
    socket.bind(port, address, () => {
      socket.removeAllListeners('error')
      // What the network says about an earlier answer is nothing to end for.
      socket.on('error', unsent)
      resolve({
        port: socket.address().port,
        close: () => new Promise((closed) => socket.close(() => closed())),
      })
    })
  })
}

/** `fe80::1%eth0` as `fe80::1`. */
export function withoutScope(address: string): string {
  return address.split('%', 1)[0] ?? address
}
