import refusalTemplate from '../../cards/refusal.template.json' with { type: 'json' }
import { t } from '../core/t.ts'
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { prose, spoken } from './text.ts'

const TEMPLATE = compileTemplate('refusal', refusalTemplate)

/** Why we did not do it. Sentences; what the person typed, and names, go through `outside` first. */
export interface RefusalView {
  /** What happened, e.g. `No office is called “Seatle”`. */
  readonly happened: string
  /** What that means, e.g. `Nothing was checked.` */
  readonly why?: string
  /** What to do now, e.g. `Did you mean one of these?` */
  readonly todo?: string
  readonly reference?: string
  /** Suggestions, e.g. `Check Seattle`. */
  readonly buttons?: readonly CardButton[]
}

/** A kind no: what happened, why, and what to do. */
export function refusalCard(view: RefusalView): RenderedCard {
  const [why, todo] = [prose(view.why ?? ''), prose(view.todo ?? '')]
  return renderCard(TEMPLATE, {
    summary: spoken([endSentence(view.happened), why, todo].filter((part) => part !== '').join(' ')),
    ...bandData(view.happened),
    why,
    hasWhy: why !== '',
    todo,
    hasTodo: todo !== '',
    ...footData(view.reference === undefined ? '' : t`reference ${view.reference}`),
    buttons: buttonData(view.buttons),
  })
}

function endSentence(text: string): string {
  return /[.!?]$/u.test(text) ? text : `${text}.`
}
