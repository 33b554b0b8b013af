import { createSocket } from 'node:dgram'
import { createServer, type Socket } from 'node:net'
import packet from 'dns-packet'
import { listenOnOnePort } from './port-pair.ts'

/** A query as it arrived. */
export interface DnsAsked {
  readonly id: number
  readonly name: string
  readonly type: string
  readonly transport: 'udp' | 'tcp'
  readonly bytes: Buffer
  /** The client's source port. */
  readonly port: number
}

/** What the script answers: nothing, one message, several, or bytes for a TCP stream as they are. */
export type DnsScripted = null | Buffer | readonly Buffer[] | { readonly raw: Buffer; readonly end: boolean }

export interface DnsServer {
  readonly address: string
  readonly port: number
  /** Every query so far, in order. */
  readonly asked: readonly DnsAsked[]
  close(): Promise<void>
}

/** Writes a well-formed reply that echoes the question. */
export function dnsReply(
  asked: Pick<DnsAsked, 'bytes' | 'id'>,
  parts: {
    readonly answers?: packet.Answer[]
    readonly additionals?: packet.Answer[]
    readonly rcode?: number
    readonly flags?: number
  } = {},
): Buffer {
  const { questions = [] } = packet.decode(asked.bytes)
  return packet.encode({
    type: 'response',
    id: asked.id,
    flags: (parts.flags ?? packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE) | (parts.rcode ?? 0),
    questions,
    answers: parts.answers ?? [],
    additionals: parts.additionals ?? [],
  })
}

/** A real DNS server on loopback, UDP and TCP on one port, that answers what `script` says. */
export async function startDnsServer(script: (asked: DnsAsked) => DnsScripted): Promise<DnsServer> {
  const asked: DnsAsked[] = []
  const read = (bytes: Buffer, transport: 'udp' | 'tcp', port: number): DnsScripted => {
    const { id = 0, questions } = packet.decode(bytes)
    const [question] = questions ?? []
    const query = { id, name: question?.name ?? '', type: question?.type ?? '', transport, bytes, port }
    asked.push(query)
    return script(query)
  }
  const sockets = new Set<Socket>()
  const tcp = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      const answer = read(chunk.subarray(2), 'tcp', socket.remotePort ?? 0)
      if (answer === null) return
      if ('raw' in answer) {
        socket.write(answer.raw)
        if (answer.end) socket.end()
        return
      }
      for (const message of Buffer.isBuffer(answer) ? [answer] : answer) {
        const length = Buffer.alloc(2)
        length.writeUInt16BE(message.length)
        // Two writes: the framing must not depend on how the bytes are cut.
        socket.write(length)
        socket.write(message)
      }
    })
  })
  const udp = createSocket('udp4')
  udp.on('message', (bytes, from) => {
    const answer = read(bytes, 'udp', from.port)
    if (answer === null || 'raw' in answer) return
    for (const message of Buffer.isBuffer(answer) ? [answer] : answer)
      udp.send(message, from.port, from.address)
  })
  const port = await listenOnOnePort(tcp, udp)
  return {
    address: '127.0.0.1',
    port,
    asked,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((closed) => udp.close(() => closed(null)))
      await new Promise((closed) => tcp.close(closed))
    },
  }
}
