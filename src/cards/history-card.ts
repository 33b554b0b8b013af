import historyTemplate from '../../cards/history.template.json' with { type: 'json' }
import type { Day } from '../core/days.ts'
import type { Office } from '../core/office.ts'
import type { PastCheck } from '../core/past.ts'
import { t } from '../core/t.ts'
import { CRITERIA, type CriterionId, type Verdict } from '../core/verdict.ts'
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { type RowData, rowData } from './rows.ts'
import { outside, spoken } from './text.ts'
import {
  CRITERION_TITLES,
  countText,
  dateText,
  momentText,
  msText,
  READINESS_STYLES,
  READINESS_WORDS,
  VERDICT_GLYPHS,
  VERDICT_STYLES,
  VERDICT_WORDS,
  zoneText,
} from './wording.ts'

const TEMPLATE = compileTemplate('history', historyTemplate)

/** A week is told by day, longer times in rows of several days: more rows would make a card of all criteria too large. */
const TABLE_ROWS = 7

/** Pieces of a line that are still read as one line; with more gaps the table tells more. */
const SERIES_MAX = 6

/** The checks of an office over some days. */
export interface HistoryView {
  readonly office: Pick<Office, 'name' | 'timeZone' | 'world'>
  /** The one criterion that was asked for; null: all. */
  readonly criterion: CriterionId | null
  /** The days, oldest first, and the checks that were closed in them, oldest first. */
  readonly days: readonly Day[]
  readonly checks: readonly PastCheck[]
  readonly buttons?: readonly CardButton[]
}

interface Binned {
  readonly day: Day
  readonly checks: readonly PastCheck[]
}

