import { createServer, type Socket } from 'node:net'
import type { Flow, UdpService } from './directory.ts'
import { type Question, type Response, readQuestion, writeResponse } from './dns-message.ts'
import type { Sockets } from './listening.ts'

/** A DNS server as its clients meet it. `recursive` sets the RA bit. */
export interface DnsService {
  readonly recursive: boolean
  /** `undefined` is silence. */
  answer(question: Question, flow: Flow): Promise<Response | undefined>
}

/** DNS over TCP holds messages of at most this size; questions are far smaller, so a longer one ends the connection. */
const LONGEST = 2048

const reply = async (
  service: DnsService,
  bytes: Buffer,
  flow: Flow,
  proto: 'udp' | 'tcp',
): Promise<Buffer | undefined> => {
  const question = readQuestion(bytes, proto)
  const response = question && (await service.answer(question, flow))
  return question && response && writeResponse(question, response, service.recursive)
}

export const dnsOverUdp =
  (service: DnsService): UdpService =>
  (packet, flow, send) => {
    reply(service, packet, flow, 'udp').then(
      (bytes) => bytes && send(bytes),
      () => {},
    )
  }

const framed = (message: Buffer): Buffer => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

/** Starts a DNS server over TCP (RFC 7766 framing) and returns its loopback port. */
export const listenDns = (sockets: Sockets, service: DnsService): Promise<number> => {
  const serve = (socket: Socket): void => {
    let held: Buffer = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk])
      while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
        const end = 2 + held.readUInt16BE(0)
        const message = held.subarray(2, end)
        held = held.subarray(end)
        const flow = sockets.flowOf(socket)
        if (flow === undefined) socket.destroy()
        else {
          reply(service, message, flow, 'tcp').then(
            (bytes) => bytes && socket.writable && socket.write(framed(bytes)),
            () => socket.destroy(),
          )
        }
      }
      if (held.length > LONGEST) socket.destroy()
    })
  }
  return sockets.listen(createServer({ noDelay: true }, serve))
}
