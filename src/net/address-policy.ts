import { isIP } from 'node:net'
import { addressBytes } from './address-bytes.ts'

/** Whether a runner may ever contact an address; `why` is for engineers. */
export type AddressPolicy = { readonly allowed: true } | { readonly allowed: false; readonly why: string }

/** IPv4 that is not the public Internet (RFC 6890 and the two clouds' own). Documentation ranges are ordinary. */
const REFUSED_V4 = inBytes([
  ['0.0.0.0', 8, 'unspecified'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'carrier-grade NAT'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local or metadata'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'protocol assignments'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'benchmarking'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved or broadcast'],
  // Azure's wire server: a public number that is every Azure host's metadata service.
  ['168.63.129.16', 32, 'metadata'],
])

/** IPv6 inside 2000::/3 that is not the public Internet. */
const REFUSED_V6 = inBytes([
  ['2001::', 32, 'Teredo'],
  ['2001:2::', 48, 'benchmarking'],
  ['2001:10::', 28, 'ORCHID'],
])

/** Prefixes whose following bytes are an IPv4 address: it is what would be reached. */
const CARRIERS = inBytes([
  ['::ffff:0:0', 96, 12],
  ['::ffff:0:0:0', 96, 12],
  ['64:ff9b::', 96, 12],
  ['2002::', 16, 2],
  ['::', 96, 12],
])

const ALLOWED: AddressPolicy = { allowed: true }
const refused = (why: string): AddressPolicy => ({ allowed: false, why })

/**
 * Decides on a literal address alone. Everything that is not one canonical literal (names, decimal or octal forms, zone
 * ids) is refused, and so is every IPv6 address outside 2000::/3 but those that carry a public IPv4 address.
 */
export function addressPolicy(address: string): AddressPolicy {
  if (isIP(address) === 0) return refused('not a literal address')
  if (address.includes('%')) return refused('an address with a zone')
  const bytes = addressBytes(address)
  if (bytes === null) return refused('not a literal address')
  return bytes.length === 4 ? policyV4(bytes) : policyV6(bytes)
}

function policyV4(bytes: Buffer): AddressPolicy {
  const hit = REFUSED_V4.find(([network, prefix]) => startsWith(bytes, network, prefix))
  return hit === undefined ? ALLOWED : refused(hit[2])
}

function policyV6(bytes: Buffer): AddressPolicy {
  const carrier = CARRIERS.find(([network, prefix]) => startsWith(bytes, network, prefix))
  if (carrier !== undefined) {
    const inner = policyV4(bytes.subarray(carrier[2], carrier[2] + 4))
    return inner.allowed ? ALLOWED : refused(`${inner.why} inside IPv6`)
  }
  if (((bytes[0] ?? 0) & 0xe0) !== 0x20) return refused('not global unicast')
  const hit = REFUSED_V6.find(([network, prefix]) => startsWith(bytes, network, prefix))
  return hit === undefined ? ALLOWED : refused(hit[2])
}

/** Networks as bytes, once: every address that is contacted is compared with all of them. */
function inBytes<T>(
  rows: readonly (readonly [network: string, prefix: number, what: T])[],
): readonly (readonly [network: Buffer, prefix: number, what: T])[] {
  return rows.flatMap(([network, prefix, what]) => {
    const bytes = addressBytes(network)
    return bytes === null ? [] : [[bytes, prefix, what] as const]
  })
}

/** Compares bits itself: Node's BlockList takes mapped addresses for IPv4 and misses the other encodings. */
function startsWith(bytes: Buffer, other: Buffer, prefix: number): boolean {
  const whole = prefix >> 3
  if (!bytes.subarray(0, whole).equals(other.subarray(0, whole))) return false
  const mask = (0xff00 >> (prefix & 7)) & 0xff
  return ((bytes[whole] ?? 0) & mask) === ((other[whole] ?? 0) & mask)
}
