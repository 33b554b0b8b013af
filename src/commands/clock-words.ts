import { outside } from '../cards/text.ts'
import { t } from '../core/t.ts'
import { isTimeZone } from '../core/zoned-day.ts'

/** A time of day as people write it (`8:00`, `17.30`), as `HH:MM`; null for what is none. */
export function timeOfDay(said: string): string | null {
  const [, hour, minute] = /^(\d|[01]\d|2[0-3])[:.]([0-5]\d)$/.exec(said) ?? []
  return hour === undefined || minute === undefined ? null : `${hour.padStart(2, '0')}:${minute}`
}

/** The time zone that was said, by its full name; nothing said is the speaker's own. A sentence where there is no such zone. */
export function zoneSaid(
  said: string,
  localZone: string,
): { readonly value: string } | { readonly problem: string } {
  if (said === '') return { value: isTimeZone(localZone) ? localZone : 'UTC' }
  if (!isTimeZone(said)) {
    return {
      problem: t`I do not know the time zone ${outside(said)}. Write its full name, such as Europe/London.`,
    }
  }
  // Cards name the zone's city: it shall be written as the table of zones does.
  const known = new Intl.DateTimeFormat('en-GB', { timeZone: said }).resolvedOptions().timeZone
  return { value: known.toLowerCase() === said.toLowerCase() ? known : said }
}
