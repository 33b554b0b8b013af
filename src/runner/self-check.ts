import { PROBE_NAMES } from '../core/measurement.ts'
import type { Clock, Random } from '../core/ports.ts'
import { HUB_BODY_LIMIT } from '../wire/limits.ts'
import type { OwedByJob } from '../wire/poll.ts'
import { readMessage } from '../wire/read-message.ts'
import {
  readSelfCode,
  SELF_ROUTES,
  type SelfBegin,
  type SelfBegun,
  selfBegunSchema,
  selfToldSchema,
} from '../wire/self-check.ts'
import type { HubResponse, HubSend } from './hub-link.ts'
import { type MeasureParts, measure, textOf } from './measure.ts'
import { backoffMs, pause } from './pause.ts'

/** What a self-check by command needs. */
export interface SelfCheckParts {
  readonly send: HubSend
  readonly measuring: Omit<MeasureParts, 'hubNow'>
  /** What this machine can and is set to, as a runner's hello says it. */
  readonly introduce: () => Omit<SelfBegin, 'v' | 'code' | 'timeZone'>
  readonly timeZone: string | null
  /** The hub's time less this machine's, ms, as soon as it is known. */
  readonly onOffset: (ms: number) => void
  /** A sentence for the person who waits. */
  readonly say: (sentence: string) => void
  readonly clock: Clock
  readonly random: Random
}

/** The result in lines, or what to tell the person. */
export type SelfCheckEnd =
  | { readonly ok: true; readonly lines: readonly string[] }
  | { readonly ok: false; readonly because: string }

const BEGIN_MS = 15_000
const POST_MS = 30_000
/** A result is worth some tries: the first that arrives counts, whatever became of the answer. */
const TRIES = 4
/** The job's only attempt. */
const ATTEMPT = 1

const ENDED: Readonly<Record<number, string>> = {
  403: 'the hub refused the code: it is used, too old, or not of this hub; say “me” in your chat for a new one',
  404: 'this hub knows no self-checks; is it its address, and up to date?',
  410: 'it came too late, or it was forgotten meanwhile; say “me” in your chat for a new one',
  429: 'too many tries; wait a minute and ask for a new code',
}

/** Runs every probe once on this machine, as a runner would, and hands all of it to the hub under a one-time code. */
export async function selfCheck(
  pasted: string,
  parts: SelfCheckParts,
  stop: AbortSignal,
): Promise<SelfCheckEnd> {
  const code = readSelfCode(pasted)
  if (code === null) return refused('that is not a self-check code: dsm_ and 32 characters')
  const begin: SelfBegin = { v: 1, code, timeZone: parts.timeZone, ...parts.introduce() }
  // Never again by itself: a code that was spent in an answer that got lost is spent.
  const answer = await parts.send({
    path: SELF_ROUTES.begin,
    body: JSON.stringify(begin),
    authorization: null,
    timeoutMs: BEGIN_MS,
    signal: stop,
  })
  const begun = read(answer, selfBegunSchema)
  if (!begun.ok) return begun
  const { now, office } = begun.message
  const offsetMs = now - parts.clock.now()
  parts.onOffset(offsetMs)
  const judged = office === null ? 'No office was found to judge it by.' : `It is judged as ${office} is.`
  parts.say(`Looking from this machine, for a minute at most. ${judged}`)
  const texts = await measureAll(begun.message, offsetMs, parts, stop)
  if (stop.aborted) return refused('it was stopped')
  return deliver(`{"v":1,"key":"${begun.message.key}","measurements":[${texts.join(',')}]}`, parts, stop)
}

async function measureAll(
  { job }: SelfBegun,
  offsetMs: number,
  parts: SelfCheckParts,
  stop: AbortSignal,
): Promise<readonly string[]> {
  const measuring = { ...parts.measuring, hubNow: () => parts.clock.now() + offsetMs }
  const owed = inOrder(job.owed)
  const texts: string[] = []
  for (const [at, one] of owed.entries()) {
    if (stop.aborted) break
    parts.say(`${at + 1} of ${owed.length}: ${one.probe}`)
    texts.push(textOf(await measure(one, job, measuring, stop), ATTEMPT))
  }
  return texts
}

async function deliver(body: string, parts: SelfCheckParts, stop: AbortSignal): Promise<SelfCheckEnd> {
  for (let tries = 1; ; tries++) {
    const answer = await parts.send({
      path: SELF_ROUTES.measured,
      body,
      authorization: null,
      timeoutMs: POST_MS,
      signal: stop,
    })
    const isTrouble = !answer.ok || answer.status >= 500
    if (!isTrouble || tries >= TRIES || stop.aborted) {
      const told = read(answer, selfToldSchema)
      return told.ok ? { ok: true, lines: told.message.lines } : told
    }
    await pause(parts.clock, backoffMs(tries, parts.random, null), stop)
  }
}

/** What the hub answered, or the sentence for why there is nothing to go on with. */
function read<T>(answer: HubResponse, schema: Parameters<typeof readMessage<T>>[0]) {
  if (!answer.ok) return refused(`the hub did not answer (${answer.trouble})`)
  if (answer.status !== 200) {
    return refused(ENDED[answer.status] ?? `the hub answered with status ${answer.status}`)
  }
  const message = readMessage(schema, answer.body, HUB_BODY_LIMIT)
  return message.ok ? message : refused('the hub answered with something else; is this its address?')
}

/** As a runner runs them: those that share the line with others last. */
function inOrder(owed: readonly OwedByJob[]): readonly OwedByJob[] {
  const rank = ({ probe }: OwedByJob) => {
    const at = (PROBE_NAMES as readonly string[]).indexOf(probe)
    return at < 0 ? PROBE_NAMES.length : at
  }
  return owed.toSorted((a, b) => rank(a) - rank(b))
}

function refused(because: string): { readonly ok: false; readonly because: string } {
  return { ok: false, because }
}
