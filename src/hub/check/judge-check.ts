import type { Check } from '../../core/check.ts'
import { type Evidence, findingsOf, type OwedQuestion } from '../../core/evidence.ts'
import type { ChainState, Finding } from '../../core/finding.ts'
import { distanceKm } from '../../core/geography.ts'
import type { Measurement, ProbeName } from '../../core/measurement.ts'
import type { Office } from '../../core/office.ts'
import type { Atlas, Probe } from '../../core/probe.ts'
import { type ReachMemory, reachMemoryOf } from '../../core/reach-memory.ts'
import type { Ruling } from '../../core/ruling.ts'
import type { CriterionId, Readiness } from '../../core/verdict.ts'
import { judgeAll } from '../../criteria/judge.ts'
import { compareReach } from './compare-reach.ts'
import { NO_RUNNER } from './plan-check.ts'

/** What another office's latest evidence says that this office's criteria may compare with. */
export interface Elsewhere {
  readonly officeId: string
  /** Addresses that its Optimize traffic left by. */
  readonly egress: readonly string[]
  /** Per host, the key that signed its certificate, whose it says it is, and whether the chain was clean. */
  readonly chains: readonly {
    readonly host: string
    readonly authorityKey: string
    readonly issuer?: string
    readonly clean: boolean
  }[]
  /** Which required names answered it. */
  readonly reach: ReachMemory
}

/** Findings by the measurement they were stated from. */
export type FindingsMemo = WeakMap<Measurement, readonly Finding[]>

/** What judging needs besides the check; all of it passed in. */
export interface JudgeInput {
  readonly check: Check
  readonly office: Office
  readonly offices: readonly Office[]
  readonly atlas: Atlas
  readonly probes: Readonly<Record<ProbeName, Probe<unknown>>>
  readonly elsewhere: readonly Elsewhere[]
  /** Required sets of which no runner can ask a name. */
  readonly unmeasurableSets: readonly number[]
  /** Findings stated before; filled along the way. */
  readonly memo: FindingsMemo
  readonly hubListVersion: string
  /** When the hub's list was last known to be the newest, epoch ms; null: never. */
  readonly hubListRefreshedAt: number | null
  readonly runnerNames: Readonly<Record<string, string>>
  readonly requiredToo?: readonly CriterionId[]
  readonly now: number
}

/** What one check says about one office. */
export interface Judgement {
  readonly officeId: string
  readonly rulings: readonly Ruling[]
  readonly readiness: Readiness
  readonly evidence: Evidence
}

/** Measurements to findings to rulings. Pure, so a card can be drawn again from stored rows at any time. */
export function judgeCheck(input: JudgeInput): Judgement {
  const evidence = gatherEvidence(input)
  const { rulings, readiness } = judgeAll(evidence)
  return { officeId: input.office.id, rulings, readiness, evidence }
}

/** The findings of every measurement of one office that is in, with what the plan owes. */
export function gatherEvidence(input: JudgeInput): Evidence {
  const { check, office, probes } = input
  const owed = check.owed.filter((entry) => entry.officeId === office.id)
  const questions = owed.flatMap((entry): readonly OwedQuestion[] =>
    probes[entry.probe].questions(entry.params).map((question) => ({
      question,
      runnerId: entry.runnerId,
      measurementId: entry.measurementId,
    })),
  )
  const made = owed.flatMap((entry) => check.measurements[entry.measurementId] ?? [])
  const stated = made.flatMap((measurement) => {
    const own = input.memo.get(measurement) ?? stateFindings(measurement, input)
    input.memo.set(measurement, own)
    return own
  })
  const others = input.elsewhere.filter((other) => other.officeId !== office.id)
  const egress = new Map(input.elsewhere.map((entry) => [entry.officeId, entry.egress]))
  const runners = new Set(owed.map(({ runnerId }) => runnerId))
  return {
    office,
    owed,
    questions,
    findings: [
      ...stated,
      ...compareReach(
        stated,
        others.map(({ reach }) => reach),
      ),
    ],
    seenElsewhere: otherPlaced(input).map((other) => ({
      officeName: other.name,
      km: distanceKm(office.at, other.at),
      addresses: egress.get(other.id) ?? [],
    })),
    chainsElsewhere: chainsElsewhere(input, stated),
    unmeasurableSets: input.unmeasurableSets,
    listVersions: {
      hub: input.hubListVersion,
      refreshedAt: input.hubListRefreshedAt,
      runners: listVersionsOf(made),
    },
    ...(input.requiredToo === undefined ? {} : { requiredToo: input.requiredToo }),
    runnerNames: Object.fromEntries([...runners].flatMap((id) => nameOf(id, input.runnerNames))),
    now: input.now,
  }
}

