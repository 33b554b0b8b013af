import { randomBytes } from 'node:crypto'
import { addressBytes, type Endpoint, familyOf } from './addresses.ts'
import type { UdpService } from './directory.ts'

/** STUN (RFC 8489) as a Teams relay or a beacon speaks it: Binding, and Allocate refused for want of credentials. */
const COOKIE = 0x2112a442
const HEADER = 20
const BINDING = 0x0001
const BINDING_SUCCESS = 0x0101
const ALLOCATE = 0x0003
const ALLOCATE_ERROR = 0x0113
const XOR_MAPPED_ADDRESS = 0x0020
const ERROR_CODE = 0x0009
const REALM = 0x0014
const NONCE = 0x0015

const attribute = (type: number, value: Buffer): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(value.length, 2)
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)])
}

const message = (type: number, request: Buffer, attributes: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(attributes)
  const head = Buffer.from(request.subarray(0, HEADER))
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(body.length, 2)
  return Buffer.concat([head, body])
}

/** The asker's address, each byte XORed with the cookie and the transaction id that follows it (RFC 8489 14.2). */
const xorMapped = (request: Buffer, from: Endpoint): Buffer => {
  const mask = request.subarray(4, HEADER)
  const family = familyOf(from.address) === 'ipv4' ? 1 : 2
  const port = Buffer.alloc(2)
  port.writeUInt16BE(from.port ^ (COOKIE >>> 16))
  const address = addressBytes(from.address).map((byte, i) => byte ^ (mask[i] ?? 0))
  return attribute(XOR_MAPPED_ADDRESS, Buffer.concat([Buffer.from([0, family]), port, address]))
}

const unauthorized = (): Buffer[] => [
  attribute(ERROR_CODE, Buffer.concat([Buffer.from([0, 0, 4, 1]), Buffer.from('Unauthorized')])),
  attribute(REALM, Buffer.from('rtcmedia')),
  attribute(NONCE, Buffer.from(randomBytes(8).toString('hex'))),
]

/** Answers one datagram; anything that is no STUN request of these two kinds meets silence. */
export const stun: UdpService = (packet, flow, reply) => {
  if (packet.length < HEADER || packet.readUInt32BE(4) !== COOKIE) return
  if (packet.readUInt16BE(2) !== packet.length - HEADER) return
  const type = packet.readUInt16BE(0)
  if (type === BINDING) reply(message(BINDING_SUCCESS, packet, [xorMapped(packet, flow.from)]))
  else if (type === ALLOCATE) reply(message(ALLOCATE_ERROR, packet, unauthorized()))
}
