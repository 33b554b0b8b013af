import type { Answer } from 'dns-packet'
import { ipv4ToNumber, numberToIpv4 } from './addresses.ts'
import type { EndpointSetRecord } from './spec.ts'

/** Set ids whose names this world answers with chains of their own (Exchange, SharePoint). */
const EXCHANGE_SET = 1
/** Space for names of sets that publish no addresses: Azure Front Door's, where most of them live. */
const UNPUBLISHED = '13.107.246.0/24'
const UNPUBLISHED_IPV6 = '2620:1ec:bdf::/48'
/** How many addresses a published range lends to the names of its set. */
const LENT = 32

const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.toLowerCase().replaceAll('.', '\\.').replaceAll('*', '.*')}$`)

const isIpv4Cidr = (cidr: string): boolean => !cidr.includes(':')

/** A small part of a set's published space: a whole range if it is small, else a /27 of it away from the edges. */
const lend = (cidr: string): string[] => {
  const [base = '', bits = '32'] = cidr.split('/')
  const size = 2 ** (32 - Number(bits))
  const start = ipv4ToNumber(base) + (size > 256 ? 256 : size > 2 ? 1 : 0)
  return Array.from({ length: Math.min(LENT, size > 256 ? LENT : Math.max(1, size - 2)) }, (_, i) =>
    numberToIpv4(start + i),
  )
}

/** The same of an IPv6 range: its first addresses. Published ranges all end in `::`. */
const lend6 = (cidr: string): string[] => {
  const base = cidr.split('/')[0] ?? ''
  return base.endsWith('::')
    ? Array.from({ length: LENT }, (_, i) => `${base}${(i + 1).toString(16)}`)
    : [base]
}

/** A number that depends on the text alone (FNV-1a, 32 bits). */
export const hashOf = (text: string): number =>
  [...text].reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0, 0x811c9dc5)

/** Microsoft's names other than those with a chain, and the addresses a world gives to them. */
export interface PublishedNames {
  /** The address of a name in Microsoft's list, or one of each family; none for any other name. */
  addressesOf(name: string): readonly string[]
  readonly addresses: readonly string[]
}

/**
 * Gives every name that the endpoint list covers one address inside its own set's published ranges. A name of several
 * sets takes the first that publishes addresses, as Microsoft's narrower sets do over the wildcard ones.
 */
export const publishedNames = (list: readonly EndpointSetRecord[], ipv6 = false): PublishedNames => {
  const sets = list
    .filter(({ id }) => id !== EXCHANGE_SET)
    .map((set) => {
      const cidr = set.ips?.filter(isIpv4Cidr)[0]
      return {
        published: cidr !== undefined,
        patterns: (set.urls ?? []).map((url) => patternOf(url)),
        addresses: lend(cidr ?? UNPUBLISHED),
        over6: ipv6 ? lend6(set.ips?.find((one) => !isIpv4Cidr(one)) ?? UNPUBLISHED_IPV6) : [],
      }
    })
    .sort((a, b) => Number(b.published) - Number(a.published))
  return {
    addressesOf: (name) => {
      const set = sets.find(({ patterns }) => patterns.some((pattern) => pattern.test(name)))
      const pools = set === undefined ? [] : [set.addresses, set.over6]
      return pools.flatMap((pool) => pool[hashOf(name) % pool.length] ?? [])
    },
    addresses: [...new Set(sets.flatMap(({ addresses, over6 }) => [...addresses, ...over6]))],
  }
}

/** What a chain of names says to a question of this type: records up to the first that answers it. */
export const alongChain = (chain: readonly Answer[], type: string): Answer[] =>
  type === 'CNAME'
    ? chain.filter((record) => record.type === 'CNAME').slice(0, 1)
    : chain.filter((record) => record.type === 'CNAME' || record.type === type)
