import { t } from '../core/t.ts'

/** Keeps a number and its unit on one line. */
const NO_BREAK = '\u00a0'

/** `7,700 km`. */
export function kmText(km: number): string {
  return `${grouped(Math.round(km))}${NO_BREAK}km`
}

/** `4.3 ms`, `25 ms`, `186 ms`: tenths below 100. */
export function msText(ms: number): string {
  const rounded = ms < 100 ? Math.round(ms * 10) / 10 : Math.round(ms)
  return `${rounded < 1000 ? String(rounded) : grouped(rounded)}${NO_BREAK}ms`
}

/** `12 MB/s`, `0.99 MB/s`: hundredths below 10, cut and never rounded up to a limit. */
export function mbpsText(mbps: number): string {
  return `${mbps >= 10 ? Math.floor(mbps) : Math.floor(mbps * 100) / 100}${NO_BREAK}MB/s`
}

/** `0.2 %`, `12 %`: tenths below 10. */
export function percentText(percent: number): string {
  return `${percent < 10 ? Math.round(percent * 10) / 10 : Math.round(percent)}${NO_BREAK}%`
}

/** `limit 800 km`, kept on one line. */
export function limitText(value: string): string {
  return t`limit\u00a0${value}`
}

const MONTHS = [
  t`Jan`,
  t`Feb`,
  t`Mar`,
  t`Apr`,
  t`May`,
  t`Jun`,
  t`Jul`,
  t`Aug`,
  t`Sep`,
  t`Oct`,
  t`Nov`,
  t`Dec`,
]

/** By zone: making one takes longer than ruling on a criterion. */
const FORMATS = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(timeZone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'numeric',
    year: 'numeric',
  })
  FORMATS.set(timeZone, format)
  return format
}

/** `1 Jun 2027` in an IANA time zone. */
export function dateText(at: number, timeZone: string): string {
  const parts = formatOf(timeZone).formatToParts(at)
  const part = (type: string) => parts.find((entry) => entry.type === type)?.value ?? ''
  return [Number(part('day')), MONTHS[Number(part('month')) - 1], part('year')].join(NO_BREAK)
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}

/**
 * A sentence without Markdown and control characters. Host names, codes and addresses come from runners; the probes
 * check them, and this holds even where one does not.
 */
export function plainSentence(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}*_[\]()~`<>\\|#]/gu, '')
}
