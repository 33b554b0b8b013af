/** At most one line in this time, ms, however many activities are turned away. */
export const REFUSAL_LINE_MS = 60_000

/**
 * Tells a log of activities that were turned away, by why, without letting those who are turned away write it: the
 * first at once, then one line a minute with how many there were.
 */
export function refusalLog(
  log: { warn(fields: object, message: string): void },
  now: () => number,
): (why: string) => void {
  const counts = new Map<string, number>()
  let lastLine = Number.NEGATIVE_INFINITY
  return (why) => {
    counts.set(why, (counts.get(why) ?? 0) + 1)
    if (now() - lastLine < REFUSAL_LINE_MS) return
    lastLine = now()
    log.warn({ refused: Object.fromEntries(counts) }, 'activities were turned away')
    counts.clear()
  }
}
