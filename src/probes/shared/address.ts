/** What kind of address it is: `public` ones may be contacted, the others never are. */
export type AddressKind = 'public' | 'private' | 'cgnat' | 'other'

interface Parsed {
  readonly family: 4 | 6
  readonly value: bigint
}

/** Not public, by family 4 (RFC 6890 and its registry; documentation ranges are left out on purpose: worlds use them). */
const KINDS_V4: readonly (readonly [string, AddressKind])[] = [
  ['10.0.0.0/8', 'private'],
  ['172.16.0.0/12', 'private'],
  ['192.168.0.0/16', 'private'],
  ['100.64.0.0/10', 'cgnat'],
  ['0.0.0.0/8', 'other'],
  ['127.0.0.0/8', 'other'],
  ['169.254.0.0/16', 'other'],
  ['192.0.0.0/24', 'other'],
  ['198.18.0.0/15', 'other'],
  ['224.0.0.0/4', 'other'],
  ['240.0.0.0/4', 'other'],
]

/** Reports whether a text is one literal address, without brackets, port or zone. */
export function isAddress(text: string): boolean {
  return parse(text) !== null
}

/** The family of a literal address; null for anything else. */
export function familyOf(text: string): 4 | 6 | null {
  return parse(text)?.family ?? null
}

/** One spelling per address (RFC 5952; IPv4-mapped as IPv4), so that texts compare; null for anything else. */
export function canonical(text: string): string | null {
  const parsed = parse(text)
  if (parsed === null) return null
  if (parsed.family === 4) return formatV4(parsed.value)
  const groups = Array.from({ length: 8 }, (_, i) => Number((parsed.value >> BigInt(112 - 16 * i)) & 0xffffn))
  const run = longestZeroRun(groups)
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':')
  if (run.length < 2) return hex(groups)
  return `${hex(groups.slice(0, run.start))}::${hex(groups.slice(run.start + run.length))}`
}

/** Reports whether `cidr` (or a single address) holds `address`; false when either makes no sense. */
export function contains(cidr: string, address: string): boolean {
  const [base = '', length] = cidr.split('/', 2)
  const network = parse(base)
  const inside = parse(address)
  if (network === null || inside === null || network.family !== inside.family) return false
  const bits = network.family === 4 ? 32 : 128
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return false
  const prefix = length === undefined ? bits : Number(length)
  if (prefix > bits) return false
  const shift = BigInt(bits - prefix)
  return network.value >> shift === inside.value >> shift
}

/** The kind of a literal address; an address inside another (NAT64, 6to4) is judged by what it leads to. */
export function kindOf(address: string): AddressKind {
  const parsed = parse(address)
  if (parsed === null) return 'other'
  if (parsed.family === 4) return kindOfV4(formatV4(parsed.value))
  if (contains('64:ff9b::/96', address)) return kindOfV4(formatV4(parsed.value & 0xffffffffn))
  if (contains('2002::/16', address)) return kindOfV4(formatV4((parsed.value >> 80n) & 0xffffffffn))
  if (contains('fc00::/7', address)) return 'private'
  return contains('2000::/3', address) ? 'public' : 'other'
}

/** Reports whether an address may belong to a public service. */
export function isPublic(address: string): boolean {
  return kindOf(address) === 'public'
}

function kindOfV4(address: string): AddressKind {
  return KINDS_V4.find(([range]) => contains(range, address))?.[1] ?? 'public'
}

function parse(text: string): Parsed | null {
  if (text.length > 45) return null
  if (!text.includes(':')) {
    const value = parseV4(text)
    return value === null ? null : { family: 4, value }
  }
  const value = parseV6(text)
  if (value === null) return null
  // ::ffff:a.b.c.d is how dual-stack sockets spell an IPv4 peer.
  return value >> 32n === 0xffffn ? { family: 4, value: value & 0xffffffffn } : { family: 6, value }
}

function parseV4(text: string): bigint | null {
  const parts = text.split('.')
  if (parts.length !== 4) return null
  let value = 0n
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null
    value = (value << 8n) | BigInt(part)
  }
  return value
}

function parseV6(text: string): bigint | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const head = groupsOf(halves[0] ?? '', halves.length === 1)
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '', true) : []
  if (head === null || tail === null) return null
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail]
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n)
}

/** The 16-bit groups of one half; `last` halves may end in a dotted IPv4 address. */
function groupsOf(half: string, last: boolean): number[] | null {
  if (half === '') return []
  const groups: number[] = []
  const parts = half.split(':')
  for (const [index, part] of parts.entries()) {
    if (last && index === parts.length - 1 && part.includes('.')) {
      const value = parseV4(part)
      if (value === null) return null
      groups.push(Number(value >> 16n), Number(value & 0xffffn))
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16))
    } else {
      return null
    }
  }
  return groups
}

function formatV4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.')
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  for (let start = 0; start < groups.length; start++) {
    let length = 0
    while (groups[start + length] === 0) length++
    if (length > best.length) best = { start, length }
  }
  return best
}
