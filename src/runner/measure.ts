import { failed, type Outcome } from '../core/failure.ts'
import type { Clock } from '../core/ports.ts'
import type { Probe } from '../core/probe.ts'
import type { EndpointList } from '../endpoints/list.ts'
import { RUNNER_BODY_LIMIT } from '../wire/limits.ts'
import { type MeasurementMessage, measurementMessageSchema } from '../wire/measurement-message.ts'
import { type Job, type OwedByJob, readParams } from '../wire/poll.ts'
import { readMessage } from '../wire/read-message.ts'
import { firstRefused } from './check-targets.ts'
import type { RateGate } from './rate-gate.ts'
import { type ProbeWorkshop, runProbe } from './run-probe.ts'

/** What measuring needs besides the job. */
export interface MeasureParts {
  readonly probes: readonly Probe<unknown>[]
  readonly workshop: ProbeWorkshop
  /** The endpoint list that this runner holds. */
  readonly list: () => Promise<EndpointList>
  readonly gate: RateGate
  /** Starts to watch how long the event loop is busy; see os/loop-delay.ts. */
  readonly watchLoop: () => Promise<{ stop(): Promise<number> }>
  readonly clock: Clock
  /** The hub's time, epoch ms. */
  readonly hubNow: () => number
  readonly runnerVersion: string
  readonly world: string | null
}

/** A probe is ended this long before the deadline, so that what it has still arrives in time. */
const DELIVERY_MS = 1_000

/** A measurement ready to be sent but for the attempt, which may have grown meanwhile. */
export type Made = Omit<MeasurementMessage, 'attempt' | 'outcome'> & { readonly outcome: Outcome<unknown> }

/** Makes one measurement that a job owes. Whatever happens, something comes out that can be sent. */
export async function measure(
  owed: OwedByJob,
  job: Pick<Job, 'checkId' | 'deadline'>,
  parts: MeasureParts,
  stop: AbortSignal,
): Promise<Made> {
  const probe = parts.probes.find((entry) => entry.name === owed.probe)
  const list = await parts.list()
  const watch = await parts.watchLoop()
  const startedAt = parts.hubNow()
  const began = parts.clock.monotonic()
  const outcome = await look(owed, job.deadline, probe, list, parts, stop)
  const durationMs = parts.clock.monotonic() - began
  return {
    v: 1,
    checkId: job.checkId,
    measurementId: owed.measurementId,
    probe: owed.probe,
    probeVersion: probe?.version ?? 0,
    outcome,
    startedAt,
    durationMs,
    listVersion: list.version,
    loopDelayMs: await watch.stop(),
    runnerVersion: parts.runnerVersion,
    world: parts.world,
  }
}

async function look(
  owed: OwedByJob,
  deadline: number,
  probe: Probe<unknown> | undefined,
  list: EndpointList,
  parts: MeasureParts,
  stop: AbortSignal,
): Promise<Outcome<unknown>> {
  if (probe === undefined) return failed('unsupported-probe')
  const params = readParams(owed.params)
  if (!params.ok) return params
  const { settings } = parts.workshop
  const refused = firstRefused(probe.name, params.result.targets, list, settings.tenant)
  if (refused !== null)
    return failed('policy-refused', `set ${refused.set} does not hold ${refused.host} for ${probe.name}`)
  const left = deadline - DELIVERY_MS - parts.hubNow()
  if (left <= 0) return failed('timeout', 'the deadline had passed before it was its turn')
  if (parts.gate.enter() > 0) return failed('policy-refused', 'too many probes in a minute')
  return runProbe(probe, params.result, parts.workshop, Math.min(probe.budgetMs, left), stop)
}

/**
 * The message as text. What the hub could not read (too large, numbers without end) is sent as a failure instead, so
 * that it never counts as silence.
 */
export function textOf(made: Made, attempt: number): string {
  const text = textOrNull({ ...made, attempt })
  if (text === null) return failureText(made, attempt, failed('runner-bug', 'the result is not JSON'))
  const read = readMessage(measurementMessageSchema, text, RUNNER_BODY_LIMIT)
  if (read.ok) return text
  const word = read.code === 'too-large' ? 'result-refused' : 'runner-bug'
  return failureText(made, attempt, failed(word, read.detail))
}

/** The same measurement as a failure. */
export function failureText(made: Made, attempt: number, outcome: Outcome<never>): string {
  return JSON.stringify({ ...made, attempt, outcome })
}

function textOrNull(message: object): string | null {
  try {
    return JSON.stringify(message)
  } catch {
    return null
  }
}
