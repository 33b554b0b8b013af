/** Reports whether a text is a time zone by its IANA name, e.g. `Europe/Paris`. Offsets such as `+02:00` are none. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(text)) return false
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: text })
    return true
  } catch {
    return false
  }
}

/** How far the clocks of a zone are ahead of UTC at an instant, ms. */
function offsetAt(at: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  })
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
}

/**
 * The last millisecond (epoch ms) of a day `yyyy-mm-dd` as the clocks of a zone show it, so that "until" holds for the
 * whole day. Null for what is no day. `timeZone` must be one that {@link isTimeZone} knows.
 */
export function endOfDay(date: string, timeZone: string): number | null {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date) ?? []
  if (year === undefined) return null
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day))
  if (new Date(midnight).toISOString().slice(0, 10) !== date) return null
  const next = new Date(midnight)
  next.setUTCDate(next.getUTCDate() + 1)
  const wall = next.getTime()
  // The offset is asked for again where the first guess fell on the other side of a change of clocks.
  const guess = wall - offsetAt(wall, timeZone)
  return wall - offsetAt(guess, timeZone) - 1
}

/**
 * The instant (epoch ms) at which the clocks of a zone show a day `yyyy-mm-dd` and a time `HH:MM`; null for what is none.
 * Of a time that comes twice the first, of one that is left out the one an hour later. `timeZone` must be one that
 * {@link isTimeZone} knows.
 */
export function instantAt(date: string, time: string, timeZone: string): number | null {
  const wall = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T${time}:00Z`) : Number.NaN
  if (Number.isNaN(wall) || new Date(wall).toISOString().slice(0, 16) !== `${date}T${time}`) return null
  const before = wall - offsetAt(wall - DAY_MS, timeZone)
  const after = wall - offsetAt(wall + DAY_MS, timeZone)
  const shows = (at: number) => at + offsetAt(at, timeZone) === wall
  return !shows(before) && shows(after) ? after : before
}

/** The day `yyyy-mm-dd` that the clocks of a zone show at an instant (epoch ms). */
export function dayAt(at: number, timeZone: string): string {
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 10)
}

const DAY_MS = 24 * 3600_000
