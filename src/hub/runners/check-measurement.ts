import { failed, isFailure, type Outcome } from '../../core/failure.ts'
import { type Measurement, type Owed, PROBE_NAMES } from '../../core/measurement.ts'
import type { Probe } from '../../core/probe.ts'
import type { MeasurementMessage } from '../../wire/measurement-message.ts'
import type { RefusalCode } from '../../wire/refusals.ts'
import { type RunnerRefusal, refusal } from './verify-runner.ts'

/** What of a check decides whether a measurement belongs to it. */
export interface CheckView {
  readonly owed: readonly Owed[]
  readonly closed: boolean
  /** When its jobs could first be given out, epoch ms. */
  readonly createdAt: number
  /** The attempt that counts, from 1. */
  readonly attempt: number
  /** The world of the office that owes it; null for the real Internet. */
  world(officeId: string): string | null
  /** Of the stored measurement of that id; null when none is. See `contentOf`. */
  storedContent(measurementId: string): string | null
}

/** Who sent it (proved), when, and how results are read. */
export interface Arrival {
  readonly runnerId: string
  readonly officeId: string
  /** Epoch ms. */
  readonly now: number
  readonly probes: Readonly<Record<string, Pick<Probe<unknown>, 'read'>>>
}

/**
 * `store`: keep it, then answer 200; `late` ones are kept beside the check and answered 409 `finished`. `bad` counts
 * toward the runner's quarantine, `audit` goes into the audit. `notBelieved` names fields that were replaced.
 */
export type Ruled =
  | {
      readonly kind: 'store'
      readonly measurement: Measurement
      readonly late: boolean
      readonly bad: boolean
      readonly audit: boolean
      readonly notBelieved: readonly string[]
    }
  | { readonly kind: 'repeat' }
  | {
      readonly kind: 'refuse'
      readonly refusal: RunnerRefusal
      readonly bad: boolean
      readonly audit: boolean
    }

/** A start this far in the future is no start. */
const FUTURE_MS = 120_000
/** A start this far before the check is of another job: clocks that differ more are corrected by the runner. */
const BEFORE_MS = 120_000

/** Judges a message against the plan of its check; `view` is null when there is no such check. */
export function checkMeasurement(message: MeasurementMessage, view: CheckView | null, from: Arrival): Ruled {
  if (view === null) return refuse('unknown-check')
  const owed = view.owed.find((entry) => entry.measurementId === message.measurementId)
  if (owed === undefined) return refuse('unasked', { audit: true })
  if (owed.runnerId !== from.runnerId || owed.officeId !== from.officeId) {
    return refuse('not-yours', { audit: true })
  }
  if (!(PROBE_NAMES as readonly string[]).includes(message.probe)) return refuse('unknown-probe')
  if (owed.probe !== message.probe) return refuse('unasked', { audit: true })
  if (message.attempt < view.attempt) return refuse('attempt-old', { bad: false })
  if (message.attempt > view.attempt) return refuse('unasked', { audit: true })
  const made = make(message, owed, view, from)
  const stored = view.storedContent(message.measurementId)
  if (stored === null) return { kind: 'store', late: view.closed, ...made }
  return stored === contentOf(made.measurement) ? { kind: 'repeat' } : refuse('conflict', { audit: true })
}

function make(message: MeasurementMessage, owed: Owed, view: CheckView, from: Arrival) {
  const otherWorld = message.world !== view.world(owed.officeId)
  const outcome: Outcome<unknown> = otherWorld
    ? failed('result-refused', 'measured in another world than its office is in')
    : readOutcome(message, from.probes[owed.probe])
  const { startedAt } = message
  const believed = startedAt <= from.now + FUTURE_MS && startedAt >= view.createdAt - BEFORE_MS
  const measurement: Measurement = {
    ...owed,
    checkId: message.checkId,
    outcome,
    startedAt: believed ? startedAt : from.now,
    durationMs: message.durationMs,
    receivedAt: from.now,
    probeVersion: message.probeVersion,
    runnerVersion: message.runnerVersion,
    listVersion: message.listVersion,
    loopDelayMs: message.loopDelayMs,
    world: message.world,
  }
  const bad = !outcome.ok && outcome.failure === 'result-refused'
  return { measurement, bad, audit: otherWorld, notBelieved: believed ? [] : ['startedAt'] }
}

/** What makes no sense is kept as a failure, so that the question is answered and the reason is on record. */
function readOutcome(message: MeasurementMessage, probe: Pick<Probe<unknown>, 'read'> | undefined) {
  const { outcome } = message
  if (!outcome.ok) {
    const known = isFailure(outcome.failure) ? outcome.failure : null
    return known === null
      ? failed('result-refused', 'a failure word that this hub does not know')
      : failed(known, outcome.detail)
  }
  const read: Outcome<unknown> = probe?.read(outcome.result) ?? failed('unsupported-probe')
  return read.ok ? read : failed('result-refused', read.detail)
}

/**
 * The part of a measurement that a repeat must agree in. When it arrived, and a start that was replaced by that, are
 * not in it.
 */
export function contentOf(measurement: Measurement): string {
  const { outcome, durationMs, loopDelayMs, listVersion, world } = measurement
  return JSON.stringify([outcome, durationMs, loopDelayMs, listVersion, world])
}

function refuse(code: RefusalCode, marks: { bad?: boolean; audit?: boolean } = {}): Ruled {
  return { kind: 'refuse', refusal: refusal(code), bad: marks.bad ?? true, audit: marks.audit ?? false }
}
