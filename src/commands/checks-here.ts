import type { RenderedCard } from '../cards/render-card.ts'
import type { Person } from '../core/chat.ts'
import type { CheckAsked } from '../core/check.ts'

/** A check that is not at its end yet, as commands see it. */
export interface CheckUnderWay {
  readonly id: string
  readonly officeIds: readonly string[]
  /** Who asked for it first. */
  readonly askedBy: Person
  /** Its card stands in this conversation. All threads of a channel count as one. */
  readonly here: boolean
}

/** The checks that run, and the ones that were asked for here. */
export interface ChecksHere {
  underWay(): readonly CheckUnderWay[]
  /** Stops one for this person; false when it came to its end first. Ask `may` before. */
  cancel(checkId: string): Promise<boolean>
  /** The newest that was asked for here within the last month or so, whatever became of it; null: none. */
  last(): Promise<CheckAsked | null>
  /** One page of a finished check of several offices, with those alone that `mayShow` names; null: there is no such check. */
  page(checkId: string, page: number, mayShow: (officeId: string) => boolean): Promise<RenderedCard | null>
}
