import { createSocket } from 'node:dgram'

/** Attribute types and the cookie of RFC 8489. */
const MAGIC = 0x2112a442
const XOR_MAPPED_ADDRESS = 0x0020

export interface StunAsked {
  readonly method: 'binding' | 'allocate'
  readonly transaction: Buffer
  readonly address: string
  readonly port: number
}

export interface StunServer {
  readonly port: number
  readonly asked: readonly StunAsked[]
  close(): Promise<void>
}

/** An answer with one attribute. */
export function stunMessage(type: number, transaction: Buffer, attribute: number, value: Buffer): Buffer {
  const padded = Buffer.concat([value, Buffer.alloc((4 - (value.length % 4)) % 4)])
  const head = Buffer.alloc(8)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(4 + padded.length, 2)
  head.writeUInt32BE(MAGIC, 4)
  const attributeHead = Buffer.alloc(4)
  attributeHead.writeUInt16BE(attribute, 0)
  attributeHead.writeUInt16BE(value.length, 2)
  return Buffer.concat([head, transaction, attributeHead, padded])
}

/** A Binding success that tells an IPv4 address. */
export function stunMapped(transaction: Buffer, address: string, port: number): Buffer {
  const value = Buffer.alloc(8)
  value[1] = 1
  value.writeUInt16BE(port ^ (MAGIC >>> 16), 2)
  const raw = Buffer.from(address.split('.').map(Number)).readUInt32BE(0)
  value.writeUInt32BE((raw ^ MAGIC) >>> 0, 4)
  return stunMessage(0x0101, transaction, XOR_MAPPED_ADDRESS, value)
}

/** A real STUN server on loopback. The default tells clients the address they came from. */
export async function startStunServer(
  script: (asked: StunAsked) => readonly Buffer[] = ({ transaction, address, port }) => [
    stunMapped(transaction, address, port),
  ],
): Promise<StunServer> {
  const asked: StunAsked[] = []
  const socket = createSocket('udp4')
  socket.on('message', (bytes, { address, port }) => {
    const method = bytes.readUInt16BE(0) === 3 ? 'allocate' : 'binding'
    const query = { method, transaction: bytes.subarray(8, 20), address, port } as const
    asked.push(query)
    for (const reply of script(query)) socket.send(reply, port, address)
  })
  await new Promise<void>((ready) => socket.bind(0, '127.0.0.1', ready))
  return {
    port: socket.address().port,
    asked,
    close: () => new Promise((closed) => socket.close(() => closed())),
  }
}
