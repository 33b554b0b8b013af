import { outside } from '../../cards/text.ts'
import { t } from '../../core/t.ts'
import { endOfDay } from '../../core/zoned-day.ts'
import { plainText } from '../office/names.ts'

/** Characters of a reason: a sentence or two, as `why` shows it. */
export const REASON_MAX = 150

const DAY_MS = 24 * 3600_000

/** Reads the last day of something; a sentence where it is none, is over, or is too far off. */
export function readUntil(
  text: string,
  { now, timeZone, daysMost }: { readonly now: number; readonly timeZone: string; readonly daysMost: number },
): number | { readonly problem: string } {
  const typed = text.trim()
  if (typed === '') return { problem: t`Say until when, for example: until 2027-06-01.` }
  const until = endOfDay(typed, timeZone)
  if (until === null) {
    return { problem: t`${outside(typed)} is no day I know. Write year, month and day: 2027-06-01.` }
  }
  if (until <= now) return { problem: t`${typed} is over. Say a day to come.` }
  if (until > now + (daysMost + 1) * DAY_MS) {
    const years = daysMost > 366 ? t`two years` : 'a year'
    return { problem: t`${typed} is more than ${years} away. It must be looked at again within ${years}.` }
  }
  return until
}

/** Reads why; a sentence where there is none or it is too long. */
export function readReason(text: string): string | { readonly problem: string } {
  const reason = plainText(text)
  if (!/[\p{L}\p{N}]/u.test(reason)) return { problem: t`Say why, for example: because the line is shared.` }
  return [...reason].length <= REASON_MAX
    ? reason
    : { problem: t`The reason has ${[...reason].length} characters; at most ${REASON_MAX} fit.` }
}
