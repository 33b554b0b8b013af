import progressTemplate from '../../cards/progress.template.json' with { type: 'json' }
import type { Office } from '../core/office.ts'
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
  readonly buttons?: readonly CardButton[]
}

/** The card of a check under way. A row turns into a verdict once its evidence is in, and never flips back. */
export function progressCard(view: ProgressView): RenderedCard {
  const { office, askedAt, deadlineAt } = view
  const states = CRITERIA.map(
    (criterion): CriterionState =>
      view.criteria.find((state) => state.criterion === criterion) ?? { criterion, state: 'waiting' },
  )
  const title = `Checking ${outside(office.name)}`
  const progress =
    view.owed === 0
      ? 'The measurements are being planned.'
      : `${view.received} of ${countText(view.owed, 'measurement')} ${view.received === 1 ? 'is' : 'are'} in.`
  const asked = view.askedBy === undefined ? 'Asked' : `Asked by ${outside(view.askedBy)}`
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}: ${progress}`),
    ...bandData(
      title,
      `${progress} Done by ${clockText(deadlineAt, office.timeZone)} at the latest.`,
      `${asked} at ${clockText(askedAt, office.timeZone)}, ${zoneText(office.timeZone)}`,
    ),
    ...criterionSections(states),
    ...footData(
      ...runnersText(view.runners),
      `check ${view.checkId}`,
      office.world === null ? '' : 'demo world',
    ),
    buttons: buttonData(view.buttons),
  })
}
