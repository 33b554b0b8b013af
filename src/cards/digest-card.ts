import digestTemplate from '../../cards/digest.template.json' with { type: 'json' }
import {
  CHANGES,
  type Digest,
  type DigestKind,
  type DigestPlan,
  type DigestRow,
  EVERY_DAY,
  WORK_DAYS,
} from '../core/digest.ts'
import { t } from '../core/t.ts'
import type { CriterionId, Readiness } from '../core/verdict.ts'
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { cutList } from './cut-list.ts'
import { decidedText } from './decided-text.ts'
import { officeRow } from './office-rows.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { outside, spoken } from './text.ts'
import {
  clockText,
  countText,
  dateText,
  earlierText,
  type Glyph,
  listText,
  momentText,
  NEVER_CHECKED,
  READINESS_GLYPHS,
  READINESS_WORDS,
  spanText,
  TOO_OLD,
  WEEKDAY_NAMES,
  weekdayText,
  worstCriterion,
  zoneText,
} from './wording.ts'

const TEMPLATE = compileTemplate('digest', digestTemplate)

/** Rows of one digest: what does not fit a glance is not read, and `status` shows the rest. */
export const ROWS_MAX = 10

/** Limits and attestations that one row tells of: more are in `limit list`. */
const DECIDED_MAX = 2

/** Beyond this a weekday could be that of another week. */
const WEEKDAY_MS = 6 * 24 * 3600_000

/** A digest as it is posted. */
export interface DigestView {
  readonly digest: Digest
  readonly plan: DigestPlan
  /** Whether it comes by itself; not given: it does. */
  readonly isScheduled?: boolean
  /** When it was made, epoch ms. */
  readonly at: number
  /** When it was due, epoch ms, where it comes so late that it has to say so; null: in time, or asked for. */
  readonly lateSince: number | null
  /** It may have been posted before: nobody knows. */
  readonly again?: boolean
  readonly buttons?: readonly CardButton[]
}

const HEADINGS: Readonly<Record<DigestKind, string>> = {
  'newly-failing': t`Newly failing`,
  'newly-fixed': t`Newly ready`,
  'newly-unproven': t`No longer proven`,
  'still-failing': t`Still failing, longest first`,
  'no-data': t`No data`,
  'still-unproven': t`Still unproven`,
  'still-ready': t`Ready`,
}

