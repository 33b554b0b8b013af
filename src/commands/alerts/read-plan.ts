import { outside } from '../../cards/text.ts'
import { ALERT_KINDS, type AlertKind, type AlertPlan } from '../../core/alert.ts'
import { t } from '../../core/t.ts'
import { timeOfDay, zoneSaid } from '../clock-words.ts'
import { fold, MAX_COMMAND_LENGTH, tidy, type Words } from '../words.ts'

/** What was typed or filled in, part by part. Outside text; empty where nothing was said. */
export interface AlertSaid {
  readonly which: string
  readonly kinds: string
  readonly quiet: string
  readonly zone: string
}

export const NO_ALERT: AlertSaid = { which: '', kinds: '', quiet: '', zone: '' }

/** Reads `<offices> [about <kinds>] [quiet 22:00-07:00 [zone]]` from the word `from` on; never refuses. */
export function alertInWords({ words, folded }: Words, from: number): AlertSaid {
  const start = ['for', 'of', 'me'].includes(folded[from] ?? '') ? from + 1 : from
  const quiet = indexOr(folded, ['quiet'], start)
  const about = indexOr(folded.slice(0, quiet), ['about', 'when'], start)
  const hours = words.slice(quiet + 1)
  const zone = hours.filter((word) => word.includes('/') || ['utc', 'gmt'].includes(fold(word)))
  return {
    which: words.slice(start, about).join(' '),
    kinds: words.slice(about + 1, quiet).join(' '),
    quiet: hours.filter((word) => !zone.includes(word)).join(' '),
    zone: zone.join(' '),
  }
}

function indexOr(folded: readonly string[], wanted: readonly string[], from: number): number {
  const at = folded.findIndex((word, index) => index >= from && wanted.includes(word))
  return at < 0 ? folded.length : at
}

/** What a form sent. */
export function alertInForm(inputs: Readonly<Record<string, string>>): AlertSaid {
  const textOf = (name: keyof AlertSaid) =>
    tidy((Object.hasOwn(inputs, name) ? (inputs[name] ?? '') : '').slice(0, MAX_COMMAND_LENGTH))
  return { which: textOf('which'), kinds: textOf('kinds'), quiet: textOf('quiet'), zone: textOf('zone') }
}

/** A plan, or what is to be written instead, a sentence for each part that is wrong. The offices are not looked at. */
export function alertPlanOf(
  said: AlertSaid,
  localZone: string,
): { readonly plan: AlertPlan } | { readonly problems: readonly string[] } {
  const kinds = kindsOf(said.kinds)
  const quiet = quietOf(said.quiet)
  const timeZone = zoneSaid(said.zone, localZone)
  const problems = [kinds, quiet, timeZone].flatMap((part) => ('problem' in part ? [part.problem] : []))
  if ('problem' in kinds || 'problem' in quiet || 'problem' in timeZone) return { problems }
  const selector = said.which === '' ? 'all' : said.which
  return { plan: { selector, kinds: kinds.value, quiet: quiet.value, timeZone: timeZone.value } }
}

type Part<T> = { readonly value: T } | { readonly problem: string }

/** Words that people say for a kind, beside its own. */
const SAID: Readonly<Record<string, AlertKind>> = {
  'not-ready': 'not-ready',
  notready: 'not-ready',
  ready: 'not-ready',
  silent: 'silent',
  runner: 'silent',
  runners: 'silent',
  egress: 'egress',
  address: 'egress',
  addresses: 'egress',
  endpoints: 'endpoints',
  endpoint: 'endpoints',
  trouble: 'trouble',
  doorstep: 'trouble',
}

/** Words that join others and say nothing. */
const FILLERS = ['and', 'or', 'not', 'offices', 'office']

function kindsOf(said: string): Part<readonly AlertKind[]> {
  const words = fold(said)
    .split(/[\s,;+&]+/)
    .filter((word) => word !== '' && !FILLERS.includes(word))
  if (words.length === 0 || words.includes('everything') || words.includes('all')) {
    return { value: ALERT_KINDS }
  }
  const unknown = words.find((word) => !Object.hasOwn(SAID, word))
  if (unknown !== undefined) {
    return {
      problem: t`There are no alerts about ${outside(unknown)}. Say ${ALERT_KINDS.join(', ')}, or everything.`,
    }
  }
  return { value: ALERT_KINDS.filter((kind) => words.some((word) => SAID[word] === kind)) }
}

function quietOf(said: string): Part<AlertPlan['quiet']> {
  const text = fold(said)
    .replace(/\b(from|until|till)\b/g, ' ')
    .replace(/\bto\b/g, '-')
  if (['', 'none', 'never', 'no'].includes(text.trim())) return { value: null }
  const [, from, to] = /^\s*([\d:.]{4,5})\s*[-–—]\s*([\d:.]{4,5})\s*$/.exec(text) ?? []
  const [first, last] = [timeOfDay(from ?? ''), timeOfDay(to ?? '')]
  if (first === null || last === null) {
    return {
      problem: t`${outside(said)} are no hours I know. Write when they begin and end, such as 22:00-07:00.`,
    }
  }
  if (first === last) {
    return { problem: t`Quiet hours that end when they begin would be all day. Say alert stop instead.` }
  }
  return { value: { from: first, to: last } }
}
