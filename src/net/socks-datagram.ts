import { isIPv4, isIPv6 } from 'node:net'

/** Address types of RFC 1928 5. A name (3) is never used: names are resolved by the runner. */
const IPV4 = 1
const IPV6 = 4

/** A datagram as a SOCKS5 relay carries it (RFC 1928 7). */
export interface SocksDatagram {
  readonly address: string
  readonly port: number
  readonly payload: Buffer
}

/** The 4 or 16 bytes of a literal address; null when it is none. */
export function addressBytes(address: string): Buffer | null {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  if (!isIPv6(address) || address.includes('%')) return null
  const [head = '', tail] = withoutDots(address).split('::')
  const left = words(head)
  const right = tail === undefined ? [] : words(tail)
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0)
  return Buffer.from([...left, ...zeros, ...right].flatMap((word) => [word >> 8, word & 0xff]))
}

function words(text: string): number[] {
  return text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16))
}

/** Rewrites a dotted last part (`::ffff:10.0.0.1`) as two words. */
function withoutDots(address: string): string {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  if (dotted === null) return address
  const [, head = '', a, b, c, d] = dotted
  const word = (high: string | undefined, low: string | undefined): string =>
    ((Number(high) << 8) | Number(low)).toString(16)
  return `${head}${word(a, b)}:${word(c, d)}`
}

/** Reports whether two literals are one address, however they are written. */
export function sameAddress(one: string, other: string): boolean {
  const bytes = addressBytes(one)
  const others = addressBytes(other)
  return bytes !== null && others !== null && bytes.equals(others)
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
