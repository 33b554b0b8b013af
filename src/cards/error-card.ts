import errorTemplate from '../../cards/error.template.json' with { type: 'json' }
import { t } from '../core/t.ts'
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { prose, spoken } from './text.ts'

const TEMPLATE = compileTemplate('error', errorTemplate)

/** Something broke on our side. */
export interface ErrorView {
  /** What the log knows it by. */
  readonly reference: string
  /** What did not work; missing: we only know that something did not. */
  readonly happened?: string
  /** What to do; missing: try again. */
  readonly todo?: string
  readonly buttons?: readonly CardButton[]
}

/** A trouble of ours, with the reference under which the log has it, and without a word about the office. */
export function errorCard(view: ErrorView): RenderedCard {
  const title = t`That did not work on our side`
  const lead =
    view.happened ?? t`Something went wrong before there was an answer. It says nothing about any office.`
  const todo = prose(
    view.todo ?? t`Please try again. If it happens again, give the reference to whoever runs Doorstep.`,
  )
  return renderCard(TEMPLATE, {
    summary: spoken(t`${title}. Reference ${view.reference}.`),
    ...bandData(title, lead),
    todo,
    hasTodo: todo !== '',
    reference: prose(view.reference),
    hasReference: view.reference !== '',
    ...footData(),
    buttons: buttonData(view.buttons),
  })
}
