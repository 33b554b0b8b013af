import { holds, type Ip, parseIp, rangesOf } from '../../core/cidr.ts'
import { ipText } from '../../core/ip-text.ts'

/** What kind of address it is: `public` ones may be contacted, the others never are. */
export type AddressKind = 'public' | 'private' | 'cgnat' | 'other'

/** The longest spelling: IPv4 inside IPv6, in full. */
const LONGEST_TEXT = 45

/** Not public, by family 4 (RFC 6890 and its registry; documentation ranges are left out on purpose: worlds use them). */
const PRIVATE_V4 = rangesOf(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'])
const CGNAT_V4 = rangesOf(['100.64.0.0/10'])
const OTHER_V4 = rangesOf([
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Azure's wire server: a public number that is every Azure host's metadata service.
  '168.63.129.16/32',
])

/** IPv6 inside 2000::/3 that is not public: Teredo, benchmarking, ORCHID. */
const OTHER_V6 = rangesOf(['2001::/32', '2001:2::/48', '2001:10::/28'])

const NAT64 = rangesOf(['64:ff9b::/96'])
const SIX_TO_FOUR = rangesOf(['2002::/16'])
const PRIVATE_V6 = rangesOf(['fc00::/7'])
const GLOBAL_V6 = rangesOf(['2000::/3'])
const LINK_LOCAL = rangesOf(['fe80::/10'])

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
  const isIn = (ranges: typeof GLOBAL_V6): boolean => ranges.some((range) => holds(range, parsed))
  if (parsed.family === 4) return kindOfV4(parsed)
  if (isIn(NAT64)) return kindOfV4({ family: 4, value: parsed.value & 0xffffffffn })
  if (isIn(SIX_TO_FOUR)) return kindOfV4({ family: 4, value: (parsed.value >> 80n) & 0xffffffffn })
  if (isIn(PRIVATE_V6)) return 'private'
  return isIn(GLOBAL_V6) && !isIn(OTHER_V6) ? 'public' : 'other'
}

/** Reports whether an address is good for its own link alone (RFC 4291 2.5.6): no application goes farther with it. */
export function isLinkLocal(address: string): boolean {
  const parsed = parseIp(address)
  return parsed !== null && LINK_LOCAL.some((range) => holds(range, parsed))
}

/** Reports whether an address may belong to a public service. */
export function isPublic(address: string): boolean {
  return kindOf(address) === 'public'
}

function kindOfV4(ip: Ip): AddressKind {
  const isIn = (ranges: typeof PRIVATE_V4): boolean => ranges.some((range) => holds(range, ip))
  if (isIn(PRIVATE_V4)) return 'private'
  if (isIn(CGNAT_V4)) return 'cgnat'
  return isIn(OTHER_V4) ? 'other' : 'public'
}
