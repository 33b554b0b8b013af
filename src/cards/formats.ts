import { counted, LOCALE, t } from '../core/t.ts'

/** No-break space: a number and its unit, and the parts of a date, stay on one line. */
export const NBSP = '\u00A0'

const WHOLE = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 })
const TENTHS = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 })

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** A distance in km, e.g. `7,700 km`. */
export function kmText(km: number): string {
  return `${WHOLE.format(km)}${NBSP}km`
}

/** A time in ms, e.g. `4.3 ms`; whole above 100, where a tenth says nothing. */
export function msText(ms: number): string {
  return `${(ms >= 100 ? WHOLE : TENTHS).format(ms)}${NBSP}ms`
}

/** A speed in MB/s, e.g. `12 MB/s`; below 10 with what tells it from a limit, cut and never rounded up to it. */
export function mbpsText(mbps: number): string {
  return `${mbps >= 10 ? Math.floor(mbps) : Math.floor(mbps * 100) / 100}${NBSP}MB/s`
}

/** By zone that this machine knows; making one takes as long as a small card. */
const FORMATS = new Map<string, Intl.DateTimeFormat>()

/** A zone that this machine knows: a misspelt one must not cost the card. */
function knownZone(timeZone: string): string {
  if (FORMATS.has(timeZone)) return timeZone
  try {
    const format = new Intl.DateTimeFormat(LOCALE, {
      timeZone,
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    FORMATS.set(timeZone, format)
    return timeZone
  } catch {
    return 'UTC'
  }
}

function partsOf(at: number, timeZone: string): Readonly<Record<string, string>> {
  const format = FORMATS.get(knownZone(timeZone)) ?? FORMATS.get(knownZone('UTC'))
  return Object.fromEntries(format?.formatToParts(at).map((part) => [part.type, part.value]) ?? [])
}

/** The time of day of an instant (epoch ms) in a zone, e.g. `14:02`. */
export function clockText(at: number, timeZone: string): string {
  const { hour = '', minute = '' } = partsOf(at, timeZone)
  return `${hour}:${minute}`
}

/** The time of day with seconds, rounded up, e.g. `14:32:10`: something may be done from then on. */
export function secondText(at: number, timeZone: string): string {
  const up = Math.ceil(at / SECOND_MS) * SECOND_MS
  return `${clockText(up, timeZone)}:${String(new Date(up).getUTCSeconds()).padStart(2, '0')}`
}

/** The day of an instant (epoch ms) in a zone, e.g. `20 Nov 2026`. */
export function dateText(at: number, timeZone: string): string {
  const { day = '', month = '', year = '' } = partsOf(at, timeZone)
  return `${day}${NBSP}${month}${NBSP}${year}`
}

/** The day of the week of an instant (epoch ms) in a zone, e.g. `Monday`. */
export function weekdayText(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat(LOCALE, { weekday: 'long', timeZone: knownZone(timeZone) }).format(at)
}

/** As commands take them; by ISO 8601, Monday first. */
export const WEEKDAYS: readonly string[] = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
]

/** As cards show them, Monday first. */
export const WEEKDAY_NAMES: readonly string[] = [
  t`Monday`,
  t`Tuesday`,
  t`Wednesday`,
  t`Thursday`,
  t`Friday`,
  t`Saturday`,
  t`Sunday`,
]

/** Day and time of an instant (epoch ms) in a zone, e.g. `20 Nov 14:02`. */
export function momentText(at: number, timeZone: string): string {
  const { day = '', month = '' } = partsOf(at, timeZone)
  return `${day}${NBSP}${month}${NBSP}${clockText(at, timeZone)}`
}

/** Whose time a card shows, e.g. `London time`: the zone's own city, for the office's name may say nothing. */
export function zoneText(timeZone: string): string {
  const zone = knownZone(timeZone)
  const city = zone.split('/').at(-1) ?? zone
  return city === 'UTC' || city === 'GMT' ? 'UTC' : t`${city.replaceAll('_', ' ')} time`
}

/** How long a time was, e.g. `2 h 57 min`. */
export function spanText(ms: number): string {
  if (ms < MINUTE_MS) return t`less than a minute`
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)}${NBSP}min`
  if (ms < DAY_MS) {
    const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS)
    const hours = `${Math.floor(ms / HOUR_MS)}${NBSP}h`
    return minutes === 0 ? hours : `${hours}${NBSP}${minutes}${NBSP}min`
  }
  const days = Math.floor(ms / DAY_MS)
  return countText(days, 'day')
}

/** How long before the card something was, e.g. `42 min earlier`: a card stays in the chat, so never "ago". */
export function earlierText(at: number, cardAt: number): string {
  return t`${spanText(Math.max(0, cardAt - at))} earlier`
}

/** `a`, `a and b`, `a, b and c`; of more than `most` the rest is counted: `a, b and 3 more`. */
export function listText(all: readonly string[], most = 4): string {
  const shown = all.length > most ? [...all.slice(0, most - 1), t`${all.length - most + 1} more`] : [...all]
  const last = shown.pop()
  if (last === undefined) return ''
  return shown.length === 0 ? last : t`${shown.join(', ')} and ${last}`
}

/** `1 office`, `2 offices`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return counted(count, WHOLE.format(count), one, many)
}
