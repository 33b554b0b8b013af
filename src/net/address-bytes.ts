import { isIPv4, isIPv6 } from 'node:net'

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
  // IPv4 has one spelling, and most of what is compared is equal.
  if (one === other && isIPv4(one)) return true
  const bytes = addressBytes(one)
  const others = addressBytes(other)
  return bytes !== null && others !== null && bytes.equals(others)
}
