/** The part of STUN (RFC 8489) that a probe needs: two requests, and the address or the error in the answer. */

const MAGIC = 0x2112a442
const HEADER_BYTES = 20
/** Far above any answer; larger datagrams are not read. */
const MAX_BYTES = 2048

const TYPE = { binding: 0x0001, allocate: 0x0003 } as const
/** Bits of the class in a message type: success 0x0100, error 0x0110. */
const CLASS_BITS = 0x0110
const SUCCESS = 0x0100
const ERROR = 0x0110

const MAPPED_ADDRESS = 0x0001
const ERROR_CODE = 0x0009
const XOR_MAPPED_ADDRESS = 0x0020
/** The attribute REQUESTED-TRANSPORT (0x0019) with UDP (17), RFC 8656 18.7. */
const UDP = Buffer.from([0, 25, 0, 4, 17, 0, 0, 0])

export type StunMethod = keyof typeof TYPE

export interface Endpoint {
  readonly address: string
  readonly port: number
}

export type StunReply =
  /** No answer to this transaction. */
  | { readonly kind: 'stray' }
  | { readonly kind: 'malformed'; readonly why: string }
  | { readonly kind: 'mapped'; readonly mapped: Endpoint }
  | { readonly kind: 'error'; readonly code: number }

/** A request; `transaction` is 12 bytes. An Allocate asks for UDP and has no credentials, so its answer is an error. */
export function encodeRequest(method: StunMethod, transaction: Buffer): Buffer {
  const attributes = method === 'allocate' ? UDP : Buffer.alloc(0)
  const head = Buffer.alloc(8)
  head.writeUInt16BE(TYPE[method], 0)
  head.writeUInt16BE(attributes.length, 2)
  head.writeUInt32BE(MAGIC, 4)
  return Buffer.concat([head, transaction, attributes])
}

/** Reads an answer to one of our transactions. Whatever the bytes, it answers with a value. */
export function parseStun(bytes: Buffer, transaction: Buffer): StunReply {
  if (bytes.length < HEADER_BYTES || bytes.length > MAX_BYTES) return { kind: 'stray' }
  if (bytes.readUInt32BE(4) !== MAGIC || !bytes.subarray(8, HEADER_BYTES).equals(transaction)) {
    return { kind: 'stray' }
  }
  const type = bytes.readUInt16BE(0)
  const kind = type & CLASS_BITS
  if ((type & 0xc000) !== 0 || (kind !== SUCCESS && kind !== ERROR)) return { kind: 'stray' }
  const length = bytes.readUInt16BE(2)
  if (length % 4 !== 0 || HEADER_BYTES + length !== bytes.length) {
    return { kind: 'malformed', why: 'a wrong length' }
  }
  const attributes = readAttributes(bytes.subarray(HEADER_BYTES))
  if (attributes === null) return { kind: 'malformed', why: 'an attribute cut short' }
  // An error proves the round trip and no address, whatever else stands in it.
  if (kind === ERROR) return { kind: 'error', code: errorNumber(attributes.get(ERROR_CODE)) }
  const mapped = mappedAddress(attributes, transaction)
  return mapped === null ? { kind: 'malformed', why: 'no address in it' } : { kind: 'mapped', mapped }
}

/** The first attribute of each type: later ones of the same type are ignored (RFC 8489 14). */
function readAttributes(bytes: Buffer): ReadonlyMap<number, Buffer> | null {
  const attributes = new Map<number, Buffer>()
  let at = 0
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return null
    const type = bytes.readUInt16BE(at)
    const length = bytes.readUInt16BE(at + 2)
    if (at + 4 + length > bytes.length) return null
    if (!attributes.has(type)) attributes.set(type, bytes.subarray(at + 4, at + 4 + length))
    at += 4 + Math.ceil(length / 4) * 4
  }
  return attributes
}

function mappedAddress(attributes: ReadonlyMap<number, Buffer>, transaction: Buffer): Endpoint | null {
  const xored = attributes.get(XOR_MAPPED_ADDRESS)
  if (xored !== undefined) {
    const mask = Buffer.alloc(16)
    mask.writeUInt32BE(MAGIC, 0)
    transaction.copy(mask, 4)
    return readAddress(xored, mask)
  }
  const plain = attributes.get(MAPPED_ADDRESS)
  return plain === undefined ? null : readAddress(plain, Buffer.alloc(16))
}

function readAddress(value: Buffer, mask: Buffer): Endpoint | null {
  const size = value[1] === 1 ? 4 : value[1] === 2 ? 16 : null
  if (size === null || value.length !== 4 + size) return null
  const port = value.readUInt16BE(2) ^ mask.readUInt16BE(0)
  const raw = value.subarray(4).map((byte, index) => byte ^ (mask[index] ?? 0))
  return { address: size === 4 ? raw.join('.') : ipv6Text(raw), port }
}

/** The canonical text of an IPv6 address (RFC 5952); Node's URL writes it. */
function ipv6Text(raw: Uint8Array): string {
  const words = Buffer.from(raw).toString('hex').match(/.{4}/g) ?? []
  return new URL(`http://[${words.join(':')}]/`).hostname.slice(1, -1)
}

function errorNumber(value: Buffer | undefined): number {
  return value === undefined || value.length < 4 ? 0 : ((value[2] ?? 0) & 7) * 100 + (value[3] ?? 0)
}
