import { outside } from '../../cards/text.ts'
import { WEEKDAYS } from '../../cards/wording.ts'
import { type DigestPlan, EVERY_DAY, WORK_DAYS } from '../../core/digest.ts'
import { t } from '../../core/t.ts'
import { timeOfDay, zoneSaid } from '../clock-words.ts'
import { fold, MAX_COMMAND_LENGTH, tidy, type Words } from '../words.ts'

/** What was typed or filled in, part by part. Outside text; empty where nothing was said. */
export interface PlanSaid {
  readonly which: string
  readonly days: string
  readonly time: string
  readonly zone: string
  readonly mode: string
}

export const NO_PLAN: PlanSaid = { which: '', days: '', time: '', zone: '', mode: '' }

/** Words that join others and say nothing. */
const FILLERS = ['at', 'and', 'on', 'every', 'only', 'in']
const MODES = ['full', 'changes', 'only-changes']

/** Reads `<days> <time> [zone] [full] [for <offices> [full]]` from the word `from` on; never refuses. */
export function saidInWords({ words, folded }: Words, from: number): PlanSaid {
  const at = folded.findIndex((word, index) => index >= from && (word === 'for' || word === 'of'))
  const end = at < 0 ? words.length : at
  const parts = { days: [] as string[], time: [] as string[], zone: [] as string[], mode: [] as string[] }
  for (const word of words.slice(from, end)) {
    const part = partOf(word)
    if (part !== null) parts[part].push(word)
  }
  const which = at < 0 ? [] : words.slice(at + 1)
  while (which.length > 1 && MODES.includes(fold(which.at(-1) ?? ''))) {
    parts.mode.push(which.pop() ?? '')
    if (fold(which.at(-1) ?? '') === 'only' && which.length > 1) which.pop()
  }
  return {
    which: which.join(' '),
    days: parts.days.join(' '),
    time: parts.time.join(' '),
    zone: parts.zone.join(' '),
    mode: parts.mode.join(' '),
  }
}

function partOf(word: string): 'days' | 'time' | 'zone' | 'mode' | null {
  const said = fold(word)
  if (FILLERS.includes(said)) return null
  if (MODES.includes(said)) return 'mode'
  if (/^\d/.test(said)) return 'time'
  if (said.includes('/') || said === 'utc' || said === 'gmt') return 'zone'
  return 'days'
}

/** What a form sent. */
export function saidInForm(inputs: Readonly<Record<string, string>>): PlanSaid {
  const textOf = (name: keyof PlanSaid) =>
    tidy((Object.hasOwn(inputs, name) ? (inputs[name] ?? '') : '').slice(0, MAX_COMMAND_LENGTH))
  return {
    which: textOf('which'),
    days: textOf('days'),
    time: textOf('time'),
    zone: textOf('zone'),
    mode: textOf('mode'),
  }
}

/** A plan, or what is to be written instead, a sentence for each part that is wrong. The offices are not looked at. */
export function planOf(
  said: PlanSaid,
  localZone: string,
): { readonly plan: DigestPlan } | { readonly problems: readonly string[] } {
  const days = daysOf(said.days)
  const time = timeOf(said.time)
  const timeZone = zoneSaid(said.zone, localZone)
  const mode = modeOf(said.mode)
  const problems = [days, time, timeZone, mode].flatMap((part) => ('problem' in part ? [part.problem] : []))
  if ('problem' in days || 'problem' in time || 'problem' in timeZone || 'problem' in mode)
    return { problems }
  const selector = said.which === '' ? 'all' : said.which
  return {
    plan: { selector, days: days.value, time: time.value, timeZone: timeZone.value, mode: mode.value },
  }
}

type Part<T> = { readonly value: T } | { readonly problem: string }

const DAY_SETS: Readonly<Record<string, readonly number[]>> = {
  daily: EVERY_DAY,
  day: EVERY_DAY,
  weekdays: WORK_DAYS,
  weekday: WORK_DAYS,
  weekends: [6, 7],
}

/** `mon`, `Monday`, `mondays`: at least three letters, so that nothing is guessed. */
function dayOf(word: string): readonly number[] | null {
  const set = Object.hasOwn(DAY_SETS, word) ? DAY_SETS[word] : undefined
  if (set) return set
  const name = word.replace(/s$/, '')
  const at = WEEKDAYS.findIndex((day) => name.length >= 3 && day.toLowerCase().startsWith(name))
  return at >= 0 ? [at + 1] : null
}

function daysOf(said: string): Part<readonly number[]> {
  const words = fold(said)
    .split(/[\s,;+&]+/)
    .filter((word) => word !== '' && !FILLERS.includes(word))
  if (words.length === 0)
    return { problem: t`Say on which days: daily, weekdays, or names such as mon, thu.` }
  const days = words.map((word) => ({ word, days: dayOf(word) }))
  const unknown = days.find((day) => day.days === null)
  if (unknown) {
    return {
      problem: t`I do not know ${outside(unknown.word)} here. Days are daily, weekdays, or names such as mon, thu; a time zone has its full name, such as Europe/London.`,
    }
  }
  const chosen = new Set(days.flatMap((day) => day.days ?? []))
  return { value: EVERY_DAY.filter((day) => chosen.has(day)) }
}

function timeOf(said: string): Part<string> {
  if (said === '') return { problem: t`Say at what time, such as 08:00 or 17:30.` }
  const time = timeOfDay(said)
  return time === null
    ? { problem: t`${outside(said)} is no time of day. Write hours and minutes, such as 08:00 or 17:30.` }
    : { value: time }
}

function modeOf(said: string): Part<DigestPlan['mode']> {
  const mode = fold(said)
  if (mode === 'full') return { value: 'full' }
  if (['', 'changes', 'only-changes'].includes(mode)) return { value: 'changes' }
  return { problem: t`A digest is full or of changes, not ${outside(said)}.` }
}
