/**
 * IPv4 addresses inside IPv6 ones, as a NAT64 reads them (RFC 6052), and how a network tells which prefix its NAT64 has
 * (RFC 7050). In an office of IPv6 alone a DNS64 gives every IPv4 host such an address: it is that host in other clothes.
 */
import { holds, type Ip, parseIp, parseRange, type Range } from './cidr.ts'
import { ipText } from './ip-text.ts'

/** The lengths that a prefix may have (RFC 6052 2.2). */
export const NAT64_LENGTHS = [32, 40, 48, 56, 64, 96] as const

/** The prefix that needs no lookup to be known (RFC 6052 2.1). */
export const WELL_KNOWN_PREFIX = '64:ff9b::/96'

/** A name that has these two IPv4 addresses and no IPv6 one: what comes as AAAA was made by a DNS64 (RFC 7050 2.2). */
export const NAT64_NAME = 'ipv4only.arpa'
const NAT64_NAMES_IPV4: readonly bigint[] = [0xc000_00aan, 0xc000_00abn]

/** Bits 64 to 71, the "u" octet, which are zero in every such address (RFC 6052 2.2). */
const U_END = 72
const U_SHIFT = 56n

const IPV4_BITS = 32
const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n

/** How many bits of the IPv4 address stand before the u octet, and how many after it. */
function split(length: number): { readonly head: number; readonly tail: number } {
  const head = length >= 64 ? 0 : 64 - length
  return { head, tail: IPV4_BITS - head }
}

/** Reads a prefix of a NAT64; null for anything that RFC 6052 does not allow as one. */
export function parsePrefix(text: string): Range | null {
  const range = parseRange(text)
  if (range === null || range.family !== 6 || !range.exact) return null
  const allowed = NAT64_LENGTHS.some((length) => length === range.bits)
  return allowed && hasZeroU(range.first) ? range : null
}

function hasZeroU(value: bigint): boolean {
  return ((value >> U_SHIFT) & 0xffn) === 0n
}

/** The IPv6 address that stands for an IPv4 one (as a number) behind a prefix that {@link parsePrefix} read. */
export function embedIn(prefix: Range, ipv4: bigint): Ip {
  if (prefix.bits === 96) return { family: 6, value: prefix.first | ipv4 }
  const { tail } = split(prefix.bits)
  const before = (ipv4 >> BigInt(tail)) << 64n
  const after = (ipv4 & ones(tail)) << BigInt(128 - U_END - tail)
  return { family: 6, value: prefix.first | before | after }
}

/**
 * The IPv4 address (as a number) inside an IPv6 one; null when it is not behind the prefix. Bits after it are not
 * looked at: they are for later use, and whoever receives them ignores them (RFC 6052 2.2).
 */
export function embeddedIn(prefix: Range, ip: Ip): bigint | null {
  if (!holds(prefix, ip) || !hasZeroU(ip.value)) return null
  if (prefix.bits === 96) return ip.value & ones(IPV4_BITS)
  const { head, tail } = split(prefix.bits)
  const before = (ip.value >> 64n) & ones(head)
  const after = (ip.value >> BigInt(128 - U_END - tail)) & ones(tail)
  return (before << BigInt(tail)) | after
}

/** The prefixes of some texts, the well-known one first; what is none is left out. */
function prefixesOf(texts: readonly string[]): readonly Range[] {
  return [WELL_KNOWN_PREFIX, ...texts].flatMap((text) => parsePrefix(text) ?? [])
}

/**
 * Gives of an address that is behind one of the prefixes, or behind the well-known one, the IPv4 address inside; null of
 * others. The prefixes are read once.
 */
export function behindPrefixes(prefixes: readonly string[]): (address: string) => string | null {
  const ranges = prefixesOf(prefixes)
  return (address) => {
    const ip = address.includes(':') ? parseIp(address) : null
    if (ip === null || ip.family !== 6) return null
    for (const range of ranges) {
      const inner = embeddedIn(range, ip)
      if (inner !== null) return ipText({ family: 4, value: inner })
    }
    return null
  }
}

/** As {@link behindPrefixes}, of one address. */
export function ipv4Behind(prefixes: readonly string[], address: string): string | null {
  return behindPrefixes(prefixes)(address)
}

/**
 * The prefixes by which the AAAA answers for {@link NAT64_NAME} were made: where one of its IPv4 addresses stands, the
 * prefix ends. An answer that holds one at several places counts for those places alone at which another answer holds
 * the other (RFC 7050 3). None: the network has no DNS64.
 */
export function prefixesIn(addresses: readonly string[]): readonly string[] {
  const ips = addresses.flatMap((address) => {
    const ip = parseIp(address)
    return ip === null || ip.family === 4 ? [] : [ip]
  })
  const found = ips.flatMap((ip) => {
    const places = placesIn(ip)
    return places.length === 1
      ? places
      : places.filter((place) => ips.some((other) => agrees(place, ip, other)))
  })
  return [...new Set(found.map(({ first, bits }) => `${ipText({ family: 6, value: first })}/${bits}`))]
}

function placesIn(ip: Ip): readonly Range[] {
  return NAT64_LENGTHS.flatMap((bits) => {
    const rest = BigInt(128 - bits)
    const prefix: Range = { family: 6, first: (ip.value >> rest) << rest, bits, exact: true }
    const inner = embeddedIn(prefix, ip)
    return inner !== null && NAT64_NAMES_IPV4.includes(inner) ? [prefix] : []
  })
}

/** Both are behind the prefix, and they hold the two different addresses. */
function agrees(prefix: Range, one: Ip, other: Ip): boolean {
  const [a, b] = [embeddedIn(prefix, one), embeddedIn(prefix, other)]
  return a !== b && b !== null && NAT64_NAMES_IPV4.includes(b)
}
