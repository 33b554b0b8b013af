import { type Answer, decode } from 'dns-packet'
import { addressBytes, familyOf } from './addresses.ts'
import { createWriter } from './dns-writer.ts'

/** A question as it came in, with what the client said about itself. */
export interface Question {
  readonly id: number
  /** As received, case included. */
  readonly name: string
  readonly type: string
  /** The type as its number, to be given back even where it has no name here. */
  readonly typeNumber: number
  readonly chaos: boolean
  readonly recursionDesired: boolean
  readonly edns: { readonly bufsize: number; readonly dnssecOk: boolean } | undefined
  readonly subnet: Subnet | undefined
  readonly proto: 'udp' | 'tcp'
}

/** A client subnet (RFC 7871): the address with its host bits cleared, and how many bits are meant. */
export interface Subnet {
  readonly address: string
  readonly prefix: number
}

export const RCODE = { noError: 0, servfail: 2, nxdomain: 3, refused: 5 } as const

/** What some server says to a question. */
export interface Response {
  readonly rcode: number
  readonly answers: readonly Answer[]
  readonly authoritative: boolean
  /** Prefix length for which the answer holds, when the question had a subnet. */
  readonly scope?: number
  /** The answer is said to be too long for UDP, whatever its length. */
  readonly truncated?: boolean
}

const HEADER = 12
/** A question is one name and some options; anything longer is not for us. */
const LONGEST_QUESTION = 1232
/** Without EDNS a UDP answer has 512 bytes (RFC 1035 4.2.1). */
const PLAIN_BUFSIZE = 512
/** What a careful server sends at most over UDP, whatever the client offers (DNS flag day 2020). */
const LARGEST_UDP = 1232
const CLIENT_SUBNET = 8
const RESPONSE = 0x8000
const AUTHORITATIVE = 0x0400
const RECURSION_AVAILABLE = 0x0080
const TRUNCATED = 0x0200
const RECURSION_DESIRED = 0x0100
const DNSSEC_OK = 0x8000

/** The type of the one question, found by walking over its name; the packet has been decoded before. */
const typeNumberIn = (bytes: Buffer): number => {
  let at = HEADER
  while ((bytes[at] ?? 0) !== 0) at += 1 + (bytes[at] ?? 0)
  return bytes.readUInt16BE(at + 1)
}

/**
 * Reads a question; `undefined` for anything else. dns-packet invents records when counts and length disagree,
 * so the counts are looked at first.
 */
export const readQuestion = (bytes: Buffer, proto: 'udp' | 'tcp'): Question | undefined => {
  if (bytes.length < HEADER + 5 || bytes.length > LONGEST_QUESTION) return undefined
  const counts = [4, 6, 8, 10].map((at) => bytes.readUInt16BE(at))
  if (counts[0] !== 1 || counts[1] !== 0 || counts[2] !== 0 || (counts[3] ?? 0) > 2) return undefined
  if ((bytes[2] ?? 0) & 0x80) return undefined
  try {
    const packet = decode(bytes)
    const question = packet.questions?.[0]
    if (question === undefined || decode.bytes !== bytes.length) return undefined
    const opt = packet.additionals?.find((record) => record.type === 'OPT')
    const ecs = opt?.options.find((option) => option.code === CLIENT_SUBNET)
    return {
      id: packet.id ?? 0,
      name: question.name,
      type: question.type,
      typeNumber: typeNumberIn(bytes),
      chaos: question.class === 'CH',
      recursionDesired: ((packet.flags ?? 0) & RECURSION_DESIRED) !== 0,
      edns: opt && { bufsize: opt.udpPayloadSize, dnssecOk: (opt.flags & DNSSEC_OK) !== 0 },
      subnet: ecs?.ip === undefined ? undefined : { address: ecs.ip, prefix: ecs.sourcePrefixLength ?? 0 },
      proto,
    }
  } catch {
    return undefined
  }
}

/** A subnet echoed with the prefix length for which the answer holds (RFC 7871 6). */
const subnetOption = (subnet: Subnet, scope: number) => {
  const bytes = addressBytes(subnet.address).subarray(0, Math.ceil(subnet.prefix / 8))
  const family = familyOf(subnet.address) === 'ipv4' ? 1 : 2
  return { code: CLIENT_SUBNET, data: Buffer.concat([Buffer.from([0, family, subnet.prefix, scope]), bytes]) }
}

/** Writes an answer, truncated when the client could not take it over UDP. */
export const writeResponse = (question: Question, response: Response, recursive: boolean): Buffer => {
  const flags =
    RESPONSE |
    response.rcode |
    (response.truncated === true ? TRUNCATED : 0) |
    (response.authoritative ? AUTHORITATIVE : 0) |
    (recursive ? RECURSION_AVAILABLE : 0) |
    (question.recursionDesired ? RECURSION_DESIRED : 0)
  const write = (answers: readonly Answer[], extra: number): Buffer => {
    const writer = createWriter()
    writer.numbers(question.id, flags | extra, 1, answers.length, 0, question.edns ? 1 : 0)
    writer.question(question.name, question.typeNumber, question.chaos)
    for (const answer of answers) writer.record(answer, question.chaos)
    const options = question.subnet ? [subnetOption(question.subnet, response.scope ?? 0)] : []
    if (question.edns) writer.opt(LARGEST_UDP, question.edns.dnssecOk ? DNSSEC_OK : 0, options)
    return writer.done()
  }
  const whole = write(response.answers, 0)
  const room = Math.min(LARGEST_UDP, Math.max(PLAIN_BUFSIZE, question.edns?.bufsize ?? 0))
  return question.proto === 'udp' && whole.length > room ? write([], TRUNCATED) : whole
}

/** A TXT record: strings of at most 255 bytes. */
export const txt = (name: string, strings: readonly string[], ttl = 0): Answer => ({
  type: 'TXT',
  name,
  ttl,
  data: strings.map((text) => Buffer.from(text)),
})

/** An A or AAAA record, by the family of the address. */
export const address = (name: string, data: string, ttl: number): Answer => ({
  type: familyOf(data) === 'ipv4' ? 'A' : 'AAAA',
  name,
  ttl,
  data,
})

export const cname = (name: string, data: string, ttl: number): Answer => ({ type: 'CNAME', name, ttl, data })

export const found = (answers: readonly Answer[], scope?: number): Response => ({
  rcode: RCODE.noError,
  answers,
  authoritative: true,
  ...(scope === undefined ? {} : { scope }),
})

export const nxdomain: Response = { rcode: RCODE.nxdomain, answers: [], authoritative: true }

export const subnetText = (subnet: Subnet | undefined): string =>
  subnet === undefined ? '-' : `${subnet.address}/${subnet.prefix}`
