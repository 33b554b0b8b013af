import { writeEdns } from './edns.ts'
import { HEADER_BYTES, type Query } from './query.ts'
import { CLASS_IN, type Rec, type Relative } from './records.ts'

/** What to answer, before it is bytes. */
export interface Reply {
  readonly rcode: number
  readonly authoritative: boolean
  /** How many labels of the question stand before the zone; 0 too where no record names the zone. */
  readonly labelsBefore: number
  readonly answers: readonly Rec[]
  readonly authority: readonly Rec[]
  /** Left out where the answer would be too large with them. */
  readonly additional: readonly Rec[]
}

const QR = 0x8000
const AUTHORITATIVE = 0x0400
const TRUNCATED = 0x0200

/**
 * Writes an answer of at most `limit` bytes. What does not fit is answered with TC=1 and no records, which is never
 * larger than the query: the question is repeated, and an OPT record only where one came. RA is never set.
 */
export function writeReply(query: Query, reply: Reply, limit: number): Buffer {
  const whole = write(query, reply, 0)
  if (whole.length <= limit) return whole
  const lean = write(query, { ...reply, additional: [] }, 0)
  return lean.length <= limit ? lean : writeTruncated(query, reply.authoritative)
}

/** "Ask over TCP." */
export function writeTruncated(query: Query, authoritative: boolean): Buffer {
  const empty = { rcode: 0, authoritative, labelsBefore: 0, answers: [], authority: [], additional: [] }
  return write(query, empty, TRUNCATED)
}

function write(query: Query, reply: Reply, extraFlags: number): Buffer {
  const opt = query.edns === null ? [] : [writeEdns(query.edns, reply.rcode >> 4)]
  const head = Buffer.alloc(HEADER_BYTES)
  const flags = QR | (reply.authoritative ? AUTHORITATIVE : 0) | extraFlags | query.echoedFlags
  head.writeUInt16BE(query.id, 0)
  head.writeUInt16BE(flags | (reply.rcode & 0xf), 2)
  const counts = [1, reply.answers.length, reply.authority.length, reply.additional.length + opt.length]
  for (const [index, count] of counts.entries()) head.writeUInt16BE(count, 4 + 2 * index)
  const zone = zonePointer(query, reply.labelsBefore)
  const records = [...reply.answers, ...reply.authority, ...reply.additional]
  return Buffer.concat([head, query.question, ...records.map((record) => writeRecord(record, zone)), ...opt])
}

/** A pointer to the zone's name, which is the end of the question's. */
function zonePointer(query: Query, labelsBefore: number): Buffer {
  const before = query.labels.slice(0, labelsBefore).reduce((sum, label) => sum + 1 + label.length, 0)
  return pointer(HEADER_BYTES + before)
}

function pointer(offset: number): Buffer {
  return Buffer.from([0xc0 | (offset >> 8), offset & 0xff])
}

function writeRecord(record: Rec, zone: Buffer): Buffer {
  const owner = record.owner === 'asked' ? pointer(HEADER_BYTES) : writeName(record.owner, zone)
  const data = Buffer.concat(
    record.data.map((part) => (Buffer.isBuffer(part) ? part : writeName(part, zone))),
  )
  const head = Buffer.alloc(10)
  head.writeUInt16BE(record.type, 0)
  head.writeUInt16BE(CLASS_IN, 2)
  head.writeUInt32BE(record.ttl, 4)
  head.writeUInt16BE(data.length, 8)
  return Buffer.concat([owner, head, data])
}

/** Only names that are written in this folder's code come here: short ASCII labels. */
function writeName(labels: Relative, zone: Buffer): Buffer {
  const parts = labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]))
  return Buffer.concat([...parts, zone])
}