/** Verdicts over time: numbers in text, a line of the round trip, and the same as a table where no chart is drawn. */
export function historyCard(view: HistoryView): RenderedCard {
  const { office, checks, days, criterion } = view
  const { timeZone } = office
  const about = criterion === null ? '' : `: ${CRITERION_TITLES[criterion]}`
  const title = t`${outside(office.name)}, last ${countText(days.length, 'day')}${about}`
  const lead = leadOf(view)
  const from = dateText(days[0]?.from ?? 0, timeZone)
  const to = dateText((days.at(-1)?.to ?? 1) - 1, timeZone)
  const period = from === to ? from : t`${from} to ${to}`
  const binned = binnedBy(days, checks)
  const series = seriesOf(binned, timeZone)
  const hasChart = series.length <= SERIES_MAX && series.some(({ points }) => points.length > 1)
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}. ${lead}`),
    bandStyle: styleOf(view),
    ...bandData(title, lead, `${period} · ${countText(checks.length, 'check')} · ${zoneText(timeZone)}`),
    criteria: (criterion === null ? CRITERIA : [criterion]).flatMap((id) => criterionRow(id, view) ?? []),
    hasChart,
    chartTitle: t`Round trip to the front door, ms, median of each day`,
    series,
    hasTable: !hasChart && checks.length > 0,
    tableLabel: t`Round trip, and checks that ${criterion === null ? t`found it ready` : 'passed'}`,
    table: tableOf(binned, view),
    ...footData(
      checks.length === 0 ? '' : t`no data is not a pass`,
      office.world === null ? '' : t`demo world`,
    ),
    buttons: buttonData(view.buttons),
  })
}

function verdictsOf(id: CriterionId, checks: readonly PastCheck[]) {
  return checks.flatMap(({ at, verdicts }) => {
    const verdict = verdicts[id]
    return verdict === undefined ? [] : [{ at, verdict }]
  })
}

function styleOf({ checks, criterion }: HistoryView): string {
  const last = checks.at(-1)
  if (last === undefined) return 'emphasis'
  const verdict = criterion === null ? undefined : last.verdicts[criterion]
  return verdict === undefined ? READINESS_STYLES[last.readiness] : VERDICT_STYLES[verdict]
}

function leadOf({ checks, criterion }: HistoryView): string {
  const last = checks.at(-1)
  if (last === undefined) return t`No check in this time. No data is not a pass.`
  const trips = checks.flatMap(({ roundTripMs }) => roundTripMs ?? [])
  const trip =
    trips.length === 0
      ? t`No round trip is stored for this time.`
      : t`Round trip to the front door: median ${msText(medianOf(trips))}, worst ${msText(Math.max(...trips))}.`
  if (criterion !== null) {
    const verdict = last.verdicts[criterion]
    return t`The last check says ${verdict === undefined ? t`nothing of it` : VERDICT_WORDS[verdict]}. ${trip}`
  }
  const ready = checks.filter(({ readiness }) => readiness === 'ready').length
  return t`The last check found it ${READINESS_WORDS[last.readiness]}; ${ready} of ${countText(checks.length, 'check')} found it ready. ${trip}`
}

/** The verdict now, and when it failed and passed; null when the criterion was not judged in this time. */
function criterionRow(id: CriterionId, { checks, office }: HistoryView): RowData | null {
  const judged = verdictsOf(id, checks)
  const last = judged.at(-1)
  if (last === undefined) return null
  const count = (verdict: Verdict) => judged.filter((entry) => entry.verdict === verdict).length
  const when = (entry: { readonly at: number }) => momentText(entry.at, office.timeZone)
  const [failed, passed] = [
    judged.find(({ verdict }) => verdict === 'fail'),
    judged.findLast(({ verdict }) => verdict === 'pass'),
  ]
  const others = (['fail', 'unproven', 'not-applicable'] as const).flatMap((verdict) =>
    count(verdict) === 0
      ? []
      : [`${count(verdict)} ${verdict === 'fail' ? 'failed' : VERDICT_WORDS[verdict]}`],
  )
  const says = [
    t`${count('pass')} of ${countText(judged.length, 'check')} passed${others.length === 0 ? '' : `, ${others.join(', ')}`}.`,
    failed === undefined ? '' : t`First failed ${when(failed)}.`,
    passed === undefined ? t`Never passed.` : t`Last passed ${when(passed)}.`,
  ]
  const sign = { ...VERDICT_GLYPHS[last.verdict], word: VERDICT_WORDS[last.verdict] }
  return rowData(id, sign, CRITERION_TITLES[id], says.filter((part) => part !== '').join(' '))
}

function binnedBy(days: readonly Day[], checks: readonly PastCheck[]): readonly Binned[] {
  let next = 0
  return days.map((day) => {
    const first = next
    while ((checks[next]?.at ?? day.to) < day.to) next++
    return { day, checks: checks.slice(first, next) }
  })
}

function dayText(at: number, timeZone: string): string {
  return dateText(at, timeZone).split('\u00a0').slice(0, 2).join('\u00a0')
}

/** One piece per run of days with a number, so that a day without data is a gap and never a line. */
function seriesOf(binned: readonly Binned[], timeZone: string) {
  const pieces: { x: string; y: number }[][] = []
  let open = false
  for (const { day, checks } of binned) {
    const trips = checks.flatMap(({ roundTripMs }) => roundTripMs ?? [])
    if (trips.length > 0) {
      const point = { x: dayText(day.from, timeZone), y: Math.round(medianOf(trips) * 10) / 10 }
      if (open) pieces.at(-1)?.push(point)
      else pieces.push([point])
    }
    open = trips.length > 0
  }
  return pieces.map((points, index) => ({ legend: index === 0 ? t`Measured` : t`After a gap`, points }))
}

function tableOf(binned: readonly Binned[], { office, criterion }: HistoryView) {
  const each = Math.ceil(binned.length / TABLE_ROWS)
  return Array.from({ length: Math.ceil(binned.length / each) }, (_, index) => {
    const some = binned.slice(index * each, (index + 1) * each)
    const checks = some.flatMap((bin) => bin.checks)
    const trips = checks.flatMap(({ roundTripMs }) => roundTripMs ?? [])
    const judged = criterion === null ? checks : checks.filter(({ verdicts }) => verdicts[criterion])
    const good = judged.filter(({ readiness, verdicts }) =>
      criterion === null ? readiness === 'ready' : verdicts[criterion] === 'pass',
    )
    const empty = some.filter((bin) => bin.checks.length === 0).length
    const [first, last] = [some[0], some.at(-1)].map((bin) => dayText(bin?.day.from ?? 0, office.timeZone))
    return {
      when: first === last ? first : t`${first} to ${last}`,
      trip: tripText(trips),
      passed:
        judged.length === 0
          ? t`no checks`
          : t`${good.length} of ${judged.length}${empty === 0 ? '' : t`, ${countText(empty, 'day')} without`}`,
    }
  })
}

/** The median, and the worst where it is another: a bad hour must not vanish in a good week. */
function tripText(trips: readonly number[]): string {
  if (trips.length === 0) return t`no time`
  const [median, worst] = [msText(medianOf(trips)), msText(Math.max(...trips))]
  return median === worst ? median : t`${median}, worst ${worst}`
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 0 ? half - 1 : half], sorted[half]]
  return (low + high) / 2
}
