import { addressBytes } from '../net/address-bytes.ts'

/** A STUN server's whole answer (RFC 8489): who asks for a Binding is told the address it came from. */

const MAGIC = 0x2112a442
const HEADER_BYTES = 20
const BINDING_REQUEST = 0x0001
const BINDING_SUCCESS = 0x0101
const BINDING_ERROR = 0x0111
const XOR_MAPPED_ADDRESS = 0x0020
const ERROR_CODE = 0x0009
const UNKNOWN_ATTRIBUTES = 0x000a
const UNKNOWN_ATTRIBUTE = Buffer.from([0, 0, 4, 20])

/**
 * Attributes that must be understood (below 0x8000) and are: those of RFC 8489 18.3. Credentials are not asked for, so
 * what proves them is not looked at.
 */
const UNDERSTOOD = new Set([
  0x0001, 0x0006, 0x0008, 0x0009, 0x000a, 0x0014, 0x0015, 0x001c, 0x001d, 0x001e, 0x0020,
])
/** Larger requests are not read, and no more unknown attributes than this are listed. */
const MOST_BYTES = 548
const MOST_UNKNOWN = 8

/** The answer to a datagram, at most 2.2 times as large; null for silence: nothing but a Binding request is answered. */
export function answerStun(bytes: Buffer, address: string, port: number): Buffer | null {
  if (bytes.length < HEADER_BYTES || bytes.length > MOST_BYTES) return null
  if (bytes.readUInt16BE(0) !== BINDING_REQUEST || bytes.readUInt32BE(4) !== MAGIC) return null
  const length = bytes.readUInt16BE(2)
  if (length % 4 !== 0 || HEADER_BYTES + length !== bytes.length) return null
  const types = attributeTypes(bytes)
  if (types === null) return null
  const transaction = bytes.subarray(8, HEADER_BYTES)
  const unknown = types.filter((type) => type < 0x8000 && !UNDERSTOOD.has(type)).slice(0, MOST_UNKNOWN)
  if (unknown.length > 0) {
    const list = Buffer.from(unknown.flatMap((type) => [type >> 8, type & 0xff]))
    const attributes = [attribute(ERROR_CODE, UNKNOWN_ATTRIBUTE), attribute(UNKNOWN_ATTRIBUTES, list)]
    return message(BINDING_ERROR, transaction, attributes)
  }
  const mapped = mappedAddress(address, port, transaction)
  return mapped && message(BINDING_SUCCESS, transaction, [attribute(XOR_MAPPED_ADDRESS, mapped)])
}

function attributeTypes(bytes: Buffer): number[] | null {
  const types: number[] = []
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    // Whole words only: four bytes are always left here.
    const end = at + 4 + Math.ceil(bytes.readUInt16BE(at + 2) / 4) * 4
    if (end > bytes.length) return null
    types.push(bytes.readUInt16BE(at))
    at = end
  }
  return types
}

/** The address and port, each XORed with the cookie and the transaction (RFC 8489 14.2). */
function mappedAddress(address: string, port: number, transaction: Buffer): Buffer | null {
  const raw = addressBytes(address)
  if (raw === null) return null
  const mask = Buffer.alloc(16)
  mask.writeUInt32BE(MAGIC, 0)
  transaction.copy(mask, 4)
  const head = Buffer.from([0, raw.length === 4 ? 1 : 2, 0, 0])
  head.writeUInt16BE(port ^ (MAGIC >>> 16), 2)
  return Buffer.concat([head, raw.map((byte, index) => byte ^ (mask[index] ?? 0))])
}

function attribute(type: number, value: Buffer): Buffer {
  const whole = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4)
  whole.writeUInt16BE(type, 0)
  whole.writeUInt16BE(value.length, 2)
  value.copy(whole, 4)
  return whole
}

function message(type: number, transaction: Buffer, attributes: readonly Buffer[]): Buffer {
  const body = Buffer.concat(attributes)
  const head = Buffer.alloc(8)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(body.length, 2)
  head.writeUInt32BE(MAGIC, 4)
  return Buffer.concat([head, transaction, body])
}
