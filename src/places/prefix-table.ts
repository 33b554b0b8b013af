import { holds, parseIp, type Range } from '../core/cidr.ts'

/** What is known of ranges of addresses. */
export interface PrefixTable<T> {
  readonly size: number
  /** What the longest prefix that holds the address says; null when none does or the text is no address. */
  find(address: string): T | null
}

interface Entry<T> {
  readonly range: Range
  readonly value: T
}

/** Rows on their way into a table. */
export interface PrefixRows<T> {
  /** Takes a row; false when the same range was taken before, whose value stays. */
  add(range: Range, value: T): boolean
  /** The table of the rows so far. */
  table(): PrefixTable<T>
}

/**
 * Gathers rows into a table, which looks a prefix length at a time, longest first: an answer takes as many steps as
 * there are lengths, not rows.
 */
export function prefixRows<T>(): PrefixRows<T> {
  const entries = new Map<string, Entry<T>>()
  return {
    add: (range, value) => {
      const key = keyOf(range.family, range.bits, range.first)
      if (entries.has(key)) return false
      entries.set(key, { range, value })
      return true
    },
    table: () => tableOf(new Map(entries)),
  }
}

function tableOf<T>(entries: ReadonlyMap<string, Entry<T>>): PrefixTable<T> {
  const lengths = [...new Set([...entries.values()].map(({ range }) => range.bits))].sort((a, b) => b - a)
  return {
    size: entries.size,
    find: (address) => {
      const ip = parseIp(address)
      if (ip === null) return null
      const width = ip.family === 4 ? 32 : 128
      for (const bits of lengths) {
        if (bits > width) continue
        const rest = BigInt(width - bits)
        const entry = entries.get(keyOf(ip.family, bits, (ip.value >> rest) << rest))
        if (entry !== undefined && holds(entry.range, ip)) return entry.value
      }
      return null
    },
  }
}

function keyOf(family: number, bits: number, first: bigint): string {
  return `${family}/${bits}/${first}`
}
