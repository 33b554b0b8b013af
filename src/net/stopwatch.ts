/** Monotonic time in ms with fractions, straight from the kernel's clock: the first and last act of every timing. */
export function stampMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
