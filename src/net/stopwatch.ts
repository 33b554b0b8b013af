/** Monotonic time in ms with fractions, straight from the kernel's clock: the first and last act of every timing. */
export function stampMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** Ms that are left of one budget; never below one, so that the last step ends by its own timer. */
export function countdown(timeoutMs: number): () => number {
  const began = stampMs()
  return () => Math.max(1, timeoutMs - (stampMs() - began))
}
