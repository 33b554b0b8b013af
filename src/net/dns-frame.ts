import { MAX_REPLY_BYTES } from './dns-guard.ts'
import { HEADER_BYTES } from './dns-wire.ts'

/** What the bytes so far amount to. */
export type Frame =
  | { readonly state: 'more' }
  | { readonly state: 'refused'; readonly why: string }
  | { readonly state: 'whole'; readonly message: Buffer }

/**
 * Collects the first message of a TCP stream: two bytes of length, then the message (RFC 7766 8). A length that no
 * answer of ours has is refused before anything is collected.
 */
export function frameReader(): { take(chunk: Buffer): Frame } {
  let held: Buffer = Buffer.alloc(0)
  return {
    take(chunk) {
      held = Buffer.concat([held, chunk])
      if (held.length < 2) return { state: 'more' }
      const length = held.readUInt16BE(0)
      if (length < HEADER_BYTES) return { state: 'refused', why: 'a frame shorter than a header' }
      if (length > MAX_REPLY_BYTES.tcp) return { state: 'refused', why: 'a frame larger than allowed' }
      if (held.length < 2 + length) return { state: 'more' }
      return { state: 'whole', message: held.subarray(2, 2 + length) }
    },
  }
}
