import { type Failure, failed } from '../../core/failure.ts'
import type { Measurement, Owed, ProbeName, Target } from '../../core/measurement.ts'
import type { Office } from '../../core/office.ts'
import type { Runner } from '../../core/runner.ts'
import { TEAMS_RELAY } from '../../endpoints/match.ts'
import { type ServiceTargets, WORLDWIDE } from '../../endpoints/service-targets.ts'

/** What planning looks at. */
export interface PlanInput {
  readonly checkId: string
  readonly offices: readonly Office[]
  readonly runners: readonly Runner[]
  readonly isSilent: (runnerId: string) => boolean
  /** Concrete hosts of the Optimize and Allow sets; `{tenant}` in those that need one. */
  readonly tlsTargets: (office: Office) => readonly Target[]
  /** Concrete hosts of the required sets; `{tenant}` in those that need one. */
  readonly reachTargets: (office: Office) => readonly Target[]
  /** The hosts by which the services are looked at; absent: Worldwide's. */
  readonly services?: (office: Office) => ServiceTargets
  /**
   * Whether the hub's own list allows a target: what it does not is owed and refused before it is sent. A hub without a
   * list, or with another instance's, thus never judges an office by the names of Worldwide. Absent: all are allowed.
   */
  readonly allows?: (office: Office, target: Target) => boolean
  /** Whether a download was asked for; by itself no check makes one. */
  readonly download?: boolean
  readonly newId: () => string
  readonly now: number
}

/** What a check owes, and the measurements that are known to fail before anything is sent. */
export interface Plan {
  readonly owed: readonly Owed[]
  readonly already: readonly Measurement[]
}

/** Owed where an instance has no such host, so that nothing is ever judged without it; nobody is asked for it. */
const NOBODY: ServiceTargets & { readonly exchange: Target; readonly relay: Target } = {
  sharePoint: [],
  exchange: { set: 1, host: 'outlook.office365.com' },
  relay: TEAMS_RELAY,
}

/** Certificate authorities' names: Default, and at others than Microsoft, so that no route made for Microsoft 365 holds them. */
const NEUTRAL_SET = 125

/** The id under which an office without any runner owes its measurements, so that nothing is ever judged on nothing. */
export const NO_RUNNER = 'none'

/** Which probes go to which runners. Pure: same input, same plan but for the ids. */
export function planCheck(input: PlanInput): Plan {
  const owed: Owed[] = []
  const already: Measurement[] = []
  for (const office of input.offices) {
    const runners = input.runners.filter(
      (runner) => runner.officeId === office.id && runner.state === 'active',
    )
    const download: readonly Look[] = input.download ? [DOWNLOAD] : []
    const downloader = runners.find(({ id }) => !input.isSilent(id)) ?? runners[0]
    if (runners.length === 0) {
      const looks = [...looksOf(null, office, input), ...download]
      const entries = owedBy(office, NO_RUNNER, looks, input.newId)
      owed.push(...entries)
      already.push(...entries.map((entry) => unmade(input, office, entry, 'no-runner')))
    }
    for (const runner of runners) {
      // Two at once would measure each other.
      const also = runner === downloader ? download : []
      const looks = [...looksOf(runner, office, input), ...also]
      const entries = owedBy(office, runner.id, looks, input.newId)
      owed.push(...entries)
      if (input.isSilent(runner.id)) {
        already.push(...entries.map((entry) => unmade(input, office, entry, 'runner-silent')))
      } else {
        for (const [at, entry] of entries.entries()) {
          const lacking = runner.hello?.probes[entry.probe] === undefined
          const why = lacking ? 'unsupported-probe' : refusalOf(input, office, entry, looks[at])
          if (why !== null) already.push(unmade(input, office, entry, why))
        }
      }
    }
  }
  return { owed, already }
}

/** Why nobody is asked for an entry: its instance has no such host, or not one of its targets is in the hub's list. */
function refusalOf(
  { allows }: PlanInput,
  office: Office,
  { params }: Owed,
  look: Look | undefined,
): Failure | null {
  if (look?.unpublished === true) return 'not-published'
  const { targets } = params
  const none = allows !== undefined && targets.length > 0 && !targets.some((target) => allows(office, target))
  return none ? 'policy-refused' : null
}

interface Look {
  readonly probe: ProbeName
  readonly targets: readonly Target[]
  /** The office's instance has no host for it. */
  readonly unpublished?: boolean
}

/** Last, and from one runner of an office alone; which file is taken, that runner's own settings say. */
const DOWNLOAD: Look = { probe: 'throughput', targets: WORLDWIDE.sharePoint.slice(0, 1) }

function looksOf(
  runner: Runner | null,
  office: Office,
  input: Pick<PlanInput, 'tlsTargets' | 'reachTargets' | 'services'>,
): readonly Look[] {
  const tenant = runner?.hello?.settings.tenant ?? false
  const nameable = (target: Target): boolean => tenant || !target.host.includes('{tenant}')
  const tls = input.tlsTargets(office).filter(nameable)
  const reach = input.reachTargets(office).filter(nameable)
  const services = input.services?.(office) ?? WORLDWIDE
  const exchange = {
    targets: [services.exchange ?? NOBODY.exchange],
    unpublished: services.exchange === null,
  }
  const relay = { targets: [services.relay ?? NOBODY.relay], unpublished: services.relay === null }
  const sharePoint: readonly Look[] =
    tenant && services.sharePoint.length > 0 ? [{ probe: 'front-door', targets: services.sharePoint }] : []
  return [
    { probe: 'host', targets: hostTargets(tls, reach, services.relay) },
    { probe: 'egress', ...relay },
    { probe: 'resolver-identity', ...exchange },
    { probe: 'front-door', ...exchange },
    ...sharePoint,
    { probe: 'rtt', ...exchange },
    { probe: 'tls-path', targets: tls },
    { probe: 'reach', targets: reach },
    { probe: 'media', ...relay },
  ]
}

/** Names that have to connect directly, the relay, and one ordinary name to compare source addresses with. */
function hostTargets(
  tls: readonly Target[],
  reach: readonly Target[],
  relay: Target | null,
): readonly Target[] {
  // Ids of sets mean other things in other instances.
  return relay === null
    ? tls
    : [...tls, ...reach.filter(({ set }) => set === relay.set || set === NEUTRAL_SET)]
}

function owedBy(
  office: Office,
  runnerId: string,
  looks: readonly Look[],
  newId: () => string,
): readonly Owed[] {
  return looks.map(({ probe, targets }) => ({
    measurementId: newId(),
    officeId: office.id,
    runnerId,
    probe,
    params: { targets },
  }))
}

/** A measurement that will not be made, with the word for why. */
export function unmade(
  input: { readonly checkId: string; readonly now: number },
  office: Pick<Office, 'world'>,
  owed: Owed,
  failure: Failure,
): Measurement {
  return {
    ...owed,
    checkId: input.checkId,
    outcome: failed(failure),
    startedAt: input.now,
    receivedAt: input.now,
    durationMs: 0,
    probeVersion: 0,
    runnerVersion: '',
    listVersion: '',
    loopDelayMs: 0,
    world: office.world,
  }
}
