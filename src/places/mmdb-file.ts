import { Reader, type Response } from 'mmdb-lib'
import type { Ip } from '../core/cidr.ts'

/** A database in MaxMind's format 2.0 (https://maxmind.github.io/MaxMind-DB/), of whatever records. */
export interface MmdbFile {
  /** The family that its tree is for: 6 may hold IPv4 too, below `::/96`; 4 holds nothing else. */
  readonly family: 4 | 6
  /** What its maker calls it, e.g. `DBIP-City-Lite`; empty when it does not say. */
  readonly type: string
  /** The record of an address; null when there is none, or when it cannot be read. */
  record(ip: Ip): unknown
  /** Some of its records, from the front and from all over it. */
  readonly sample: readonly unknown[]
}

type Metadata = Reader<Response>['metadata']

export type MmdbRead = { readonly ok: true; readonly file: MmdbFile } | { readonly ok: false }

/** Stands before the metadata, at the end of the file. */
const MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')

/** Zeros between the tree and the records. */
const SEPARATOR_BYTES = 16

/** Networks looked at one after the other from the front: the whole of a small file. */
const FRONT = 2_000

/** Addresses looked at all over the file, so that damage of any size is likely met at the start (a few µs each). */
const SPREAD = 1_000

/** Reports whether bytes hold what every file of this format has. */
export function looksLikeMmdb(bytes: Uint8Array): boolean {
  return bufferOf(bytes).lastIndexOf(MARKER) >= 0
}

/** Opens a database; not ok when the bytes are no such file, or were damaged on the way. */
export function openMmdb(bytes: Uint8Array): MmdbRead {
  try {
    const buffer = bufferOf(bytes)
    const reader = new Reader<Response>(buffer)
    const { metadata } = reader
    if (!isSound(buffer, metadata)) return { ok: false }
    const family = metadata.ipVersion === 4 ? 4 : 6
    return {
      ok: true,
      file: {
        family,
        type: typeof metadata.databaseType === 'string' ? metadata.databaseType : '',
        sample: sampleOf(reader, family),
        record: (ip) => recordOf(reader, family, ip),
      },
    }
  } catch {
    return { ok: false }
  }
}

/** A tree for IPv4 walks the first 32 bits of an IPv6 address and answers for somebody else, so it is not asked. */
function recordOf(reader: Reader<Response>, family: 4 | 6, ip: Ip): unknown {
  if (ip.family > family) return null
  try {
    return reader.get(textOf(ip))
  } catch {
    return null
  }
}

function isSound(
  buffer: Buffer,
  { binaryFormatMajorVersion, ipVersion, nodeCount, ...meta }: Metadata,
): boolean {
  const data = meta.searchTreeSize + SEPARATOR_BYTES
  return (
    binaryFormatMajorVersion === 2 &&
    (ipVersion === 4 || ipVersion === 6) &&
    Number.isSafeInteger(nodeCount) &&
    nodeCount > 0 &&
    data <= buffer.lastIndexOf(MARKER) &&
    buffer.subarray(meta.searchTreeSize, data).every((byte) => byte === 0)
  )
}

/** Throws where a record cannot be read. */
function sampleOf(reader: Reader<Response>, family: 4 | 6): readonly unknown[] {
  const width = family === 4 ? 32 : 128
  const found: unknown[] = []
  let value = 0n
  for (let step = 0; step < FRONT && value >> BigInt(width) === 0n; step++) {
    const [record, bits] = reader.getWithPrefixLength(textOf({ family, value }))
    if (record !== null) found.push(record)
    const rest = BigInt(width - bits)
    value = ((value >> rest) + 1n) << rest
  }
  for (let step = 1; step <= SPREAD; step++) {
    // Multiples of the golden ratio lie evenly.
    const four = Math.imul(step, 0x9e3779b1) >>> 0
    // Addresses in use are inside 2000::/3.
    const six = BigInt(0x20000000 + (four >>> 3)) << 96n
    const ips: readonly Ip[] = [
      { family: 4, value: BigInt(four) },
      { family: 6, value: six },
    ]
    for (const ip of ips.filter((one) => one.family <= family)) {
      const record = reader.get(textOf(ip))
      if (record !== null) found.push(record)
    }
  }
  return found
}

function textOf({ family, value }: Ip): string {
  const [groups, bits] = family === 4 ? [4, 8] : [8, 16]
  const parts = Array.from({ length: groups }, (_, index) =>
    Number((value >> BigInt(bits * (groups - 1 - index))) & ((1n << BigInt(bits)) - 1n)),
  )
  return family === 4 ? parts.join('.') : parts.map((part) => part.toString(16)).join(':')
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
