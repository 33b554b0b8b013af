const DAY_MS = 24 * 60 * 60 * 1000

/** A day in a zone as instants, epoch ms: `from` belongs to it, `to` is the first of the next. */
export interface Day {
  readonly from: number
  readonly to: number
}

/** How far a zone's clock is ahead of UTC at an instant, in ms. Made once per zone: a format costs more than its use. */
function offsetIn(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
  }
}

/** Midnight at which a wall clock shows `wall` (a UTC midnight taken as local time). Days may have 23 or 25 hours. */
function instantOf(wall: number, offset: (at: number) => number): number {
  const near = wall - offset(wall)
  return wall - offset(near)
}

/** The last `count` days in a zone up to the one of `now`, oldest first. */
export function lastDays(now: number, count: number, timeZone: string): readonly Day[] {
  const offset = offsetIn(timeZone)
  const wall = now + offset(now)
  const today = wall - (wall % DAY_MS)
  return Array.from({ length: count }, (_, index) => {
    const start = today - (count - 1 - index) * DAY_MS
    return { from: instantOf(start, offset), to: instantOf(start + DAY_MS, offset) }
  })
}

/** A day written as `2026-11-01`, in a zone; null when there is no such day. */
export function dayOf(text: string, timeZone: string): Day | null {
  const wall = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(wall) || new Date(wall).toISOString().slice(0, 10) !== text) return null
  const offset = offsetIn(timeZone)
  return { from: instantOf(wall, offset), to: instantOf(wall + DAY_MS, offset) }
}
