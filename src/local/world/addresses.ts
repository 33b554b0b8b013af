import { BlockList, isIP } from 'node:net'

/** An address and a port as claimed in a world, never the loopback ones behind them. */
export interface Endpoint {
  readonly address: string
  readonly port: number
}

const privateRanges = (): BlockList => {
  const list = new BlockList()
  list.addSubnet('10.0.0.0', 8, 'ipv4')
  list.addSubnet('172.16.0.0', 12, 'ipv4')
  list.addSubnet('192.168.0.0', 16, 'ipv4')
  list.addSubnet('fc00::', 7, 'ipv6')
  return list
}
const PRIVATE = privateRanges()

export type Family = 'ipv4' | 'ipv6'

export const familyOf = (address: string): Family => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Reports whether packets to this address stay inside a company (RFC 1918, RFC 4193). */
export const isPrivate = (address: string): boolean => PRIVATE.check(address, familyOf(address))

/**
 * A test for membership in any of these CIDRs or single addresses.
 * Throws on a text that is neither: a world with a typo must not start.
 */
export const within = (cidrs: readonly string[]): ((address: string) => boolean) => {
  const list = new BlockList()
  for (const cidr of cidrs) {
    const [base = '', bits] = cidr.split('/')
    if (bits === undefined) list.addAddress(base, familyOf(base))
    else list.addSubnet(base, Number(bits), familyOf(base))
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address))
}

/** An IPv4 address as an unsigned 32-bit number. */
export const ipv4ToNumber = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

export const numberToIpv4 = (value: number): string =>
  [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.')

/** Sixteen bytes as an IPv6 address in its canonical text (RFC 5952). */
export const bytesToIpv6 = (bytes: Uint8Array): string => {
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0))
  return canonical(groups.map((group) => group.toString(16)).join(':'))
}

/** The one text by which an address is looked up. */
export const canonical = (address: string): string =>
  isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address

/** The bytes of an address: four or sixteen. */
export const addressBytes = (address: string): Buffer => {
  if (familyOf(address) === 'ipv4') return Buffer.from(address.split('.').map(Number))
  const [head = '', tail] = canonical(address).split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  const groups = tail === undefined ? left : [...left, ...zeros, ...right]
  return Buffer.from(
    groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
  )
}
