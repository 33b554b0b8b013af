import { outside } from '../../cards/text.ts'
import { WEEKDAYS } from '../../cards/wording.ts'
import { t } from '../../core/t.ts'
import { dayAt, endOfDay, instantAt } from '../../core/zoned-day.ts'
import { timeOfDay } from '../clock-words.ts'
import { fold, tidy } from '../words.ts'

const HOUR_MS = 3600_000
const DAY_MS = 24 * HOUR_MS

/** Alerts that nobody hears for longer are better stopped: a move of a carrier takes weeks, not months. */
const MOST_DAYS = 31

/** Words that join others and say nothing. */
const FILLERS = ['at', 'on', 'for', 'until', 'next', 'this', 'the', 'end', 'of']

const EXAMPLES = 'Friday 18:00, tomorrow 08:00, 2026-12-01, or 4 h'

/**
 * Reads until when in the words of people: a day, a time or both, on the clocks of a zone (`Friday 18:00`, `2026-12-01`,
 * `18:00`, `tomorrow`), or how long (`4 h`, `2 days`). A day alone holds to its end. Epoch ms, or a sentence that says what
 * was wrong.
 */
export function readWhen(
  text: string,
  { now, timeZone }: { readonly now: number; readonly timeZone: string },
): number | { readonly problem: string } {
  const typed = tidy(text)
  if (typed === '') return { problem: t`Say until when, for example: ${EXAMPLES}.` }
  const until = spanFrom(typed, now) ?? momentOf(typed, now, timeZone)
  if (until === null) {
    return { problem: t`${outside(typed)} is no time I know. Say for example: ${EXAMPLES}.` }
  }
  if (until <= now) return { problem: t`${outside(typed)} is over. Say a time to come.` }
  if (until > now + MOST_DAYS * DAY_MS) {
    return { problem: t`${outside(typed)} is too far away: a freeze holds for ${MOST_DAYS} days at most.` }
  }
  return until
}

function spanFrom(typed: string, now: number): number | null {
  const [, count, unit] = /^(\d{1,3}) ?(h|hours?|d|days?)$/.exec(fold(typed)) ?? []
  if (count === undefined || unit === undefined) return null
  return now + Number(count) * (unit.startsWith('h') ? HOUR_MS : DAY_MS)
}

function momentOf(typed: string, now: number, timeZone: string): number | null {
  const words = fold(typed)
    .split(/[\s,]+/)
    .filter((word) => word !== '' && !FILLERS.includes(word))
  const times = words.flatMap((word) => timeOfDay(word) ?? [])
  const days = words.filter((word) => timeOfDay(word) === null)
  const [time] = times
  const [word] = days
  if (times.length > 1 || days.length > 1) return null
  if (word === undefined) return time === undefined ? null : nextTime(time, now, timeZone)
  const date = dateIn(word, now, timeZone)
  if (date === null) return null
  return time === undefined ? endOfDay(date, timeZone) : instantAt(date, time, timeZone)
}

/** Today at that time, or tomorrow where that is over. */
function nextTime(time: string, now: number, timeZone: string): number | null {
  const today = instantAt(dayAt(now, timeZone), time, timeZone)
  return today !== null && today > now ? today : instantAt(dayAfter(now, 1, timeZone), time, timeZone)
}

function dateIn(word: string, now: number, timeZone: string): string | null {
  if (/^\d{4}-\d{2}-\d{2}$/.test(word)) return word
  if (word === 'today' || word === 'tonight') return dayAt(now, timeZone)
  if (word === 'tomorrow') return dayAfter(now, 1, timeZone)
  const wanted = WEEKDAYS.findIndex((day) => word.length >= 3 && day.toLowerCase().startsWith(word))
  if (wanted < 0) return null
  const [year = 0, month = 1, day = 1] = dayAt(now, timeZone).split('-').map(Number)
  const today = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7
  // On a Friday, `Friday` is today: whoever means next week says its date.
  return dayAfter(now, (wanted - today + 7) % 7, timeZone)
}

function dayAfter(now: number, days: number, timeZone: string): string {
  const [year = 0, month = 1, day = 1] = dayAt(now, timeZone).split('-').map(Number)
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10)
}
