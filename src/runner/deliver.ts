import type { Clock, Random } from '../core/ports.ts'
import { ROUTES } from '../wire/routes.ts'
import { type HubLink, isDead } from './hub-link.ts'
import type { Log } from './log.ts'
import { backoffMs, pause } from './pause.ts'
import { factsOf } from './say-hello.ts'

export interface DeliverParts {
  readonly link: HubLink
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** What became of a message: the hub has it, the hub will never take it in this form, or time ran out. */
export type Delivery = 'stored' | 'unreadable' | 'refused' | 'late' | 'dead'

/** The hub answers once the measurement is stored; its own writes wait half a second at most. */
const TIMEOUT_MS = 10_000

/**
 * Posts a message until the hub has it, or until `deadline` (epoch ms by the hub's clock). Repeats are harmless: the
 * hub keeps the first. At least one try is made, since a late measurement is kept too.
 */
export async function deliver(
  parts: DeliverParts,
  body: string,
  deadline: number,
  signal: AbortSignal,
): Promise<Delivery> {
  const { link, clock, random, log } = parts
  for (let tries = 1; ; tries++) {
    const answer = await link.post(ROUTES.measurement, body, TIMEOUT_MS, signal)
    if (answer.kind === 'answered') return 'stored'
    if (isDead(answer)) return 'dead'
    log.warn({ ...factsOf(answer), tries }, 'the hub did not take a measurement')
    if (answer.kind === 'refused') {
      if (answer.status === 400 || answer.status === 413) return 'unreadable'
      if (answer.status === 404 || answer.status === 409) return 'refused'
    }
    const asked = answer.kind === 'refused' ? answer.retryAfterMs : null
    const waitMs = backoffMs(tries, random, asked)
    if (signal.aborted || link.now() + waitMs >= deadline) return 'late'
    await pause(clock, waitMs, signal)
    if (signal.aborted) return 'late'
  }
}
