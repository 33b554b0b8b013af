import { createHash } from 'node:crypto'

/** What keys are made of: partitions by hash, and times that sort. */

/** Partitions for what is kept per office: 16 x 2,000 entities/s is above what one account takes. Fixed forever. */
export const SHARDS = 16
/** Partitions that sweeps walk; few, because each costs a request per sweep. Fixed forever. */
export const DUE_BUCKETS = 4

const LAST_MS = 9_999_999_999_999
const TIME_DIGITS = 13

/** FNV-1a, 32 bit, over the UTF-8 bytes: small, stable across versions, and spreads short ids well. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}

/** The partition of an office, 's00' to 's0f': rows of all offices are read as 16 queries side by side. */
export function shard(officeId: string): string {
  return shardName(fnv1a(officeId) % SHARDS)
}

/** All partitions that `shard` can name, in order. */
export function allShards(): readonly string[] {
  return Array.from({ length: SHARDS }, (_, index) => shardName(index))
}

/** Time that sorts newest first, 13 digits: Azure Tables reads upwards only. `ms` is epoch ms. */
export function rev(ms: number): string {
  return time(LAST_MS - wholeMs(ms))
}

/** The inverse of `rev`, epoch ms; NaN when the text is not one. Reads the start of a longer key too. */
export function fromRev(key: string): number {
  return /^\d{13}/.test(key) ? LAST_MS - Number(key.slice(0, TIME_DIGITS)) : Number.NaN
}

/** Time that sorts oldest first, 13 digits. `ms` is epoch ms. */
export function time(ms: number): string {
  return String(wholeMs(ms)).padStart(TIME_DIGITS, '0')
}

/** 'yyyymm' in UTC, the suffix of tables that are kept for a while: a month then goes away whole, in one request. */
export function month(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7).replace('-', '')
}

/** 'yyyymmdd' in UTC. */
export function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10).replaceAll('-', '')
}

/** The months that touch [fromMs, toMs], newest first: the tables to read for a stretch of history. */
export function monthsBetween(fromMs: number, toMs: number): readonly string[] {
  const months: string[] = []
  const first = month(fromMs)
  for (const at = new Date(toMs); ; at.setUTCDate(0)) {
    const name = month(at.getTime())
    if (name < first) return months
    months.push(name)
  }
}

/** The row keys of [fromMs, toMs] in a newest-first table: the later time is the smaller key. */
export function revRange(fromMs: number, toMs: number): { readonly rkFrom: string; readonly rkTo: string } {
  // ':' is the character after '9': every key of the first millisecond is below it, whatever follows its time.
  return { rkFrom: rev(toMs), rkTo: `${rev(fromMs)}:` }
}

function shardName(index: number): string {
  return `s${index.toString(16).padStart(2, '0')}`
}

/** Lower-case hex over the UTF-8 bytes. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

function wholeMs(ms: number): number {
  if (!Number.isInteger(ms) || ms < 0 || ms > LAST_MS) throw new RangeError(`not a time in ms: ${ms}`)
  return ms
}
