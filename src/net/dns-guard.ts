import { isIPv4, isIPv6 } from 'node:net'
import { domainToASCII } from 'node:url'
import packet from 'dns-packet'
import { done, type Failure, failed, type Outcome } from '../core/failure.ts'
import type { DnsAnswer, DnsQuery, DnsRecord, RecordType } from '../core/ports.ts'
import { CLIENT_SUBNET, subnetOption, subnetScope } from './dns-subnet.ts'
import {
  CLASS_CH,
  CLASS_IN,
  HEADER_BYTES,
  MAX_RECORDS,
  readQuestion,
  readRecords,
  TYPE,
  type WireRecord,
} from './dns-wire.ts'

/** The EDNS size that avoids fragments (DNS flag day 2020). */
export const EDNS_BYTES = 1232
/** What is accepted over each transport: far above any answer we ask for, far below what is costly to read. */
export const MAX_REPLY_BYTES = { udp: 4096, tcp: 16_384 } as const
/** A chain of CNAMEs longer than this is no answer (Microsoft's has four). */
const MAX_CHAIN = 8

/** One question as it goes on the wire. */
export interface Asked {
  readonly id: number
  /** As `encodeQuery` wrote it: lower case, no final dot. */
  readonly name: string
  readonly type: RecordType
  /** Asked in class CH, where servers keep facts about themselves (RFC 4892). */
  readonly chaos?: boolean
  /** The data of the client subnet option that was sent. */
  readonly subnet?: Buffer
}

/** What a datagram or a framed message turned out to be. */
export type Reply =
  /** Not an answer to this question: ignored and counted. */
  | { readonly kind: 'stray'; readonly why: string }
  | { readonly kind: 'malformed'; readonly why: string }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly detail: string; readonly rcode: number }
  | ({ readonly kind: 'answer' } & Pick<DnsAnswer, 'records' | 'flags' | 'subnetScope'>)

/** The name as it may go on the wire: ASCII, lower case, labels of 1..63 bytes, 253 at most; null when there is none. */
export function normalName(name: string): string | null {
  // domainToASCII rewrites numeric names as IPv4 addresses, so it only sees what is not ASCII already.
  const ascii = /^[\x00-\x7f]*$/.test(name) ? name.toLowerCase() : domainToASCII(name)
  const plain = ascii.endsWith('.') ? ascii.slice(0, -1) : ascii
  if (plain.length > 253) return null
  return /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/.test(plain) ? plain : null
}

/**
 * A plain recursive query, with EDNS unless told otherwise; `params-refused` for a name or a subnet that cannot be asked.
 * Without EDNS there is no client subnet either.
 */
export function encodeQuery(
  question: Pick<DnsQuery, 'name' | 'type' | 'chaos' | 'clientSubnet'>,
  id: number,
  edns = true,
): Outcome<{ readonly bytes: Buffer; readonly asked: Asked }> {
  const { type, chaos = false, clientSubnet } = question
  const name = normalName(question.name)
  if (name === null) return failed('params-refused', 'not a name that DNS can carry')
  const subnet = clientSubnet === undefined ? undefined : subnetOption(clientSubnet)
  if (subnet === null) return failed('params-refused', 'not a client subnet')
  const bytes = packet.encode({
    type: 'query',
    id,
    flags: packet.RECURSION_DESIRED,
    questions: [{ name, type, class: chaos ? 'CH' : 'IN' }],
    additionals: edns ? [optRecord(subnet)] : [],
  })
  const more = { ...(chaos ? { chaos } : {}), ...(subnet === undefined ? {} : { subnet }) }
  return done({ bytes, asked: { id, name, type, ...more } })
}

function optRecord(subnet: Buffer | undefined): packet.Answer {
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize: EDNS_BYTES,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: subnet === undefined ? [] : [rawOption(CLIENT_SUBNET, subnet)],
  }
}

/** An option by its bytes: the encoder takes it so, though its types do not say it. */
function rawOption(code: number, data: Buffer): packet.PacketOpt {
  return { code, data } as unknown as packet.PacketOpt
}

const stray = (why: string): Reply => ({ kind: 'stray', why })
const malformed = (why: string): Reply => ({ kind: 'malformed', why })

/** Reads a reply to `asked`. Whatever the bytes, it answers with a value. */
export function parseReply(bytes: Buffer, asked: Asked, transport: 'udp' | 'tcp'): Reply {
  if (bytes.length < HEADER_BYTES) return malformed('shorter than a header')
  if (bytes.length > MAX_REPLY_BYTES[transport]) return malformed('larger than allowed')
  const flags = bytes.readUInt16BE(2)
  if (bytes.readUInt16BE(0) !== asked.id) return stray('another id')
  if ((flags & 0x8000) === 0) return stray('a query')
  if ((flags & 0x7800) !== 0) return stray('another operation')
  const questions = bytes.readUInt16BE(4)
  if (questions === 0) return withoutQuestion(bytes, transport)
  if (questions !== 1) return stray('not one question')
  const question = readQuestion(bytes)
  if (question === null) return malformed('a question that makes no sense')
  if (
    question.name !== asked.name ||
    question.type !== TYPE[asked.type] ||
    question.class !== classOf(asked)
  ) {
    return stray('another question')
  }
  if ((flags & packet.TRUNCATED_RESPONSE) !== 0) return { kind: 'truncated' }
  const walked = readRecords(bytes, question.end, MAX_RECORDS[transport])
  if (typeof walked === 'string') return malformed(walked)
  const problem = optProblem(walked.records) ?? chainProblem(walked.records, asked)
  if (problem !== null) return malformed(problem)
  const rcode = rcodeOf(flags, walked.records)
  if (rcode !== 0) return rcodeReply(rcode)
  return decode(bytes, flags, asked)
}

