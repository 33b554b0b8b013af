import { overlap, parseRange, type Range } from './cidr.ts'
import { t } from './t.ts'

/** Ranges that nobody sees an office by, with what they are (IANA special-purpose registries). */
const SPECIAL: readonly (readonly [cidr: string, what: string])[] = [
  ['0.0.0.0/8', 'reserved'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', t`carrier-grade NAT`],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.168.0.0/16', 'private'],
  ['224.0.0.0/3', t`multicast or reserved`],
  ['::/127', 'loopback'],
  ['64:ff9b::/96', t`an address behind NAT64`],
  ['64:ff9b:1::/48', t`an address behind NAT64`],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link-local'],
  ['ff00::/8', 'multicast'],
]

const RANGES = SPECIAL.flatMap(([cidr, what]) => {
  const range = parseRange(cidr)
  return range === null ? [] : [{ range, what }]
})

/** What is special about a range of which a part is never seen on the Internet, e.g. `private`; null for a public one. */
export function specialIn(range: Range): string | null {
  return RANGES.find((special) => overlap(special.range, range))?.what ?? null
}
