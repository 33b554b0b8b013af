import type { SelfCount, SelfResult } from '../../core/self-check.ts'

/** An invitation: a secret, shown once, in a personal chat alone. */
export interface SelfInvited {
  readonly id: string
  readonly code: string
  /** The page's address, with the code in its fragment, which no server and no scanner of links is sent. */
  readonly url: string
  /** The hub's origin, for the command. */
  readonly hub: string
  /** Epoch ms. */
  readonly until: number
}

/** Self-checks of the person who speaks. Asks nobody for their rights: ask `may` and for a personal chat first. */
export interface SelfCheckDesk {
  /** How long they are kept. */
  readonly hours: number
  /** SHA-256 of the runner's file that this hub was built with, in hex; null: it runs from its sources. */
  readonly runnerSum: string | null
  /** Makes an invitation; `officeId`: the office that the person named. */
  invite(officeId: string | null): Promise<SelfInvited>
  /** Keeps which message the card of an invitation is, so that it can turn into the result. */
  posted(id: string, cardId: string): Promise<void>
  /** The person's own results, newest first. */
  mine(): Promise<readonly SelfResult[]>
  /** Removes all that is kept of the person; how many results and invitations that were. Their cards say so. */
  forget(): Promise<number>
  /** People per office, from five up; for admins. */
  counts(): Promise<readonly SelfCount[]>
}
