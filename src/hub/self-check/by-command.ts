import { newId } from '../../core/ids.ts'
import type { Latest } from '../../core/latest.ts'
import type { Office } from '../../core/office.ts'
import type { Random } from '../../core/ports.ts'
import type { Runner } from '../../core/runner.ts'
import type { SelfCheck, SelfPlan, SelfResult, SelfRuling } from '../../core/self-check.ts'
import { type CriterionId, readinessOf } from '../../core/verdict.ts'
import { allowsTarget } from '../../endpoints/match.ts'
import { serviceTargets } from '../../endpoints/service-targets.ts'
import { PROBES } from '../../probes/registry.ts'
import { SELF_OFFICE, SELF_RUNNER, type SelfBegin, type SelfMeasured } from '../../wire/self-check.ts'
import { judgeOffices, type Surroundings } from '../check/check-context.ts'
import type { FindingsMemo } from '../check/judge-check.ts'
import { planCheck } from '../check/plan-check.ts'
import { checkMeasurement } from '../runners/check-measurement.ts'

/** What a run on somebody's own machine is planned and judged with; a check's own, but for what it would store. */
export interface CommandParts {
  readonly offices: readonly Office[]
  readonly latest: readonly Latest[]
  readonly surroundingsOf: (office: Office) => Surroundings
  readonly now: number
}

/** Criteria that no probe can see. */
const VOUCHED: readonly CriterionId[] = ['network-plan', 'tcp-tuned']

/** The run's only attempt. */
const ATTEMPT = 1

/** Stands where no office was found: nothing that needs a place is judged of it. */
export function noOffice(world: string | null): Office {
  return {
    id: SELF_OFFICE,
    name: 'no office',
    aliases: [],
    tags: [],
    at: { latitude: 0, longitude: 0 },
    placed: false,
    timeZone: 'UTC',
    egress: [],
    resolvers: [],
    doors: [],
    targets: {},
    overrides: [],
    attestations: [],
    world,
    onlyWhenNamed: true,
  }
}

/** What the machine owes: all that a runner of that office would, but for a download. */
export function planSelf(
  check: SelfCheck,
  begin: SelfBegin,
  chosen: { readonly office: Office; readonly by: SelfPlan['by'] } | null,
  parts: CommandParts & { readonly random: Random },
): SelfPlan {
  const { now, random, surroundingsOf } = parts
  const office = chosen?.office ?? noOffice(begin.world)
  const { version, probes, listVersion, settings, world } = begin
  const self: Runner = {
    id: SELF_RUNNER,
    officeId: office.id,
    name: SELF_RUNNER,
    kid: '',
    publicKey: { kty: 'OKP', crv: 'Ed25519', x: '' },
    state: 'active',
    enrolledAt: now,
    seenAt: now,
    hello: { version, platform: '', probes, listVersion, settings, world },
    quarantined: false,
  }
  const { owed, already } = planCheck({
    checkId: check.id,
    offices: [office],
    runners: [self],
    isSilent: () => false,
    tlsTargets: (one) => surroundingsOf(one).tlsTargets,
    reachTargets: (one) => surroundingsOf(one).reach.targets,
    services: (one) => serviceTargets(surroundingsOf(one).list),
    allows: (one, target) => allowsTarget(surroundingsOf(one).list, target),
    newId: () => newId(now, random),
    now,
  })
  return { officeId: chosen?.office.id ?? null, by: chosen?.by ?? 'place', world, owed, already }
}

/**
 * Judges what the machine measured by the criteria of offices, as they judge a runner's. Nothing is stored of it but the
 * rulings, under the person: no verdict, no history, no evidence of any office.
 */
export function judgeSelf(
  check: SelfCheck,
  plan: SelfPlan,
  measured: SelfMeasured,
  parts: CommandParts,
): SelfResult {
  const { now, latest, surroundingsOf } = parts
  const named = parts.offices.find(({ id }) => id === plan.officeId) ?? null
  const office = named ?? noOffice(plan.world)
  const view = {
    owed: plan.owed.map((entry) => ({ ...entry, officeId: office.id })),
    closed: false,
    createdAt: check.askedAt,
    attempt: ATTEMPT,
    world: () => plan.world,
    storedContent: () => null,
  }
  const from = { runnerId: SELF_RUNNER, officeId: office.id, now, probes: PROBES }
  const kept = measured.measurements.flatMap((message) => {
    const ruled = checkMeasurement(message, view, from)
    return ruled.kind === 'store' ? [ruled.measurement] : []
  })
  const measurements = Object.fromEntries(
    [...kept, ...plan.already].map((one) => [one.measurementId, { ...one, officeId: office.id }]),
  )
  const closed = {
    id: check.id,
    status: 'complete' as const,
    version: 1,
    officeIds: [office.id],
    places: [],
    createdAt: check.askedAt,
    deadline: now,
    closedAt: now,
    owed: view.owed,
    measurements,
  }
  const offices = named === null ? [...parts.offices, office] : parts.offices
  const context = { offices, runners: [], latest, surroundingsOf, findings: new WeakMap() as FindingsMemo }
  const [judged] = judgeOffices(closed, context, now)
  // What an admin vouches for is about the office, and nothing that this machine showed.
  const own = (judged?.rulings ?? []).filter(({ criterion }) => !VOUCHED.includes(criterion))
  const rulings = own.map(
    ({ criterion, level, verdict, because, limit }): SelfRuling => ({
      criterion,
      level,
      verdict,
      because,
      ...(limit === undefined ? {} : { limit }),
    }),
  )
  return {
    kind: 'command',
    at: now,
    office: named === null ? null : { id: named.id, name: named.name, by: plan.by },
    readiness: readinessOf(rulings),
    rulings,
  }
}
