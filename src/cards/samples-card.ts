import samplesTemplate from '../../cards/samples.template.json' with { type: 'json' }
import { FAILURES } from '../core/failure.ts'
import type { Finding } from '../core/finding.ts'
import type { Measurement, ProbeName } from '../core/measurement.ts'
import type { Office } from '../core/office.ts'
import type { Sampled, SampleLine, SamplePiece } from '../core/sampled.ts'
import { t } from '../core/t.ts'
import type { CriterionId, Verdict } from '../core/verdict.ts'
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { cutList } from './cut-list.ts'
import { cardBytes, compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { defused, outside, prose, spoken } from './text.ts'
import {
  CRITERION_TITLES,
  countText,
  dateText,
  FINDING_WORDS,
  momentText,
  msText,
  secondText,
  VERDICT_STYLES,
  zoneText,
} from './wording.ts'

const TEMPLATE = compileTemplate('samples', samplesTemplate)

/** Measurements that one card shows: four probes of two runners; the rest is counted. */
const MEASUREMENTS_MAX = 8

/** Bytes for all lines together: a card takes 24 KB, of which eight headings and the frame may take 10. */
const LINES_BYTES = 14 * 1024

/** What a line takes beside its texts. */
const LINE_FRAME_BYTES = 170

const SECOND_MS = 1_000

const PROBE_TITLES: Readonly<Record<ProbeName, string>> = {
  host: t`Host`,
  'resolver-identity': t`Resolver identity`,
  egress: t`Egress`,
  'front-door': t`Front door`,
  rtt: t`Round trip`,
  'tls-path': t`TLS path`,
  reach: t`Reach`,
  media: t`Media`,
  throughput: t`Throughput`,
}

/** The measurements that one ruling rests on. */
export interface SamplesView {
  readonly office: Pick<Office, 'name' | 'world'>
  readonly criterion: CriterionId
  readonly verdict: Verdict
  readonly findings: readonly Finding[]
  /** Everything that the check measured there; null: not kept any more. */
  readonly sampled: readonly Sampled[] | null
  /** How the card names a runner, by id. Outside text. */
  readonly runnerNames: Readonly<Record<string, string>>
  /** When the check was judged, epoch ms. */
  readonly judgedAt: number
  /** The reader's own zone. */
  readonly timeZone: string
  readonly checkId: string
  readonly buttons?: readonly CardButton[]
}

interface LineData {
  readonly of: string
  readonly says: string
}

interface Shown {
  readonly name: string
  readonly word: string
  readonly facts: string
  readonly lines: readonly LineData[]
  readonly more: string
  readonly hasMore: boolean
  /** The first one has the band above it. */
  readonly isSeparated: boolean
}

/** The last link of the evidence: what the findings of one ruling rest on, as it was measured. */
export function samplesCard(view: SamplesView): RenderedCard {
  const { office, criterion, verdict, findings, sampled, timeZone } = view
  const ids = [...new Set(findings.map(({ measurementId }) => measurementId))]
  const kept = ids.flatMap((id) => sampled?.find(({ measurement }) => measurement.measurementId === id) ?? [])
  const title = t`Samples: ${CRITERION_TITLES[criterion]} in ${outside(office.name)}`
  const lead = leadOf(view, ids.length, kept.length)
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}. ${lead}`),
    bandStyle: VERDICT_STYLES[verdict],
    ...bandData(title, lead, t`Judged ${momentText(view.judgedAt, timeZone)}, ${zoneText(timeZone)}`),
    measurements: cutList(shownOf(kept, view), MEASUREMENTS_MAX),
    ...footData(
      kept.length === 0 ? '' : t`times are in ms, in the order in which they were taken`,
      t`check ${view.checkId}`,
      office.world === null ? '' : t`demo world`,
    ),
    buttons: buttonData(view.buttons),
  })
}

function leadOf({ findings, sampled }: SamplesView, owed: number, kept: number): string {
  if (owed === 0) return t`This verdict rests on no measurement.`
  if (sampled === null)
    return t`The samples of this check are not kept any more. Check again to take new ones.`
  const rest = t`${countText(findings.length, 'finding')} ${findings.length === 1 ? t`rests` : t`rest`}`
  const all = t`${rest} on ${countText(owed, 'measurement')}.`
  if (kept === owed) return all
  return t`${all} ${kept === 0 ? t`None of them` : t`Only ${kept}`} can be read: the rest is not kept any more.`
}

/** Every measurement gets lines in turn until all are shown or the card is full, so that no long one hides another. */
function shownOf(kept: readonly Sampled[], view: SamplesView): readonly Shown[] {
  const all = kept.map((one) => {
    const findings = view.findings.filter(
      ({ measurementId }) => measurementId === one.measurement.measurementId,
    )
    return { one, findings, lines: linesOf(one, findings).map(lineData) }
  })
  const shares = shared(all.slice(0, MEASUREMENTS_MAX).map(({ lines }) => lines))
  return all.map(({ one: { measurement }, findings, lines }, index) => {
    const shown = lines.slice(0, shares[index] ?? 0)
    const hidden = lines.length - shown.length
    return {
      ...headOf(measurement, findings.length, view),
      lines: shown,
      more: t`+${countText(hidden, 'more line', 'more lines')} not shown`,
      hasMore: hidden > 0,
      isSeparated: index > 0,
    }
  })
}

function headOf(measurement: Measurement, findings: number, { runnerNames, timeZone }: SamplesView) {
  const { runnerId, probe, outcome, startedAt, durationMs, probeVersion, runnerVersion } = measurement
  const at = Math.floor(startedAt / SECOND_MS) * SECOND_MS
  const facts = [
    `${dateText(at, timeZone)} ${secondText(at, timeZone)}`,
    t`took ${msText(durationMs)}`,
    t`probe version ${probeVersion}`,
    t`runner ${outside(runnerVersion)}`,
    countText(findings, 'finding'),
  ]
  return {
    name: prose(t`${PROBE_TITLES[probe]} by ${outside(runnerNames[runnerId] ?? runnerId)}`),
    word: outcome.ok ? 'result' : outcome.failure,
    facts: prose(facts.join(' · ')),
  }
}

/** How many lines of each list are shown. */
function shared(lists: readonly (readonly LineData[])[]): readonly number[] {
  const counts = lists.map(() => 0)
  let left = LINES_BYTES
  for (let turn = 0; lists.some((list) => turn < list.length); turn++) {
    for (const [index, list] of lists.entries()) {
      const line = list[turn]
      if (line === undefined || counts[index] !== turn) continue
      const bytes = cardBytes(defused(line)) + LINE_FRAME_BYTES
      if (bytes > left) continue
      left -= bytes
      counts[index] = turn + 1
    }
  }
  return counts
}

/** The lines of a measurement: first those about hosts of which a finding says more than a plain fact. */
function linesOf({ measurement, lines }: Sampled, findings: readonly Finding[]): readonly SampleLine[] {
  const { outcome } = measurement
  if (!outcome.ok) {
    const detail: readonly SamplePiece[] = outcome.detail === undefined ? [] : [{ theirs: outcome.detail }]
    return [
      { of: t`Failure`, says: [FAILURES[outcome.failure]] },
      ...(detail.length === 0 ? [] : [{ of: t`Detail`, says: detail }]),
    ]
  }
  if (lines === null)
    return [{ of: t`Result`, says: [t`stored by another version, which this one cannot read`] }]
  if (lines.length === 0) return [{ of: t`Result`, says: [t`it holds no sample`] }]
  const loud = new Set(
    findings
      .filter(({ code }) => FINDING_WORDS[code].severity !== 'fact')
      .map(({ question }) => question.slice(question.indexOf(':') + 1)),
  )
  const isLoud = ({ about }: SampleLine) => about !== undefined && loud.has(about)
  return [...lines.filter(isLoud), ...lines.filter((line) => !isLoud(line))]
}

function lineData({ of, says }: SampleLine): LineData {
  return { of: prose(pieceText(of)), says: prose(says.map(pieceText).join('')) }
}

function pieceText(piece: SamplePiece): string {
  return typeof piece === 'string' ? piece : outside(piece.theirs)
}
