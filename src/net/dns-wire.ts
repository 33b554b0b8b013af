/**
 * A structural walk over a DNS message (RFC 1035 4.1, RFC 6891), before any decoder sees it. dns-packet trusts lengths:
 * it ignores RDLENGTH of addresses, decodes a label that contains a dot as two, and can be made to invent 130,000 records
 * from 117 bytes. What passes here has none of that.
 */

export const HEADER_BYTES = 12
/**
 * More records than any answer we ask for holds, by transport. Over TCP comes the list of Google's resolver nodes, some
 * hundred records; what fits into a datagram has far fewer.
 */
export const MAX_RECORDS = { udp: 64, tcp: 512 } as const
/** A legitimate name follows very few pointers; a chain of thousands only costs time. */
const MAX_POINTERS = 64
/** RFC 1035 2.3.4, as on the wire: length bytes included. */
const MAX_NAME_BYTES = 255

export const TYPE = { A: 1, CNAME: 5, TXT: 16, AAAA: 28, OPT: 41 } as const
export const CLASS_IN = 1
export const CLASS_CH = 3

export interface WireRecord {
  readonly section: 'answer' | 'authority' | 'additional'
  readonly name: string
  readonly type: number
  readonly class: number
  readonly ttl: number
  /** The target of a CNAME; null for every other type. */
  readonly target: string | null
}

export interface WireMessage {
  readonly records: readonly WireRecord[]
}

export interface WireQuestion {
  readonly name: string
  readonly type: number
  readonly class: number
  /** Offset of the first byte after it. */
  readonly end: number
}

interface Name {
  readonly name: string
  readonly next: number
}

/** Bytes that may stand in a label: printable ASCII but the dot, which would look like a border. */
function isLabelByte(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f && byte !== 0x2e
}

function readName(bytes: Buffer, start: number): Name | null {
  const labels: string[] = []
  let at = start
  let next: number | null = null
  let limit = start
  let total = 1
  let pointers = 0
  for (;;) {
    const length = bytes[at]
    if (length === undefined) return null
    if (length === 0) return { name: labels.join('.'), next: next ?? at + 1 }
    if (length >= 0xc0) {
      const low = bytes[at + 1]
      if (low === undefined) return null
      const to = ((length & 0x3f) << 8) | low
      pointers += 1
      // Only backwards and never into the header: this is also what makes every walk end.
      if (to >= limit || to < HEADER_BYTES || pointers > MAX_POINTERS) return null
      next ??= at + 2
      limit = to
      at = to
      continue
    }
    if (length >= 0x40) return null
    const label = bytes.subarray(at + 1, at + 1 + length)
    total += length + 1
    if (label.length < length || total > MAX_NAME_BYTES || !label.every(isLabelByte)) return null
    labels.push(label.toString('latin1'))
    at += length + 1
  }
}

/** Reads the only question, which starts right after the header; null when it makes no sense. */
export function readQuestion(bytes: Buffer): WireQuestion | null {
  const name = readName(bytes, HEADER_BYTES)
  if (name === null || name.next + 4 > bytes.length) return null
  return {
    name: name.name,
    type: bytes.readUInt16BE(name.next),
    class: bytes.readUInt16BE(name.next + 2),
    end: name.next + 4,
  }
}

function stringsFill(rdata: Buffer): boolean {
  let at = 0
  while (at < rdata.length) at += 1 + (rdata[at] ?? 0)
  return rdata.length > 0 && at === rdata.length
}

/** Checks the data of the types that are used; gives the target of a CNAME, or the reason for refusing. */
function readData(bytes: Buffer, type: number, from: number, to: number): { target: string | null } | string {
  const size = to - from
  if (type === TYPE.A && size !== 4) return 'an A record that is not 4 bytes'
  if (type === TYPE.AAAA && size !== 16) return 'an AAAA record that is not 16 bytes'
  if (type === TYPE.TXT && !stringsFill(bytes.subarray(from, to)))
    return 'a TXT record with a wrong inner length'
  if (type !== TYPE.CNAME) return { target: null }
  const name = readName(bytes, from)
  return name !== null && name.next === to ? { target: name.name } : 'a CNAME whose target makes no sense'
}

/** Walks all records from `start` on, `most` at most; a text is the reason for refusing the message. */
export function readRecords(bytes: Buffer, start: number, most: number): WireMessage | string {
  const counts = [bytes.readUInt16BE(6), bytes.readUInt16BE(8), bytes.readUInt16BE(10)] as const
  const sections = ['answer', 'authority', 'additional'] as const
  if (counts[0] + counts[1] + counts[2] > most) return 'too many records'
  const records: WireRecord[] = []
  let at = start
  for (const [index, section] of sections.entries()) {
    for (let left = counts[index] ?? 0; left > 0; left--) {
      const name = readName(bytes, at)
      if (name === null) return 'a name that makes no sense'
      const head = name.next
      if (head + 10 > bytes.length) return 'a record cut short'
      const type = bytes.readUInt16BE(head)
      const from = head + 10
      const to = from + bytes.readUInt16BE(head + 8)
      if (to > bytes.length) return 'record data cut short'
      const data = readData(bytes, type, from, to)
      if (typeof data === 'string') return data
      const ttl = bytes.readUInt32BE(head + 4)
      records.push({ section, name: name.name, type, class: bytes.readUInt16BE(head + 2), ttl, ...data })
      at = to
    }
  }
  return at === bytes.length ? { records } : 'bytes after the last record'
}
