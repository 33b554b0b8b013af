import type { Answer } from 'dns-packet'
import { parseIp } from '../../core/cidr.ts'
import { ipText } from '../../core/ip-text.ts'
import { embeddedIn, embedIn, NAT64_NAME, parsePrefix } from '../../core/nat64.ts'
import type { Zone } from './beacon-zone.ts'
import { address, found, type Question, type Response } from './dns-message.ts'

/** In seconds; these never change. */
const FIXED_TTL = 86_400

/** The name by which a DNS64 tells its prefix: two IPv4 addresses and no IPv6 one (RFC 7050). */
export const nat64Zone: Zone = ({ name, type }) => {
  if (name.toLowerCase() !== NAT64_NAME) return undefined
  return found(
    type === 'A' ? ['192.0.0.170', '192.0.0.171'].map((data) => address(name, data, FIXED_TTL)) : [],
  )
}

const prefixOf = (text: string) => {
  const prefix = parsePrefix(text)
  if (prefix === null) throw new Error(`${text} is no prefix of a NAT64`)
  return prefix
}

/** The IPv4 address that a NAT64 carries an address on to; null for one that is not behind its prefix. */
export const carriedTo = (prefix: string, to: string): string | null => {
  const ip = parseIp(to)
  const inner = ip === null || ip.family === 4 ? null : embeddedIn(prefixOf(prefix), ip)
  return inner === null ? null : ipText({ family: 4, value: inner })
}

/** What a DNS64 makes of the answer for a name's IPv4 addresses. */
export const clothed = (prefix: string, response: Response): Response => ({
  ...response,
  answers: response.answers.map((record): Answer => {
    const ip = record.type === 'A' ? parseIp(record.data) : null
    return record.type === 'A' && ip !== null
      ? { ...record, type: 'AAAA', data: ipText(embedIn(prefixOf(prefix), ip.value)) }
      : record
  }),
})

/** Reports whether a DNS64 asks for IPv4 addresses in place of these: the name exists and has no IPv6 ones (RFC 6147 5.1). */
export const lacksIpv6 = ({ type }: Question, { rcode, answers }: Response): boolean =>
  type === 'AAAA' && rcode === 0 && answers.every((record) => record.type !== 'AAAA')
