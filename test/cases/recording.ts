import type { Check } from '../../src/core/check.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import type { Finding } from '../../src/core/finding.ts'
import type { Measurement, Owed } from '../../src/core/measurement.ts'
import type { Office } from '../../src/core/office.ts'
import type { Ruling } from '../../src/core/ruling.ts'
import { judgeAll } from '../../src/criteria/judge.ts'
import { reachTargets } from '../../src/endpoints/hosts.ts'
import { publishedList } from '../../src/endpoints/ranges.ts'
import { snapshotList } from '../../src/endpoints/snapshot.ts'
import { type Elsewhere, gatherEvidence, type JudgeInput } from '../../src/hub/check/judge-check.ts'
import type { PlaceRow } from '../../src/local/world/spec.ts'
import { makeAtlas } from '../../src/places/atlas.ts'
import { placesFromCsv } from '../../src/places/csv.ts'
import { PROBES } from '../../src/probes/registry.ts'

/** When every recorded check is judged: 2026-11-26T12:00:00Z. Recorded times are moved to it. */
export const NOW = Date.UTC(2026, 10, 26, 12)

/** What a check of one office is judged by, besides its measurements. */
export interface Setting {
  /** One sentence of what is true there. */
  readonly about: string
  /** Epoch ms. */
  readonly now: number
  /** The hub's endpoint list, and when it was last known to be the newest (epoch ms; null: never). */
  readonly list: { readonly version: string; readonly refreshedAt: number | null }
  readonly office: Office
  readonly otherOffices: readonly Office[]
  /** What the latest evidence of other offices says. */
  readonly elsewhere: readonly Elsewhere[]
  readonly places: readonly PlaceRow[]
  /** Names of runners by id. */
  readonly runners: Readonly<Record<string, string>>
  readonly owed: readonly Owed[]
}

/** A check of one office as it was recorded. */
export interface Recording {
  readonly setting: Setting
  readonly measurements: readonly Measurement[]
}

const LIST = publishedList(snapshotList())

const atlasOf = ({ places }: Setting) => {
  const rows = places.map(({ cidr, latitude, longitude, label, owner }) =>
    [cidr, latitude, longitude, label, owner].join(),
  )
  const csv = ['cidr,latitude,longitude,label,owner', ...rows].join('\n')
  return makeAtlas({ places: placesFromCsv(csv).table, list: LIST })
}

/**
 * First stage: measurements to findings, with the plan and all else that criteria look at. The function that is returned
 * states the findings of a measurement once, however often it is among those that it is given.
 */
export const evidenceIn = (setting: Setting): ((measurements: readonly Measurement[]) => Evidence) => {
  const shared: Omit<JudgeInput, 'check'> = {
    office: setting.office,
    offices: [setting.office, ...setting.otherOffices],
    atlas: atlasOf(setting),
    probes: PROBES,
    elsewhere: setting.elsewhere,
    memo: new WeakMap(),
    unmeasurableSets: reachTargets(snapshotList()).unmeasurable,
    hubListVersion: setting.list.version,
    hubListRefreshedAt: setting.list.refreshedAt,
    runnerNames: setting.runners,
    now: setting.now,
  }
  return (measurements) => {
    const check: Check = {
      id: 'check-1',
      status: 'complete',
      version: 1,
      officeIds: [setting.office.id],
      places: [],
      createdAt: setting.now,
      deadline: setting.now,
      closedAt: setting.now,
      owed: setting.owed,
      measurements: Object.fromEntries(measurements.map((one) => [one.measurementId, one])),
    }
    return gatherEvidence({ ...shared, check })
  }
}

/** The evidence of everything that was recorded. */
export const evidenceOf = ({ setting, measurements }: Recording): Evidence =>
  evidenceIn(setting)(measurements)

/** Second stage: findings to rulings. `findings` stand in place of those that the evidence came with. */
export const rulingsOf = (evidence: Evidence, findings: readonly Finding[]): readonly Ruling[] =>
  judgeAll({ ...evidence, findings }).rulings
