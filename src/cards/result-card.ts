import resultTemplate from '../../cards/result.template.json' with { type: 'json' }
import type { Office } from '../core/office.ts'
import type { Ruling } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import { CRITERIA, type Readiness, readinessOf } from '../core/verdict.ts'
import { bandData, footData, type RunnerShown } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { cutList } from './cut-list.ts'
import { leftOutFoot } from './progress-card.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { criterionSections } from './rows.ts'
import { runnersText } from './runners-text.ts'
import { stepData } from './steps.ts'
import { outside, spoken } from './text.ts'
import {
  dateText,
  listText,
  momentText,
  NEITHER,
  READINESS_GLYPHS,
  READINESS_STYLES,
  READINESS_WORDS,
  spanText,
  titleInSentence,
  USUAL_LEVELS,
  worstFirst,
  zoneText,
} from './wording.ts'

const TEMPLATE = compileTemplate('result', resultTemplate)

/** A check that is closed. */
export interface ResultView {
  readonly office: Pick<Office, 'name' | 'timeZone' | 'world'>
  /** One per criterion; a criterion without a ruling is shown as unproven. */
  readonly rulings: readonly Ruling[]
  /** When the check was judged, epoch ms. */
  readonly judgedAt: number
  /** Since when the office has this readiness, where that is known and longer ago. Epoch ms. */
  readonly since?: number
  /** Every runner of the office, with its state when the check was planned or ended. */
  readonly runners: readonly RunnerShown[]
  /** The approximate network assessment, 0 to 100; not given: there is none. */
  readonly assessment?: number
  /** The endpoint list, ten digits. */
  readonly listVersion: string
  readonly rulesVersion: string
  readonly checkId: string
  /** Offices that were left out, because whoever asked may not check them. */
  readonly leftOut?: number
  readonly buttons?: readonly CardButton[]
}

/** A criterion nobody ruled on must not vanish from the card: it is unproven. */
function everyCriterion(rulings: readonly Ruling[]): readonly Ruling[] {
  return CRITERIA.map(
    (criterion) =>
      rulings.find((ruling) => ruling.criterion === criterion) ?? {
        criterion,
        level: USUAL_LEVELS[criterion],
        verdict: 'unproven',
        because: t`Nothing was judged about this.`,
        signals: [],
        findings: [],
      },
  )
}

function failing(rulings: readonly Ruling[]): string {
  const optional = rulings.filter(({ level, verdict }) => level === 'optional' && verdict === 'fail')
  if (optional.length === 0) return ''
  const names = listText(optional.map(({ criterion }) => titleInSentence(criterion)))
  return t` Optional, but ${optional.length === 1 ? t`it fails` : t`they fail`}: ${names}.`
}

/** The band's sentence: how many, and which. The numbers stand in the rows. */
function leadOf(readiness: Readiness, rulings: readonly Ruling[], runners: readonly RunnerShown[]): string {
  const required = rulings.filter(({ level }) => level === 'required')
  if (readiness === 'ready') return t`All ${required.length} required criteria are met.${failing(rulings)}`
  const verdict = readiness === 'not-ready' ? 'fail' : 'unproven'
  const open = required.filter((ruling) => ruling.verdict === verdict)
  const names = listText(
    open.map(({ criterion }) => titleInSentence(criterion)),
    6,
  )
  const share = t`${open.length} of ${required.length} required criteria`
  if (readiness === 'not-ready') return t`${share} ${open.length === 1 ? t`fails` : t`fail`}: ${names}.`
  if (runners.every(({ status }) => status !== 'online' && status !== 'busy'))
    return t`No runner answers there, so nothing was measured. ${NEITHER}${failing(rulings)}`
  return t`${share} ${open.length === 1 ? t`is` : t`are`} unproven: ${names}. ${NEITHER}${failing(rulings)}`
}

function whenOf(view: ResultView): string {
  const { judgedAt, since, office } = view
  const checked = `${momentText(judgedAt, office.timeZone)}, ${zoneText(office.timeZone)}`
  if (since === undefined || since >= judgedAt) return t`Checked ${checked}`
  return t`Since ${dateText(since, office.timeZone)}, ${spanText(judgedAt - since)} · checked ${checked}`
}

/** The one number that Microsoft's admin centre shows, marked as no more than like it. */
function assessmentText(points: number | undefined): string {
  return points === undefined
    ? ''
    : t`Network assessment about ${points} of 100 (approximation of Microsoft’s)`
}

/** The card of a closed check: readiness, all criteria with number and limit, and what to do in which order. */
export function resultCard(view: ResultView): RenderedCard {
  const rulings = everyCriterion(view.rulings)
  const readiness = readinessOf(rulings)
  const steps = stepData(rulings)
  const name = outside(view.office.name)
  const title = t`${name} is ${READINESS_WORDS[readiness]}`
  const lead = leadOf(readiness, rulings, view.runners)
  const worst = worstFirst(rulings.filter(({ level }) => level === 'required'))[0]
  return renderCard(TEMPLATE, {
    summary: spoken(
      readiness === 'ready' || worst === undefined
        ? `${title}. ${lead}`
        : `${title}. ${lead} ${worst.because}`,
    ),
    bandId: `band-${readiness}`,
    bandStyle: READINESS_STYLES[readiness],
    ...bandData(`${READINESS_GLYPHS[readiness].glyph} ${title}`, lead, whenOf(view)),
    ...criterionSections(rulings),
    assessment: assessmentText(view.assessment),
    hasAssessment: view.assessment !== undefined,
    hasSteps: steps.length > 0,
    steps: cutList(steps),
    ...footData(
      ...runnersText(view.runners),
      t`endpoint list ${view.listVersion}`,
      t`rules ${view.rulesVersion}`,
      leftOutFoot(view.leftOut),
      t`check ${view.checkId}`,
      view.office.world === null ? '' : t`demo world`,
    ),
    buttons: buttonData(view.buttons),
  })
}
