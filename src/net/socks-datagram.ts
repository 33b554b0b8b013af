import { addressBytes } from './address-bytes.ts'

/** Address types of RFC 1928 5. A name (3) is never used: names are resolved by the runner. */
const IPV4 = 1
const IPV6 = 4

/** A datagram as a SOCKS5 relay carries it (RFC 1928 7). */
export interface SocksDatagram {
  readonly address: string
  readonly port: number
  readonly payload: Buffer
}

/** Puts the relay's header before a payload; FRAG is 0. Null when the address is not a literal one. */
export function wrapDatagram(to: { address: string; port: number }, payload: Uint8Array): Buffer | null {
  const raw = addressBytes(to.address)
  if (raw === null) return null
  const head = Buffer.from([0, 0, 0, raw.length === 4 ? IPV4 : IPV6, ...raw, to.port >> 8, to.port & 0xff])
  return Buffer.concat([head, payload])
}

/** Takes the relay's header off; null for fragments, names and nonsense, which are dropped. */
export function unwrapDatagram(bytes: Buffer): SocksDatagram | null {
  if (bytes.length < 4 || bytes[2] !== 0) return null
  const size = bytes[3] === IPV4 ? 4 : bytes[3] === IPV6 ? 16 : null
  if (size === null || bytes.length < 4 + size + 2) return null
  const raw = bytes.subarray(4, 4 + size)
  const address = size === 4 ? raw.join('.') : (raw.toString('hex').match(/.{4}/g) ?? []).join(':')
  return { address, port: bytes.readUInt16BE(4 + size), payload: bytes.subarray(4 + size + 2) }
}
