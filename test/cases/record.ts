import type { Measurement } from '../../src/core/measurement.ts'
import { type Elsewhere, elsewhereOf } from '../../src/hub/check/judge-check.ts'
import { checkFolder } from '../worlds/check-world.ts'
import { type Case as World, withWorld } from '../worlds/parts.ts'
import { NOW, type Recording } from './recording.ts'

const DAY_MS = 86_400_000

/** A situation: the world in which it is recorded, or the case whose recording it changes. */
export interface FixtureCase {
  /** One sentence of what is true there. */
  readonly about: string
  readonly world?: Omit<World, 'truth'>
  readonly from?: string
  /** The office that is judged; London unless given. */
  readonly office?: string
  /** What no world shows, or what stands near a limit. */
  readonly edit?: (recording: Recording) => Recording
}

/** A clean chain's key differs from run to run and decides nothing. */
const steady = (elsewhere: Elsewhere): Elsewhere => ({
  ...elsewhere,
  chains: elsewhere.chains.map((chain) => (chain.clean ? { ...chain, authorityKey: 'clean' } : chain)),
})

/** The measurement as it would have been, had it been made about NOW. */
const moved = (one: Measurement, by: number): Measurement => ({
  ...one,
  startedAt: Math.round(one.startedAt + by),
  receivedAt: Math.round(one.receivedAt + by),
  durationMs: Math.round(one.durationMs),
  loopDelayMs: Math.round(one.loopDelayMs),
})

/** Runs the world of a case, checks it, and keeps what concerns the office that is judged. */
export const recordWorld = async (
  { world, about }: Pick<FixtureCase, 'about' | 'world'>,
  name: string,
): Promise<Recording> => {
  if (world === undefined) throw new Error(`${about}: no world to record`)
  const checked = await withWorld({ ...world, truth: {} }, (folder) =>
    checkFolder(folder, world.offices, world.mediaSeconds, world.download),
  )
  const own = checked.judgements.find(({ evidence }) => evidence.office.name === name)
  if (own === undefined) throw new Error(`${about}: no office ${name}`)
  const others = checked.judgements.filter((one) => one !== own)
  const { evidence } = own
  const by = NOW - evidence.now
  const measurements = checked.measurements
    .filter(({ officeId }) => officeId === own.officeId)
    .map((one) => moved(one, by))
  return {
    setting: {
      about,
      now: NOW,
      list: { version: evidence.listVersions.hub, refreshedAt: NOW - 60_000 },
      office: {
        ...evidence.office,
        attestations: evidence.office.attestations.map((one) => ({ ...one, until: NOW + DAY_MS })),
      },
      otherOffices: others.map((other) => ({ ...other.evidence.office, attestations: [] })),
      elsewhere: others.map((other) => steady(elsewhereOf(other.evidence))),
      places: world.spec.placeRows,
      runners: evidence.runnerNames,
      owed: evidence.owed,
    },
    measurements,
  }
}