/** What changed since the digest before: the first line is the answer, then at most ten offices, then the rest counted. */
export function digestCard(view: DigestView): RenderedCard {
  const { digest, plan, at } = view
  const { timeZone } = plan
  const title = titleOf(view)
  const lead = leadOf(view)
  const rows = rowsShown(view).map((row, index, all) => ({
    ...officeRow(row.office, index, signOf(row), saysOf(row, at, timeZone)),
    heading: headingOf(row.kind, all),
    hasHeading: all[index - 1]?.kind !== row.kind,
  }))
  const unchanged = rows.length === 0 ? '' : asBefore(view)
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}. ${lead}`),
    kind: 'digest',
    ...bandData(title, lead, `${momentText(at, timeZone)}, ${zoneText(timeZone)}`),
    offices: cutList(rows, ROWS_MAX),
    unchanged,
    hasUnchanged: unchanged !== '',
    ...footData(
      view.isScheduled === false ? t`not scheduled here` : t`digest ${planText(plan)}`,
      digest.oldestAt === null || rows.length === 0
        ? ''
        : t`oldest evidence ${earlierText(digest.oldestAt, at)}`,
    ),
    buttons: buttonData(view.buttons),
  })
}

/** A plan in words: `daily at 08:00, London time, of all offices`. */
export function planText({ days, time, timeZone, selector, mode }: DigestPlan): string {
  const of = selector.toLowerCase() === 'all' ? t`of all offices` : t`of ${outside(selector)}`
  return t`${daysText(days)} at ${time}, ${zoneText(timeZone)}, ${of}${mode === 'full' ? t`, in full` : ''}`
}

/** Days of the week in words: `daily`, `Monday to Friday`, `Monday and Thursday`. */
export function daysText(days: readonly number[]): string {
  const are = (some: readonly number[]) =>
    some.length === days.length && some.every((day) => days.includes(day))
  if (are(EVERY_DAY)) return 'daily'
  if (are(WORK_DAYS)) return t`Monday to Friday`
  return listText(
    days.map((day) => WEEKDAY_NAMES[day - 1] ?? ''),
    EVERY_DAY.length,
  )
}

/** The criterion to ask about for a row: what began to fail, else the worst; null where nothing is known. */
export function criterionToAsk({ fresh, latest }: DigestRow): CriterionId | null {
  return fresh[0] ?? (latest === null ? null : worstCriterion(latest.rulings))
}

/** The first row that a digest shows and that somebody could ask about. */
export function rowToAsk(digest: Digest): DigestRow | null {
  return (
    digest.rows.find((row) => row.kind !== 'newly-fixed' && row.kind !== 'no-data' && criterionToAsk(row)) ??
    null
  )
}

function titleOf({ digest, plan, at }: DigestView): string {
  const { offices, changed, sinceAt } = digest
  if (offices === 0) return t`No office to tell about`
  const count = (wanted: DigestKind) => digest.rows.filter(({ kind }) => kind === wanted).length
  const all = countText(offices, 'office')
  const noData = count('no-data')
  // What nobody knows is never told as if it were well.
  if (noData === offices) return t`No data about ${all}`
  const without = noData === 0 ? '' : t`, ${noData} of ${all} without data`
  if (sinceAt === null) {
    const failing = count('still-failing')
    return failing === 0
      ? `${noData === 0 ? t`None of ${all} fails` : t`None is known to fail`}${without}`
      : t`${failing} of ${all} ${failing === 1 ? t`fails` : t`fail`}`
  }
  const since = sinceText(sinceAt, at, plan.timeZone)
  return changed === 0
    ? t`Nothing changed since ${since}${without}`
    : t`${changed} of ${all} changed since ${since}`
}

function leadOf(view: DigestView): string {
  const { digest, plan, at, lateSince, again } = view
  const sentences: string[] = []
  if (lateSince !== null) {
    sentences.push(
      t`Late: it was due on ${momentText(lateSince, plan.timeZone)}, when Doorstep could not send.`,
    )
  }
  if (again) sentences.push(t`Nobody knows whether it was sent before, so it may be here twice.`)
  if (digest.offices === 0) {
    sentences.push(
      t`Nothing that you may see goes by ${outside(plan.selector)} any more. Change the schedule.`,
    )
  } else if (digest.sinceAt === null) {
    sentences.push(t`This is the first digest, so there is nothing to compare with.`)
  }
  if (digest.offices > 0 && rowsShown(view).length === 0) {
    const oldest =
      digest.oldestAt === null
        ? ''
        : t`The oldest evidence is ${spanText(Math.max(0, at - digest.oldestAt))} old.`
    sentences.push(`${asBefore(view)} ${oldest}`)
  }
  return sentences.join(' ')
}

/**
 * What is listed: in a digest of changes never what is as unproven as before, and when nothing changed only what has no
 * data: nobody knows whether that changed.
 */
function rowsShown({ digest, plan }: DigestView): readonly DigestRow[] {
  if (plan.mode === 'full') return digest.rows
  if (digest.sinceAt !== null && digest.changed === 0) {
    return digest.rows.filter(({ kind }) => kind === 'no-data')
  }
  return digest.rows.filter(({ kind }) => kind !== 'still-unproven')
}

/** Everything that is not listed, counted in one sentence. */
function asBefore(view: DigestView): string {
  const { digest } = view
  const shown = rowsShown(view)
  const left = (kind: DigestKind) =>
    digest.rows.filter((row) => row.kind === kind && !shown.includes(row)).length
  const counts = [
    [left('still-failing'), READINESS_WORDS['not-ready']],
    [left('still-unproven'), READINESS_WORDS.unproven],
    [digest.unchanged, READINESS_WORDS.ready],
  ] as const
  const said = counts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]))
  if (said.length === 0) return ''
  return digest.sinceAt === null ? `${listText(said)}.` : t`As before: ${listText(said)}.`
}

function headingOf(kind: DigestKind, all: readonly DigestRow[]): string {
  return `${HEADINGS[kind]}: ${all.filter((row) => row.kind === kind).length}`
}

function signOf({ kind, latest }: DigestRow): Glyph & { readonly word: string } {
  if (latest === null) return NEVER_CHECKED
  if (kind === 'no-data') return TOO_OLD
  return { ...READINESS_GLYPHS[latest.readiness], word: READINESS_WORDS[latest.readiness] }
}

const STANDING: Readonly<Record<Readiness, string>> = {
  ready: t`Ready`,
  'not-ready': t`Not ready`,
  unproven: t`Unproven`,
}

function saysOf(row: DigestRow, at: number, timeZone: string): string {
  const { kind, latest, since } = row
  if (latest === null) return t`No check of it has ended yet.`
  if (kind === 'no-data') {
    return t`It was ${READINESS_WORDS[latest.readiness]} when it was last checked, ${earlierText(latest.at, at)}.`
  }
  const decided = row.decided.slice(0, DECIDED_MAX).map((one) => decidedText(one, timeZone))
  if (kind === 'newly-fixed') return [t`Every required criterion passes.`, ...decided].join(' ')
  const criterion = criterionToAsk(row)
  const because = latest.rulings.find((ruling) => ruling.criterion === criterion)?.because ?? ''
  const age =
    since === null || CHANGES.includes(kind)
      ? ''
      : t`${STANDING[latest.readiness]} for ${spanText(Math.max(0, at - since))}.`
  return [because, ...decided, age].filter((text) => text !== '').join(' ')
}

/** `Monday` within a week, the time within a day, else the date. */
function sinceText(at: number, now: number, timeZone: string): string {
  if (dateText(at, timeZone) === dateText(now, timeZone)) return clockText(at, timeZone)
  if (now - at > WEEKDAY_MS) return dateText(at, timeZone)
  return weekdayText(at, timeZone)
}
