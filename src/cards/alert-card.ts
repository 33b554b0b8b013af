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
  'not-ready': 'an office turns not ready',
  silent: 'a runner falls silent',
  egress: 'an office leaves by another address',
  endpoints: 'Microsoft’s endpoints change and something must be let through',
  trouble: 'Doorstep itself is in trouble',
}

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
  const title = titleOf(alert)
  const lead = [
    ...(again ? ['Nobody knows whether it was sent before, so it may be here twice.'] : []),
    over ? `It lasted ${spanText(overAt(alert) - startOf(alert))}.` : meaningOf(alert),
  ].join(' ')
  const glyph = over ? VERDICT_GLYPHS.pass.glyph : VERDICT_GLYPHS.fail.glyph
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
    ...footData(`alert: ${ALERT_TITLES[alert.kind]}`),
    buttons: buttonData(buttons),
  })
}

/** A plan in words: `about all offices, when a runner falls silent; quiet from 22:00 to 07:00, London time`. */
export function alertPlanText({ selector, kinds, quiet, timeZone }: AlertPlan): string {
  const of = selector.toLowerCase() === 'all' ? 'about all offices' : `about ${outside(selector)}`
  const hours = quiet === null ? '' : `; quiet from ${quiet.from} to ${quiet.to}, ${zoneText(timeZone)}`
  const titles = kinds.map((kind) => ALERT_TITLES[kind])
  const [last] = titles.slice(-1)
  const what =
    kinds.length === ALERT_KINDS.length
      ? 'anything turns wrong'
      : [titles.slice(0, -1).join(', '), last].filter((text) => text).join(' or ')
  return `${of}, when ${what}${hours}`
}

function titleOf(alert: Alert): string {
  const [first, ...more] = alert.rows
  if (first === undefined) return 'Nothing is wrong'
  const over = isOver(alert)
  const some = countText(alert.rows.length, 'office')
  const { facts } = first
  switch (facts.kind) {
    case 'not-ready': {
      const who = more.length === 0 ? outside(facts.office.name) : some
      if (over) return `What failed in ${who} passes again`
      return `${who} ${more.length === 0 ? 'is' : 'are'} not ready`
    }
    case 'silent': {
      const all = !over && alert.rows.every((row) => row.facts.kind === 'silent' && row.facts.all)
      const who =
        more.length === 0
          ? `Runner ${outside(facts.runner)}`
          : `${all ? 'All ' : ''}${countText(alert.rows.length, 'runner')}`
      const verb = more.length === 0 ? 'is' : 'are'
      return over ? `${who} ${verb} heard of again` : `${who} ${verb} silent`
    }
    case 'egress': {
      const who = more.length === 0 ? outside(facts.office.name) : some
      const verb = more.length === 0 ? 'leaves' : 'leave'
      return over ? `${who} ${verb} by a known address again` : `${who} ${verb} by another address`
    }
    case 'endpoints':
      return over
        ? 'Every office was checked with the new endpoints'
        : `New endpoints must be let through by ${facts.effectiveOn}`
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
        ? `They fail the same: ${criteriaText(facts.failing)}. Look for one cause.`
        : `It fails ${criteriaText(facts.failing)}.`
    case 'silent':
      return rows.length > 1 && rows.every((row) => row.facts.kind === 'silent' && row.facts.all)
        ? 'That is every runner, so look at the network of Doorstep itself first.'
        : 'Nothing is learned of an office while its runners are silent.'
    case 'egress':
      return 'Rules that go by address, such as Conditional Access, no longer know the office.'
    case 'endpoints':
      return `Set by set: say endpoints. ${countText(facts.unchecked, 'office has', 'offices have')} not been checked with the new list.`
    case 'trouble':
      return TROUBLE_WORDS[facts.word].means
  }
}

function whenText(alert: Alert, timeZone: string): string {
  const since = `Since ${momentText(startOf(alert), timeZone)}`
  const until = isOver(alert) ? `, until ${momentText(overAt(alert), timeZone)}` : ''
  return `${since}${until}, ${zoneText(timeZone)}`
}

function startOf({ rows }: Alert): number {
  return Math.min(...rows.map(({ since }) => since))
}

const WORDS: Readonly<Record<AlertKind, { readonly now: string; readonly over: string }>> = {
  'not-ready': { now: 'not ready', over: 'passes again' },
  silent: { now: 'silent', over: 'heard again' },
  egress: { now: 'changed', over: 'known again' },
  endpoints: { now: 'to do', over: 'checked' },
  trouble: { now: 'trouble', over: 'over' },
}

function signOf({ facts, resolvedAt }: AlertRow): Glyph & { readonly word: string } {
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
      return `List ${outside(facts.version)}`
    case 'trouble':
      return 'Doorstep'
  }
}

function saysOf({ facts, since, resolvedAt }: AlertRow, timeZone: string): string {
  const times = resolvedAt === null ? '' : `It lasted ${spanText(resolvedAt - since)}.`
  switch (facts.kind) {
    case 'not-ready':
      return [
        // What was measured then is no longer so.
        resolvedAt === null ? facts.because : `It failed ${criteriaText(facts.failing)}.`,
        ...facts.decided.map((one) => decidedText(one, timeZone)),
        times,
      ]
        .filter((text) => text !== '')
        .join(' ')
    case 'silent':
      return `In ${outside(facts.office.name)}, last heard of ${momentText(since, timeZone)}. ${times}`
    case 'egress':
      return `From ${addressText(facts.from)} to ${addressText(facts.to)}. ${times}`
    case 'endpoints':
      return `${countText(facts.sets, 'set')} gained something, the first from ${facts.effectiveOn}.`
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
