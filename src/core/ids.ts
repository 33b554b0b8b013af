import type { Random } from './ports.ts'

/** Crockford's base 32: no I, L, O, U, so that ids can be read aloud. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * An id that sorts by time: 9 characters of epoch ms, then 13 random ones (65 bits, so that ids made in one
 * millisecond by several hubs do not meet).
 */
export function newId(now: number, random: Random): string {
  let time = ''
  for (let rest = now, i = 0; i < 9; i++) {
    time = `${ALPHABET[rest % 32]}${time}`
    rest = Math.floor(rest / 32)
  }
  const bits = BigInt(`0x${random.hex(9)}`)
  let tail = ''
  for (let rest = bits, i = 0; i < 13; i++) {
    tail += ALPHABET[Number(rest & 31n)]
    rest >>= 5n
  }
  return time + tail
}

/** How cards name a check: the last six characters of its id, in two groups that can be read aloud. */
export function shortId(id: string): string {
  const tail = id.slice(-6).toUpperCase()
  return `${tail.slice(0, 3)}-${tail.slice(3)}`
}
