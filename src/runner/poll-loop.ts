import type { Clock, Random } from '../core/ports.ts'
import { HUB_BODY_LIMIT, POLL_HOLD_MS } from '../wire/limits.ts'
import { type Job, pollAnswerSchema } from '../wire/poll.ts'
import { readMessage } from '../wire/read-message.ts'
import { ROUTES } from '../wire/routes.ts'
import type { Ending } from './endings.ts'
import { type HubAnswer, type HubLink, isDead } from './hub-link.ts'
import type { Log } from './log.ts'
import { backoffMs, pause } from './pause.ts'
import { factsOf } from './say-hello.ts'

/** Who takes the jobs that a poll brings. */
export interface JobTaker {
  /** Ids of the measurements under way, so that the hub does not give them again. */
  inflight(): readonly string[]
  /** How many measurements of these were not under way already. */
  take(jobs: readonly Job[]): number
}

export interface PollParts {
  readonly link: HubLink
  readonly jobs: JobTaker
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** The hold and its jitter, and as much again for a slow way there and back. */
const TIMEOUT_MS = POLL_HOLD_MS + 20_000
/** An answer without new work that came sooner was no hold: a hub that is about to stop lets its polls go. */
const HURRIED_MS = 1_000

/** Polls until told to stop, or until the hub says that this runner is dead. Trouble is waited out, whatever it is. */
export async function pollForever(parts: PollParts, signal: AbortSignal): Promise<Ending> {
  const { link, jobs, clock, random, log } = parts
  let failures = 0
  while (!signal.aborted) {
    const began = clock.monotonic()
    const body = JSON.stringify({ v: 1, inflight: jobs.inflight() })
    const answer = await link.post(ROUTES.poll, body, TIMEOUT_MS, signal)
    if (signal.aborted) break
    if (isDead(answer)) return 'revoked'
    if (answer.kind === 'clock-wrong') return 'clock-wrong'
    const found = jobsOf(answer)
    if (found !== null) {
      if (failures > 0) log.info({ failures }, 'the hub answers again')
      failures = 0
      const hurried = jobs.take(found) === 0 && clock.monotonic() - began < HURRIED_MS
      if (hurried) await pause(clock, backoffMs(1, random, null), signal)
      continue
    }
    failures += 1
    log.warn({ ...factsOf(answer), failures }, 'a poll failed')
    const asked = answer.kind === 'refused' ? answer.retryAfterMs : null
    await pause(clock, backoffMs(failures, random, asked), signal)
  }
  return 'stopped'
}

/** The jobs that an answer brings; null when it is no answer to a poll. */
function jobsOf(answer: HubAnswer): readonly Job[] | null {
  if (answer.kind !== 'answered') return null
  if (answer.status === 204) return []
  const read = readMessage(pollAnswerSchema, answer.body, HUB_BODY_LIMIT)
  return read.ok ? read.message.jobs : null
}
