import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Props } from '../core/table-store.ts'

/** First byte of packed bytes: the format's version. */
const FORMAT = 1

/** Bytes per property: Azure Tables allows 65,536, and the first property spends one on the version. */
const CHUNK = 64_000

/** Properties that one packed value may take: 12 x 64 KB stay below the 1 MiB of an entity. */
const MAX_CHUNKS = 12

/** Inflated size in bytes that is believed: a damaged row must not take the hub's memory. */
const MAX_INFLATED = 16 * 1024 * 1024

/** A value that does not fit into one row even when packed. */
export class TooLargeToPack extends Error {
  override readonly name = 'TooLargeToPack'
}

/**
 * A JSON value as deflated bytes in the properties d, d1, d2 and so on: a fifth of its size as text, and no 64 KB limit.
 * What is kept for a short time only is deflated in half the time, and a seventh larger.
 */
export function pack(value: unknown, kept: 'long' | 'short' = 'long'): Props {
  const level = kept === 'long' ? constants.Z_DEFAULT_COMPRESSION : constants.Z_BEST_SPEED
  const body = deflateRawSync(Buffer.from(JSON.stringify(value), 'utf8'), { level })
  const bytes = Buffer.concat([Buffer.from([FORMAT]), body])
  const count = Math.ceil(bytes.length / CHUNK)
  if (count > MAX_CHUNKS) throw new TooLargeToPack(`packed value of ${bytes.length} bytes`)
  const props: Record<string, Uint8Array> = {}
  for (let at = 0; at < count; at++) {
    props[nameOf(at)] = new Uint8Array(bytes.subarray(at * CHUNK, (at + 1) * CHUNK))
  }
  return props
}

/** Names of all properties that {@link pack} may write: what a replaced value must clear when it got shorter. */
export const PACKED_NAMES: readonly string[] = Array.from({ length: MAX_CHUNKS }, (_, at) => nameOf(at))

function nameOf(at: number): string {
  return at === 0 ? 'd' : `d${at}`
}

/** Reads what {@link pack} wrote; undefined when the row holds nothing readable (never written, damaged, newer format). */
export function unpack(props: Props): unknown {
  const chunks: Uint8Array[] = []
  for (const name of PACKED_NAMES) {
    const chunk = props[name]
    if (!(chunk instanceof Uint8Array)) break
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  if (bytes[0] !== FORMAT) return undefined
  try {
    return JSON.parse(inflateRawSync(bytes.subarray(1), { maxOutputLength: MAX_INFLATED }).toString('utf8'))
  } catch {
    return undefined
  }
}