/**
 * An error may come without the question, as servers that do not know EDNS send it: often a header alone (RFC 6891 7).
 * Its id and where it came from must do. Anything else without a question says nothing.
 */
function withoutQuestion(bytes: Buffer, transport: 'udp' | 'tcp'): Reply {
  const walked = readRecords(bytes, HEADER_BYTES, MAX_RECORDS[transport])
  if (typeof walked === 'string' || optProblem(walked.records) !== null) return stray('not one question')
  const rcode = rcodeOf(bytes.readUInt16BE(2), walked.records)
  const isError = rcode !== 0 && walked.records.every(({ section }) => section !== 'answer')
  return isError ? rcodeReply(rcode) : stray('not one question')
}

function classOf(asked: Asked): number {
  return asked.chaos === true ? CLASS_CH : CLASS_IN
}

function optProblem(records: readonly WireRecord[]): string | null {
  const opts = records.filter((record) => record.type === TYPE.OPT)
  if (opts.length > 1) return 'two OPT records'
  const [opt] = opts
  if (opt === undefined) return null
  if (opt.section !== 'additional') return 'an OPT record out of place'
  return opt.name === '' ? null : 'an OPT record with a name'
}

/** The code of the header, and above it that of the OPT record. */
function rcodeOf(flags: number, records: readonly WireRecord[]): number {
  const extended = (records.find((record) => record.type === TYPE.OPT)?.ttl ?? 0) >>> 24
  return (flags & 0xf) | (extended << 4)
}

/** Follows the CNAMEs from the question; every address or text in the answer must belong to a name on that way. */
function chainProblem(records: readonly WireRecord[], asked: Asked): string | null {
  const answers = records.filter((record) => record.section === 'answer')
  if (answers.some((record) => record.class !== classOf(asked))) return 'an answer of another class'
  const targets = new Map<string, string>()
  for (const { name, target } of answers) {
    if (target === null) continue
    const known = targets.get(name.toLowerCase())
    if (known !== undefined && known !== target.toLowerCase()) return 'two CNAMEs for one name'
    targets.set(name.toLowerCase(), target.toLowerCase())
  }
  const way = new Set([asked.name])
  let next = targets.get(asked.name)
  while (next !== undefined) {
    if (way.has(next)) return 'a CNAME loop'
    if (way.size > MAX_CHAIN) return 'a CNAME chain that is too long'
    way.add(next)
    next = targets.get(next)
  }
  const used = new Set<number>([TYPE.A, TYPE.AAAA, TYPE.TXT, TYPE.CNAME])
  const alien = answers.find((record) => used.has(record.type) && !way.has(record.name.toLowerCase()))
  return alien === undefined ? null : 'answers for another name'
}

function rcodeReply(rcode: number): Reply {
  const words: Readonly<Record<number, Failure>> = { 2: 'dns-servfail', 3: 'dns-nxdomain', 5: 'dns-refused' }
  return { kind: 'failed', failure: words[rcode] ?? 'dns-error', detail: `rcode ${rcode}`, rcode }
}

function decode(bytes: Buffer, flags: number, asked: Asked): Reply {
  try {
    const message = packet.decode(bytes)
    if (packet.decode.bytes !== bytes.length) return malformed('the decoder read another length')
    const records = (message.answers ?? []).flatMap(toRecord)
    if (records.some((record) => !dataFits(record))) return malformed('an address that is none')
    const scope = subnetScope(message, asked.subnet)
    if (scope === undefined) return malformed('a client subnet that makes no sense')
    const authoritative = (flags & packet.AUTHORITATIVE_ANSWER) !== 0
    const recursionAvailable = (flags & packet.RECURSION_AVAILABLE) !== 0
    return { kind: 'answer', records, flags: { authoritative, recursionAvailable }, subnetScope: scope }
  } catch (error) {
    return malformed(error instanceof Error ? error.message : 'undecodable')
  }
}

/** RFC 2181 8: a TTL with the top bit set counts as zero. */
const MAX_TTL = 2 ** 31

function toRecord(answer: packet.Answer): readonly DnsRecord[] {
  if (answer.type === 'OPT') return []
  const ttl = answer.ttl === undefined || answer.ttl >= MAX_TTL ? 0 : answer.ttl
  const { name, type } = answer
  switch (answer.type) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
      return [{ name, type, ttl, data: answer.data }]
    case 'TXT': {
      const parts = Array.isArray(answer.data) ? answer.data : [answer.data]
      const strings = parts.map((part) => part.toString())
      return [{ name, type, ttl, data: strings.join(''), strings }]
    }
    default:
      // Signatures and the like: nobody here asks for them.
      return []
  }
}

function dataFits(record: DnsRecord): boolean {
  if (record.type === 'A') return isIPv4(record.data)
  return record.type !== 'AAAA' || isIPv6(record.data)
}
