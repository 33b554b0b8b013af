import { t } from '../core/t.ts'
import { label } from './text.ts'

/** A button: it carries the id of a stored action and nothing that a client could change. */
export interface CardButton {
  readonly title: string
  readonly actionId: string
}

/** Teams shows six actions of a card at most; three are what a person reads. */
const BUTTONS_MAX = 6

/** The buttons as templates name them. */
export function buttonData(buttons: readonly CardButton[] = []): readonly CardButton[] {
  return buttons
    .slice(0, BUTTONS_MAX)
    .map(({ title, actionId }) => ({ title: label(title) || t`Open`, actionId }))
}