/**
 * Chains of the other offices of this world, for what another world's offices see is true there alone; and of the hosts
 * whose own chain is not clean, for a clean one is compared with nothing. All of them would be most of what is stored.
 */
function chainsElsewhere(
  { office, offices, elsewhere }: JudgeInput,
  stated: readonly Finding[],
): Evidence['chainsElsewhere'] {
  const doubted = new Set(
    stated.flatMap((finding) =>
      finding.code === 'tls-seen' && !isClean(finding.args.chain) ? [finding.args.host] : [],
    ),
  )
  if (doubted.size === 0) return []
  const others = new Set(offices.flatMap((other) => (other.id === office.id ? [] : [other.id])))
  return elsewhere
    .filter(({ officeId }) => others.has(officeId))
    .flatMap(({ officeId, chains }) =>
      chains.filter(({ host }) => doubted.has(host)).map((chain) => ({ ...chain, officeId })),
    )
}

function nameOf(runnerId: string, names: JudgeInput['runnerNames']): readonly (readonly [string, string])[] {
  const name = names[runnerId]
  return name === undefined ? [] : [[runnerId, name]]
}

function isClean(chain: ChainState): boolean {
  return chain === 'clean' || chain === 'clean-with-known-intermediate'
}

/** Other offices whose distance from this one means something. */
function otherPlaced({ office, offices }: Pick<JudgeInput, 'office' | 'offices'>): readonly Office[] {
  return office.placed ? offices.filter((other) => other.id !== office.id && other.placed) : []
}

function listVersionsOf(made: readonly Measurement[]): Readonly<Record<string, string>> {
  const versions: Record<string, string> = {}
  for (const entry of made) {
    if (entry.runnerId !== NO_RUNNER && entry.listVersion !== '') versions[entry.runnerId] = entry.listVersion
  }
  return versions
}

/** The findings of one measurement: the probe's own, or for each of its questions the word for why there is none. */
export function stateFindings(
  measurement: Measurement,
  input: Pick<JudgeInput, 'office' | 'offices' | 'atlas' | 'probes'>,
): readonly Finding[] {
  const probe = input.probes[measurement.probe]
  const { outcome } = measurement
  const read = outcome.ok ? probe.read(outcome.result) : outcome
  if (!read.ok) {
    return probe.questions(measurement.params).map((question) => ({
      code: 'unmeasured',
      question,
      runnerId: measurement.runnerId,
      measurementId: measurement.measurementId,
      args: { question, failure: read.failure },
    }))
  }
  return probe.evaluate(read.result, {
    office: input.office,
    otherOffices: input.offices.filter((entry) => entry.id !== input.office.id),
    atlas: input.atlas,
    measurement,
  })
}

/** What this office's evidence offers to the judging of others. */
export function elsewhereOf(evidence: Evidence): Elsewhere {
  const flows = findingsOf(evidence, 'relay-egress-seen').flatMap((finding) => finding.args.flows)
  const egress = new Set(flows.flatMap((flow) => (flow.from ? [flow.from.address] : [])))
  return {
    officeId: evidence.office.id,
    egress: [...egress],
    chains: findingsOf(evidence, 'tls-seen').map(({ args }) => ({
      host: args.host,
      authorityKey: args.authorityKey,
      issuer: args.issuer,
      clean: isClean(args.chain),
    })),
    reach: reachMemoryOf(evidence.findings),
  }
}
