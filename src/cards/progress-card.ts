import progressTemplate from '../../cards/progress.template.json' with { type: 'json' }
import type { Office } from '../core/office.ts'
import { t } from '../core/t.ts'
import { CRITERIA } from '../core/verdict.ts'
import { bandData, footData, type RunnerShown } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { type CriterionState, criterionSections } from './rows.ts'
import { runnersText } from './runners-text.ts'
import { outside, spoken } from './text.ts'
import { clockText, countText, zoneText } from './wording.ts'

const TEMPLATE = compileTemplate('progress', progressTemplate)

/** A check that is under way. */
export interface ProgressView {
  readonly office: Pick<Office, 'name' | 'timeZone' | 'world'>
  /** Rulings whose evidence is all in, and what is known of the others. A criterion that is missing is waiting. */
  readonly criteria: readonly CriterionState[]
  /** Measurements that are in, and all that the check owes; `owed` is 0 while the check is not planned yet. */
  readonly received: number
  readonly owed: number
  /** Epoch ms. */
  readonly askedAt: number
  readonly deadlineAt: number
  /** Who asked, outside text. */
  readonly askedBy?: string
  readonly runners: readonly RunnerShown[]
  readonly checkId: string
  /** Offices that were left out, because whoever asked may not check them. */
  readonly leftOut?: number
  /** Who stopped the check, outside text, and when; not given: it is under way. Then every criterion has a ruling. */
  readonly cancelled?: { readonly by: string; readonly at: number }
  readonly buttons?: readonly CardButton[]
}

/** The card of a check under way, or of one that was stopped. A row turns into a verdict once its evidence is in, and never flips back. */
export function progressCard(view: ProgressView): RenderedCard {
  const { office, askedAt, deadlineAt } = view
  const states = CRITERIA.map(
    (criterion): CriterionState =>
      view.criteria.find((state) => state.criterion === criterion) ?? { criterion, state: 'waiting' },
  )
  const { cancelled } = view
  const title = cancelled
    ? t`The check of ${outside(office.name)} was stopped`
    : t`Checking ${outside(office.name)}`
  const isWas = cancelled ? [t`was`, t`were`] : [t`is`, t`are`]
  const counted =
    view.owed === 0
      ? ''
      : t`${view.received} of ${countText(view.owed, 'measurement')} ${isWas[view.received === 1 ? 0 : 1]} in.`
  const progress = cancelled
    ? stoppedText(cancelled.by, counted)
    : counted === ''
      ? t`The measurements are being planned.`
      : counted
  const when = cancelled
    ? t`Stopped at ${clockText(cancelled.at, office.timeZone)}, ${zoneText(office.timeZone)}`
    : t`Done by ${clockText(deadlineAt, office.timeZone)} at the latest.`
  const asked = view.askedBy === undefined ? t`Asked` : t`Asked by ${outside(view.askedBy)}`
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}: ${progress}`),
    bandId: cancelled ? 'band-cancelled' : 'band-progress',
    ...bandData(
      title,
      cancelled ? progress : `${progress} ${when}`,
      cancelled ? when : t`${asked} at ${clockText(askedAt, office.timeZone)}, ${zoneText(office.timeZone)}`,
    ),
    ...criterionSections(states),
    ...footData(
      ...runnersText(view.runners),
      leftOutFoot(view.leftOut),
      t`check ${view.checkId}`,
      office.world === null ? '' : t`demo world`,
    ),
    buttons: buttonData(view.buttons),
  })
}

/** Why a card of a stopped check shows verdicts that are none. `counted`: a sentence, or empty. */
export function stoppedText(by: string, counted: string): string {
  return t`${outside(by)} stopped it. ${counted} No verdict was kept: the one before still stands.`
}

/** The small line's part about offices that were left out; empty for none. */
export function leftOutFoot(count = 0): string {
  return count === 0 ? '' : t`${countText(count, 'office')} left out: not yours to check`
}
