import alertTemplate from '../../cards/alert.template.json' with { type: 'json' }
import {
  ALERT_KINDS,
  type Alert,
  type AlertKind,
  type AlertPlan,
  type AlertRow,
  isOver,
  overAt,
} from '../core/alert.ts'
import { t } from '../core/t.ts'
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { cutList } from './cut-list.ts'
import { decidedText } from './decided-text.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { rowData } from './rows.ts'
import { outside, spoken } from './text.ts'
import { TROUBLE_SAYS, TROUBLE_WORDS } from './trouble-words.ts'
import {
  CRITERION_TITLES,
  countText,
  type Glyph,
  listText,
  momentText,
  spanText,
  VERDICT_GLYPHS,
  zoneText,
} from './wording.ts'

const TEMPLATE = compileTemplate('alert', alertTemplate)

/** Rows of one alert: more of one cause is a number, and `status` shows them all. */
const ROWS_MAX = 10

/** Addresses that are named in one sentence; the rest is counted. */
const ADDRESSES_MAX = 3

/** What each kind of alert is called where people choose among them. */
export const ALERT_TITLES: Readonly<Record<AlertKind, string>> = {
  'not-ready': t`an office turns not ready`,
  silent: t`a runner falls silent`,
  egress: t`an office leaves by another address`,
  endpoints: t`Microsoft’s endpoints change and something must be let through`,
  trouble: t`Doorstep itself is in trouble`,
}

const LEFT = t`Its office or runner is gone, or these alerts are about others now.`

/** An alert as it stands in the chat. */
export interface AlertView {
  readonly alert: Alert
  readonly timeZone: string
  /** It may have been posted before: nobody knows. */
  readonly again?: boolean
  readonly buttons?: readonly CardButton[]
}

