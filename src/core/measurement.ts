import type { Outcome } from './failure.ts'

/**
 * The names of the probes, in the order in which a runner runs them: what decides the first row comes early, after the one
 * that times nothing and finds the programs still cold.
 */
export const PROBE_NAMES = [
  'host',
  'egress',
  'resolver-identity',
  'front-door',
  'rtt',
  'tls-path',
  'reach',
  'media',
  'throughput',
] as const
export type ProbeName = (typeof PROBE_NAMES)[number]

/** A host to look at: always named together with the endpoint set that allows it. */
export interface Target {
  /** The id of a set in Microsoft's endpoint list. */
  readonly set: number
  /** A concrete host; `{tenant}` stands for the tenant that the runner's own configuration names. */
  readonly host: string
}

/** What every probe is asked: which hosts. Nothing else comes from the hub. */
export interface ProbeParams {
  readonly targets: readonly Target[]
}

/** One measurement that a check owes. */
export interface Owed {
  readonly measurementId: string
  readonly officeId: string
  readonly runnerId: string
  readonly probe: ProbeName
  readonly params: ProbeParams
}

/** One probe, one runner, one time. */
export interface Measurement extends Owed {
  readonly checkId: string
  readonly outcome: Outcome<unknown>
  /** When the runner began, by the runner's clock corrected to the hub's (epoch ms). */
  readonly startedAt: number
  readonly durationMs: number
  /** When the hub stored it (epoch ms). */
  readonly receivedAt: number
  readonly probeVersion: number
  readonly runnerVersion: string
  /** The endpoint list that the runner held, ten digits. */
  readonly listVersion: string
  /** The longest time in ms that the runner's event loop was busy while this ran: what its times may be wrong by. */
  readonly loopDelayMs: number
  /** The world it was made in, or null for the real Internet. */
  readonly world: string | null
}
