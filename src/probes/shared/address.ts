import { anyHolds, parseIp } from '../../core/cidr.ts'
import { ipText } from '../../core/ip-text.ts'

/** What kind of address it is: `public` ones may be contacted, the others never are. */
export type AddressKind = 'public' | 'private' | 'cgnat' | 'other'

/** The longest spelling: IPv4 inside IPv6, in full. */
const LONGEST_TEXT = 45

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
  // Azure's wire server: a public number that is every Azure host's metadata service.
  ['168.63.129.16/32', 'other'],
]

/** IPv6 inside 2000::/3 that is not public: Teredo, benchmarking, ORCHID. */
const OTHER_V6: readonly string[] = ['2001::/32', '2001:2::/48', '2001:10::/28']

/** The family of a literal address; null for anything else. */
export function familyOf(text: string): 4 | 6 | null {
  return parseIp(text)?.family ?? null
}

/** One spelling per address (RFC 5952; IPv4-mapped as IPv4), so that texts compare; null for anything else. */
export function canonical(text: string): string | null {
  const parsed = text.length > LONGEST_TEXT ? null : parseIp(text)
  return parsed === null ? null : ipText(parsed)
}

/** The kind of a literal address; an address inside another (NAT64, 6to4) is judged by what it leads to. */
export function kindOf(address: string): AddressKind {
  const parsed = parseIp(address)
  if (parsed === null) return 'other'
  if (parsed.family === 4) return kindOfV4(parsed.value)
  if (anyHolds(['64:ff9b::/96'], address)) return kindOfV4(parsed.value & 0xffffffffn)
  if (anyHolds(['2002::/16'], address)) return kindOfV4((parsed.value >> 80n) & 0xffffffffn)
  if (anyHolds(['fc00::/7'], address)) return 'private'
  return anyHolds(['2000::/3'], address) && !anyHolds(OTHER_V6, address) ? 'public' : 'other'
}

/** Reports whether an address is good for its own link alone (RFC 4291 2.5.6): no application goes farther with it. */
export function isLinkLocal(address: string): boolean {
  return anyHolds(['fe80::/10'], address)
}

/** Reports whether an address may belong to a public service. */
export function isPublic(address: string): boolean {
  return kindOf(address) === 'public'
}

function kindOfV4(value: bigint): AddressKind {
  const address = ipText({ family: 4, value })
  return KINDS_V4.find(([range]) => anyHolds([range], address))?.[1] ?? 'public'
}