/** One card per cause: what is wrong and since when; edited in place until it is over. */
export function alertCard({ alert, timeZone, again, buttons }: AlertView): RenderedCard {
  const over = isOver(alert)
  const watched = alert.rows.filter(({ isLeft }) => isLeft !== true)
  const isLeft = watched.length === 0
  const told = isLeft ? alert : { ...alert, rows: watched }
  const title = isLeft ? t`What this told of is no longer watched here` : titleOf(told)
  const lead = [
    ...(again ? [t`Nobody knows whether it was sent before, so it may be here twice.`] : []),
    isLeft ? LEFT : over ? t`It lasted ${spanText(overAt(told) - startOf(told))}.` : meaningOf(told),
  ].join(' ')
  const glyph = isLeft
    ? VERDICT_GLYPHS['not-applicable'].glyph
    : over
      ? VERDICT_GLYPHS.pass.glyph
      : VERDICT_GLYPHS.fail.glyph
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}. ${lead}`),
    kind: 'alert',
    ...bandData(`${glyph} ${title}`, lead, whenText(alert, timeZone)),
    rows: cutList(
      alert.rows.map((row, index) =>
        rowData(`at-${index + 1}`, signOf(row), nameOf(row), saysOf(row, timeZone)),
      ),
      ROWS_MAX,
    ),
    ...footData(t`alert: ${ALERT_TITLES[alert.kind]}`),
    buttons: buttonData(buttons),
  })
}

/** A plan in words: `about all offices, when a runner falls silent; quiet from 22:00 to 07:00, London time`. */
export function alertPlanText({ selector, kinds, quiet, timeZone }: AlertPlan): string {
  const of = selector.toLowerCase() === 'all' ? t`about all offices` : t`about ${outside(selector)}`
  const hours = quiet === null ? '' : t`; quiet from ${quiet.from} to ${quiet.to}, ${zoneText(timeZone)}`
  const what =
    kinds.length === ALERT_KINDS.length
      ? t`anything turns wrong`
      : orText(kinds.map((kind) => ALERT_TITLES[kind]))
  return t`${of}, when ${what}${hours}`
}

/** `one`, `one or two`, `one, two or three`. */
function orText(titles: readonly string[]): string {
  const last = titles.at(-1) ?? ''
  return titles.length <= 1 ? last : t`${titles.slice(0, -1).join(', ')} or ${last}`
}

function titleOf(alert: Alert): string {
  const [first, ...more] = alert.rows
  if (first === undefined) return t`Nothing is wrong`
  const over = isOver(alert)
  const some = countText(alert.rows.length, 'office')
  const { facts } = first
  switch (facts.kind) {
    case 'not-ready': {
      const who = more.length === 0 ? outside(facts.office.name) : some
      if (over) return t`What failed in ${who} passes again`
      return t`${who} ${more.length === 0 ? t`is` : t`are`} not ready`
    }
    case 'silent': {
      const all = !over && alert.rows.every((row) => row.facts.kind === 'silent' && row.facts.all)
      const who =
        more.length === 0
          ? t`Runner ${outside(facts.runner)}`
          : t`${all ? t`All ` : ''}${countText(alert.rows.length, 'runner')}`
      const verb = more.length === 0 ? t`is` : t`are`
      return over ? t`${who} ${verb} heard of again` : t`${who} ${verb} silent`
    }
    case 'egress': {
      const who = more.length === 0 ? outside(facts.office.name) : some
      const verb = more.length === 0 ? t`leaves` : t`leave`
      return over ? t`${who} ${verb} by a known address again` : t`${who} ${verb} by another address`
    }
    case 'endpoints':
      return over
        ? t`Every office was checked with the new endpoints`
        : t`New endpoints must be let through by ${facts.effectiveOn}`
    case 'trouble':
      return over ? TROUBLE_WORDS[facts.word].over : TROUBLE_WORDS[facts.word].now(facts.count)
  }
}

/** What follows from it, and what to look at first. */
function meaningOf({ rows }: Alert): string {
  const facts = rows[0]?.facts
  switch (facts?.kind) {
    case undefined:
      return ''
    case 'not-ready':
      return rows.length > 1
        ? t`They fail the same: ${criteriaText(facts.failing)}. Look for one cause.`
        : t`It fails ${criteriaText(facts.failing)}.`
    case 'silent':
      return rows.length > 1 && rows.every((row) => row.facts.kind === 'silent' && row.facts.all)
        ? t`That is every runner, so look at the network of Doorstep itself first.`
        : t`Nothing is learned of an office while its runners are silent.`
    case 'egress':
      return t`Rules that go by address, such as Conditional Access, no longer know the office.`
    case 'endpoints':
      return t`Set by set: say endpoints. ${countText(facts.unchecked, 'office has', 'offices have')} not been checked with the new list.`
    case 'trouble':
      return TROUBLE_WORDS[facts.word].means
  }
}

function whenText(alert: Alert, timeZone: string): string {
  const since = t`Since ${momentText(startOf(alert), timeZone)}`
  const until = isOver(alert) ? t`, until ${momentText(overAt(alert), timeZone)}` : ''
  return `${since}${until}, ${zoneText(timeZone)}`
}

function startOf({ rows }: Alert): number {
  return Math.min(...rows.map(({ since }) => since))
}

const WORDS: Readonly<Record<AlertKind, { readonly now: string; readonly over: string }>> = {
  'not-ready': { now: t`not ready`, over: t`passes again` },
  silent: { now: t`silent`, over: t`heard again` },
  egress: { now: t`changed`, over: t`known again` },
  endpoints: { now: t`to do`, over: t`checked` },
  trouble: { now: t`trouble`, over: t`over` },
}

function signOf({ facts, resolvedAt, isLeft }: AlertRow): Glyph & { readonly word: string } {
  if (isLeft) return { ...VERDICT_GLYPHS['not-applicable'], word: t`no longer watched` }
  const words = WORDS[facts.kind]
  return resolvedAt === null
    ? { ...VERDICT_GLYPHS.fail, word: words.now }
    : { ...VERDICT_GLYPHS.pass, word: words.over }
}

function nameOf({ facts }: AlertRow): string {
  switch (facts.kind) {
    case 'not-ready':
    case 'egress':
      return outside(facts.office.name)
    case 'silent':
      return outside(facts.runner)
    case 'endpoints':
      return t`List ${outside(facts.version)}`
    case 'trouble':
      return 'Doorstep'
  }
}

function saysOf({ facts, since, resolvedAt, isLeft }: AlertRow, timeZone: string): string {
  const times = resolvedAt === null || isLeft ? '' : t`It lasted ${spanText(resolvedAt - since)}.`
  switch (facts.kind) {
    case 'not-ready':
      return [
        // What was measured then is no longer so.
        resolvedAt === null ? facts.because : t`It failed ${criteriaText(facts.failing)}.`,
        ...facts.decided.map((one) => decidedText(one, timeZone)),
        times,
      ]
        .filter((text) => text !== '')
        .join(' ')
    case 'silent':
      return t`In ${outside(facts.office.name)}, last heard of ${momentText(since, timeZone)}. ${times}`
    case 'egress':
      return t`From ${addressText(facts.from)} to ${addressText(facts.to)}. ${times}`
    case 'endpoints':
      return t`${countText(facts.sets, 'set')} gained something, the first from ${facts.effectiveOn}.`
    case 'trouble':
      return [TROUBLE_SAYS[facts.word]?.(facts.count) ?? '', times].filter((text) => text !== '').join(' ')
  }
}

function criteriaText(criteria: readonly (keyof typeof CRITERION_TITLES)[]): string {
  return listText(
    criteria.map((id) => CRITERION_TITLES[id]),
    criteria.length,
  )
}

function addressText(addresses: readonly string[]): string {
  return listText(addresses.map(outside), ADDRESSES_MAX)
}
