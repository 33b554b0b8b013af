/** An IP address as a number. An IPv4 address written as IPv6 (`::ffff:192.0.2.1`) counts as IPv4. */
export interface Ip {
  readonly family: 4 | 6
  readonly value: bigint
}

/** A range of addresses with a common prefix. */
export interface Range {
  readonly family: 4 | 6
  /** The first address; bits beyond the prefix are zero. */
  readonly first: bigint
  /** Length of the prefix. */
  readonly bits: number
  /** The text named the first address itself: no bit was set beyond the prefix. */
  readonly exact: boolean
}

/** `::ffff:0:0/96`, where IPv6 keeps IPv4 addresses (RFC 4291 2.5.5.2). */
const MAPPED = 0xffffn

/** Reads an IPv4 or IPv6 address; null for anything else (leading zeros, zone ids and host names included). */
export function parseIp(text: string): Ip | null {
  if (!text.includes(':')) {
    const value = fourOf(text)
    return value === null ? null : { family: 4, value }
  }
  const value = sixOf(text)
  if (value === null) return null
  return value >> 32n === MAPPED ? { family: 4, value: value & 0xffffffffn } : { family: 6, value }
}

/** Reads `address/length`, or a bare address as a range of one; null for anything else. */
export function parseRange(text: string): Range | null {
  const [address = '', length, ...more] = text.split('/')
  const ip = parseIp(address)
  if (ip === null || more.length > 0) return null
  const width = ip.family === 4 ? 32 : 128
  if (length !== undefined && !/^(0|[1-9]\d{0,2})$/.test(length)) return null
  // `::ffff:10.0.0.0/104` is 10.0.0.0/8.
  const mapped = ip.family === 4 && address.includes(':')
  const bits = length === undefined ? width : Number(length) - (mapped ? 96 : 0)
  if (bits < 0 || bits > width) return null
  const rest = BigInt(width - bits)
  const first = (ip.value >> rest) << rest
  return { family: ip.family, first, bits, exact: first === ip.value }
}

/** Reports whether a range holds an address. */
export function holds(range: Range, ip: Ip): boolean {
  const rest = BigInt((range.family === 4 ? 32 : 128) - range.bits)
  return range.family === ip.family && ip.value >> rest === range.first >> rest
}

/** Reports whether all addresses of a range are in another. */
export function within(range: Range, wide: Range): boolean {
  return wide.bits <= range.bits && holds(wide, { family: range.family, value: range.first })
}

/** Reports whether two ranges share an address: one of them then holds the other. */
export function overlap(a: Range, b: Range): boolean {
  const [wide, narrow] = a.bits <= b.bits ? [a, b] : [b, a]
  return holds(wide, { family: narrow.family, value: narrow.first })
}

/** Reports whether any of the CIDRs holds the address. Texts that are no CIDR or address hold nothing. */
export function anyHolds(cidrs: readonly string[], address: string): boolean {
  const ip = parseIp(address)
  return ip !== null && rangesOf(cidrs).some((range) => holds(range, ip))
}

/** Lists that were read, as long as somebody holds them: ranges of offices and of sets are asked about all the time. */
const READ = new WeakMap<readonly string[], readonly Range[]>()

/** The ranges of a list whose texts do not change any more, read once per list; texts that are no CIDR are left out. */
export function rangesOf(cidrs: readonly string[]): readonly Range[] {
  const known = READ.get(cidrs)
  if (known !== undefined) return known
  const ranges = cidrs.flatMap((cidr) => parseRange(cidr) ?? [])
  READ.set(cidrs, ranges)
  return ranges
}

function fourOf(text: string): bigint | null {
  const parts = text.split('.')
  if (parts.length !== 4) return null
  let value = 0
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null
    value = value * 256 + Number(part)
  }
  return BigInt(value)
}

function sixOf(text: string): bigint | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const head = groupsOf(halves[0] ?? '', halves.length === 1)
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '', true) : []
  if (head === null || tail === null) return null
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null
  const groups = [...head, ...Array.from({ length: missing }, () => 0n), ...tail]
  return groups.reduce((value, group) => (value << 16n) | group, 0n)
}

/** The 16-bit groups of one side of `::`; `last` allows an IPv4 address at the end. */
function groupsOf(text: string, last: boolean): bigint[] | null {
  if (text === '') return []
  const groups: bigint[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (last && index === parts.length - 1 && part.includes('.')) {
      const four = fourOf(part)
      if (four === null) return null
      groups.push(four >> 16n, four & 0xffffn)
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`))
    else return null
  }
  return groups
}
