import { type Edns, OPT, readEdns } from './edns.ts'

/** Reads what arrives at the DNS port (RFC 1035 4.1). Whatever the bytes, it answers with a value. */

export const HEADER_BYTES = 12
/** RFC 1035 2.3.4, length bytes included. */
const MAX_NAME_BYTES = 255
/** A query has an OPT record, perhaps a signature; more only costs time. */
const MAX_RECORDS = 16

export const RCODE = { noError: 0, formErr: 1, nxDomain: 3, notImp: 4, refused: 5, badVers: 16 } as const

const QR = 0x8000
const OPCODE = 0x7800
const RECURSION_DESIRED = 0x0100
const CHECKING_DISABLED = 0x0010

/** One question, as it was asked. */
export interface Query {
  readonly id: number
  /** The header bits that an answer repeats: RD (RFC 1035) and CD (RFC 4035 3.1.6). */
  readonly echoedFlags: number
  /** The question as received: an answer repeats its bytes, so that the case of every letter is kept. */
  readonly question: Buffer
  /** From the left, as received, one character per byte. A label may hold any byte, dots too. */
  readonly labels: readonly string[]
  readonly type: number
  readonly class: number
  readonly edns: Edns | null
  /** Bytes of the whole message. */
  readonly size: number
}

/** What a message turned out to be. */
export type Read =
  /** Nothing that may be answered: too short, or itself an answer (two servers could talk for ever). */
  | { readonly kind: 'silence' }
  /** Not understood: answered with a header alone. */
  | { readonly kind: 'error'; readonly reply: Buffer }
  | { readonly kind: 'query'; readonly query: Query }

/** Reads one message. */
export function readQuery(bytes: Buffer): Read {
  if (bytes.length < HEADER_BYTES) return { kind: 'silence' }
  const flags = bytes.readUInt16BE(2)
  if ((flags & QR) !== 0) return { kind: 'silence' }
  if ((flags & OPCODE) !== 0) return error(bytes, RCODE.notImp)
  // RFC 9619: an ordinary query has exactly one question.
  if (bytes.readUInt16BE(4) !== 1) return error(bytes, RCODE.formErr)
  const name = readLabels(bytes, HEADER_BYTES)
  if (name === null || name.next + 4 > bytes.length) return error(bytes, RCODE.formErr)
  const end = name.next + 4
  const edns = findEdns(bytes, end)
  if (edns === 'broken') return error(bytes, RCODE.formErr)
  return {
    kind: 'query',
    query: {
      id: bytes.readUInt16BE(0),
      echoedFlags: flags & (RECURSION_DESIRED | CHECKING_DISABLED),
      question: Buffer.from(bytes.subarray(HEADER_BYTES, end)),
      labels: name.labels,
      type: bytes.readUInt16BE(name.next),
      class: bytes.readUInt16BE(name.next + 2),
      edns,
      size: bytes.length,
    },
  }
}

function error(bytes: Buffer, rcode: number): Read {
  const reply = Buffer.alloc(HEADER_BYTES)
  bytes.copy(reply, 0, 0, 4)
  const echoed = bytes.readUInt16BE(2) & (OPCODE | RECURSION_DESIRED | CHECKING_DISABLED)
  reply.writeUInt16BE(QR | echoed | rcode, 2)
  return { kind: 'error', reply }
}

/** The name of a question. Nothing stands before it that a pointer could point to. */
function readLabels(bytes: Buffer, start: number): { labels: string[]; next: number } | null {
  const labels: string[] = []
  let at = start
  for (;;) {
    const length = bytes[at]
    if (length === undefined || length > 63) return null
    const end = at + 1 + length
    if (length === 0) return { labels, next: end }
    // The root's byte is still to come.
    if (end > bytes.length || end - start + 1 > MAX_NAME_BYTES) return null
    labels.push(bytes.toString('latin1', at + 1, end))
    at = end
  }
}

/** Walks the records after the question; null without an OPT record. */
function findEdns(bytes: Buffer, start: number): Edns | null | 'broken' {
  const before = bytes.readUInt16BE(6) + bytes.readUInt16BE(8)
  const count = before + bytes.readUInt16BE(10)
  if (count > MAX_RECORDS) return 'broken'
  let edns: Edns | null = null
  let at = start
  for (let index = 0; index < count; index++) {
    const head = skipName(bytes, at)
    if (head === null || head + 10 > bytes.length) return 'broken'
    const from = head + 10
    const to = from + bytes.readUInt16BE(head + 8)
    if (to > bytes.length) return 'broken'
    if (bytes.readUInt16BE(head) === OPT) {
      // RFC 6891 6.1.1: one, in the additional section, with the root's name.
      if (edns !== null || index < before || head !== at + 1) return 'broken'
      edns = readEdns(bytes.readUInt16BE(head + 2), bytes.readUInt32BE(head + 4), bytes.subarray(from, to))
      if (edns === null) return 'broken'
    }
    at = to
  }
  return at === bytes.length ? edns : 'broken'
}

function skipName(bytes: Buffer, start: number): number | null {
  let at = start
  for (;;) {
    const length = bytes[at]
    if (length === undefined) return null
    if (length === 0) return at + 1
    if (length >= 0xc0) return at + 2
    if (length > 63 || at - start > MAX_NAME_BYTES) return null
    at += 1 + length
  }
}
