import type { Outcome } from './failure.ts'
import type { Finding, Question } from './finding.ts'
import type { Position } from './geography.ts'
import type { Measurement, ProbeName, ProbeParams } from './measurement.ts'
import type { Office } from './office.ts'
import type { ProbePorts, ProbeSettings } from './ports.ts'

/** What `run` gets besides its params: doors, settings and the signal that ends it. */
export interface ProbeContext {
  readonly ports: ProbePorts
  readonly settings: ProbeSettings
  readonly signal: AbortSignal
}

/** A place that an address was found to be at. */
export interface Place extends Position {
  readonly label: string
  /** A cloud security vendor or another known owner; null when none is known. */
  readonly owner: string | null
}

/** A front door or edge with its code and position. */
export interface Door extends Position {
  readonly code: string
  readonly label: string
}

/** Tables that evaluation looks things up in; all pure. */
export interface Atlas {
  locate(address: string): Place | null
  /** Who owns an address, whether or not its place is known; absent where nobody keeps owners apart from places. */
  owner?(address: string): string | null
  /** By code, any case: front-door codes, edge codes, small airports, legacy names. */
  door(code: string): Door | null
  /** What a code means as an airport's, any case, whatever Microsoft calls so; absent where nobody keeps airports. */
  airport?(code: string): Door | null
  /** The nearest Exchange front door that is known to exist. */
  nearestDoor(at: Position): Door
  /** The nearest Azure region that is known; absent where nobody keeps regions. */
  nearestRegion?(at: Position): Door
  /** Reports whether an address is inside the published ranges of a set (or of any set when the set has none). */
  inPublishedRanges(set: number, address: string): boolean | null
  category(set: number): string
}

/** What evaluation may look at besides the result itself. */
export interface EvaluateContext {
  readonly office: Office
  readonly otherOffices: readonly Office[]
  readonly atlas: Atlas
  readonly measurement: Measurement
}

/**
 * A kind of look. One file per probe; its header is its specification. `run` only measures, through the ports it is
 * given; network trouble is returned, a throw is a bug. `evaluate` is pure and states one finding per question.
 */
export interface Probe<R> {
  readonly name: ProbeName
  readonly version: number
  /** Wall-clock budget in ms; the runner ends the probe when it is spent. */
  readonly budgetMs: number
  /** The questions that one measurement with these params owes. */
  questions(params: ProbeParams): readonly Question[]
  /** Reads a result that came from outside; the failure says what was wrong and where. */
  read(value: unknown): Outcome<R>
  run(params: ProbeParams, context: ProbeContext): Promise<Outcome<R>>
  evaluate(result: R, context: EvaluateContext): readonly Finding[]
}
