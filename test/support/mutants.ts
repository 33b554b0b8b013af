/** Numbers in [0, 1) that repeat for a seed (mulberry32): a mutant that breaks something can be made again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Bytes that mean something to length fields, pointers and tags more often than others do. */
const TELLING = [0, 1, 2, 4, 12, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff]

/** A copy with one to six changes: a byte set, a bit turned, the end cut, bytes put in, taken out or said twice. */
export function mutant(bytes: Uint8Array, random: () => number): Buffer {
  const below = (limit: number): number => Math.floor(random() * limit)
  let out = Buffer.from(bytes)
  for (let left = 1 + below(6); left > 0; left--) {
    const at = below(out.length + 1)
    const byte = random() < 0.5 ? (TELLING[below(TELLING.length)] ?? 0) : below(256)
    switch (below(12)) {
      case 0:
        out = out.subarray(0, at)
        break
      case 1:
        out = Buffer.concat([out.subarray(0, at), Buffer.from([byte]), out.subarray(at)])
        break
      case 2:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at + 1 + below(4))])
        break
      case 3:
        out = Buffer.concat([out, out.subarray(at)])
        break
      case 4:
      case 5:
        if (at < out.length) out[at] = (out[at] ?? 0) ^ (1 << below(8))
        break
      default:
        if (at < out.length) out[at] = byte
    }
  }
  return out
}
