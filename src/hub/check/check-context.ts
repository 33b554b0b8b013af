import type { Check } from '../../core/check.ts'
import type { Latest } from '../../core/latest.ts'
import type { Target } from '../../core/measurement.ts'
import type { Office } from '../../core/office.ts'
import type { Atlas } from '../../core/probe.ts'
import type { Runner } from '../../core/runner.ts'
import type { CriterionId } from '../../core/verdict.ts'
import type { ReachTargets } from '../../endpoints/hosts.ts'
import type { EndpointList } from '../../endpoints/list.ts'
import { PROBES } from '../../probes/registry.ts'
import type { LatestStore } from '../../store/latest.ts'
import type { OfficeStore } from '../../store/offices.ts'
import type { RunnerStore } from '../../store/runners.ts'
import {
  type Elsewhere,
  elsewhereOf,
  type FindingsMemo,
  gatherEvidence,
  type Judgement,
  judgeCheck,
} from './judge-check.ts'

/** What Doorstep knows of the Internet that an office belongs to: its places and its endpoint list. */
export interface Surroundings {
  readonly atlas: Atlas
  readonly list: EndpointList
  /** When the list was last known to be the newest, epoch ms; null: never, it is the snapshot. */
  readonly listRefreshedAt: number | null
  readonly tlsTargets: readonly Target[]
  readonly reach: ReachTargets
}

/** What a check is judged against: read once when it is planned, and again after a restart. */
export interface CheckContext {
  readonly offices: readonly Office[]
  readonly runners: readonly Runner[]
  readonly latest: readonly Latest[]
  surroundingsOf(office: Office): Surroundings
  /** Criteria that count as required besides Microsoft's. */
  readonly requiredToo?: readonly CriterionId[]
  /** Findings that were stated already, by measurement: a check is judged again for every drawing of its card. */
  readonly findings: FindingsMemo
}

/** Reads what a check of these offices is judged against, as of now. */
export function contexts(deps: {
  readonly offices: Pick<OfficeStore, 'all'>
  readonly runners: Pick<RunnerStore, 'all'>
  readonly latest: Pick<LatestStore, 'all'>
  readonly surroundingsOf: (office: Office) => Surroundings
  /** Sees to it that the endpoint list for offices of a world was asked for. */
  readonly ready: (world: string | null) => Promise<void>
  readonly requiredToo: readonly CriterionId[]
}): (officeIds: readonly string[]) => Promise<CheckContext> {
  return async (officeIds) => {
    const [offices, runners, latest] = await Promise.all([
      deps.offices.all(),
      deps.runners.all(),
      deps.latest.all(),
    ])
    const asked = offices.filter((office) => officeIds.includes(office.id))
    await Promise.all(asked.map((office) => deps.ready(office.world)))
    const { surroundingsOf, requiredToo } = deps
    return { offices, runners, latest, surroundingsOf, requiredToo, findings: new WeakMap() }
  }
}

/** Judges every office of a check; offices of the same check count as each other's "elsewhere". */
export function judgeOffices(check: Check, context: CheckContext, now: number): readonly Judgement[] {
  // What grows with the registry is looked at once for all offices of a check.
  const byId = new Map(context.offices.map((office) => [office.id, office]))
  const byWorld = Map.groupBy(context.offices, ({ world }) => world)
  const owing = new Set(check.owed.map(({ runnerId }) => runnerId))
  const runnerNames = Object.fromEntries(
    context.runners.filter(({ id }) => owing.has(id)).map(({ id, name }) => [id, name]),
  )
  const offices = check.officeIds.flatMap((id) => byId.get(id) ?? [])
  const inputs = offices.map((office) => {
    const surroundings = context.surroundingsOf(office)
    return {
      check,
      office,
      offices: byWorld.get(office.world) ?? [],
      atlas: surroundings.atlas,
      probes: PROBES,
      elsewhere: [] as readonly Elsewhere[],
      unmeasurableSets: surroundings.reach.unmeasurable,
      memo: context.findings,
      hubListVersion: surroundings.list.version,
      hubListRefreshedAt: surroundings.listRefreshedAt,
      runnerNames,
      ...(context.requiredToo === undefined ? {} : { requiredToo: context.requiredToo }),
      now,
    }
  })
  const checked = new Set(check.officeIds)
  const stored = context.latest.filter(({ officeId }) => !checked.has(officeId))
  const fresh = offices.length > 1 ? inputs.map((input) => elsewhereOf(gatherEvidence(input))) : []
  const elsewhere = [
    ...stored.map(({ officeId, egress, chains, reach }) => ({ officeId, egress, chains, reach })),
    ...fresh,
  ]
  return inputs.map((input) => judgeCheck({ ...input, elsewhere }))
}
