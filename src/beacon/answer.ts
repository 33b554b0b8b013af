import { EDNS_BYTES, PLAIN_BYTES } from './edns.ts'
import { type Query, readQuery } from './query.ts'
import type { Origin } from './sightings.ts'
import { writeReply, writeTruncated } from './write-reply.ts'
import type { Zone } from './zone.ts'

/**
 * Over UDP the address may be forged, and the answer then hits somebody else: it is at most this many times as large
 * as the query, else it is "ask over TCP". What resolvers ask for fits: the largest usual answer, the TXT of a nonce
 * that came with EDNS from a long IPv6 address, is 2.9 times the query, and not more than 3 in any zone of nine
 * characters or more.
 */
export const MOST_AMPLIFICATION = 3
const MOST_TCP_BYTES = 65_535

/** What an answer was, for counting. */
export type Told = 'answer' | 'truncated' | 'error'

/** The bytes to send back, or null for silence. Whatever the bytes that came in, it does not throw. */
export function answerQuery(zone: Zone, bytes: Buffer, from: Origin): { bytes: Buffer; told: Told } | null {
  const read = readQuery(bytes)
  if (read.kind === 'silence') return null
  if (read.kind === 'error') return { bytes: read.reply, told: 'error' }
  const { query } = read
  const limit = from.proto === 'tcp' ? MOST_TCP_BYTES : udpLimit(query)
  const reply = writeReply(query, zone(query, from), limit)
  return { bytes: reply, told: isTruncated(reply) ? 'truncated' : 'answer' }
}

/** "Ask over TCP", without a look at the zone; null where even that is not due. */
export function answerTruncated(bytes: Buffer): Buffer | null {
  const read = readQuery(bytes)
  return read.kind === 'query' ? writeTruncated(read.query, false) : null
}

function udpLimit(query: Query): number {
  const claimed = Math.max(PLAIN_BYTES, query.edns?.bufsize ?? PLAIN_BYTES)
  return Math.min(claimed, EDNS_BYTES, query.size * MOST_AMPLIFICATION)
}

function isTruncated(reply: Buffer): boolean {
  return (reply.readUInt16BE(2) & 0x0200) !== 0
}
