/** Milliseconds with two decimals: what is kept of a time. */
export function round2(ms: number): number {
  return Math.round(ms * 100) / 100
}

/** The least of the numbers; null when there are none. */
export function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values)
}

/** The median of the numbers (mean of the middle two when even), two decimals; null when there are none. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle]
  if (upper === undefined) return null
  const lower = sorted.length % 2 === 1 ? upper : (sorted[middle - 1] ?? upper)
  return round2((lower + upper) / 2)
}

/** The value that occurs most often, the earliest among equals; null when there are none. */
export function commonest<T>(values: readonly T[]): T | null {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  let best: T | null = null
  let most = 0
  for (const [value, count] of counts) {
    if (count > most) {
      best = value
      most = count
    }
  }
  return best
}

/** The distinct values, in order of first occurrence. */
export function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
