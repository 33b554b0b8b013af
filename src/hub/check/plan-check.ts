import { type Failure, failed } from '../../core/failure.ts'
import type { Measurement, Owed, ProbeName, Target } from '../../core/measurement.ts'
import type { Office } from '../../core/office.ts'
import type { Runner } from '../../core/runner.ts'

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

/** The host that stands for Exchange: what Outlook looks up first, and where the door's code is in the chain. */
const EXCHANGE: Target = { set: 1, host: 'outlook.office365.com' }

/** The host that stands for SharePoint; only a runner that knows its tenant can name it. */
const SHAREPOINT: Target = { set: 31, host: '{tenant}.sharepoint.com' }

/** OneDrive's host of the same tenant: the same network, and one more name by which its edge may be learned. */
const SHAREPOINT_MY: Target = { set: 31, host: '{tenant}-my.sharepoint.com' }

/** The Teams relay: the path that Optimize traffic takes. */
const RELAY: Target = { set: 11, host: 'world.tr.teams.microsoft.com' }

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
        const lacking = entries.filter((entry) => runner.hello?.probes[entry.probe] === undefined)
        already.push(...lacking.map((entry) => unmade(input, office, entry, 'unsupported-probe')))
        const refused = entries.filter((entry) => !lacking.includes(entry) && isRefused(input, office, entry))
        already.push(...refused.map((entry) => unmade(input, office, entry, 'policy-refused')))
      }
    }
  }
  return { owed, already }
}

/** Not one of its targets is in the hub's list. */
function isRefused({ allows }: PlanInput, office: Office, { params }: Owed): boolean {
  const { targets } = params
  return allows !== undefined && targets.length > 0 && !targets.some((target) => allows(office, target))
}

interface Look {
  readonly probe: ProbeName
  readonly targets: readonly Target[]
}

/** Last, and from one runner of an office alone; which file is taken, that runner's own settings say. */
const DOWNLOAD: Look = { probe: 'throughput', targets: [SHAREPOINT] }

function looksOf(
  runner: Runner | null,
  office: Office,
  input: Pick<PlanInput, 'tlsTargets' | 'reachTargets'>,
): readonly Look[] {
  const tenant = runner?.hello?.settings.tenant ?? false
  const nameable = (target: Target): boolean => tenant || !target.host.includes('{tenant}')
  const tls = input.tlsTargets(office).filter(nameable)
  const reach = input.reachTargets(office).filter(nameable)
  const sharePoint: readonly Look[] = tenant
    ? [{ probe: 'front-door', targets: [SHAREPOINT, SHAREPOINT_MY] }]
    : []
  return [
    { probe: 'host', targets: hostTargets(tls, reach) },
    { probe: 'resolver-identity', targets: [EXCHANGE] },
    { probe: 'egress', targets: [RELAY] },
    { probe: 'front-door', targets: [EXCHANGE] },
    ...sharePoint,
    { probe: 'rtt', targets: [EXCHANGE] },
    { probe: 'tls-path', targets: tls },
    { probe: 'reach', targets: reach },
    { probe: 'media', targets: [RELAY] },
  ]
}

/** Names that have to connect directly, the relay, and one ordinary name to compare source addresses with. */
function hostTargets(tls: readonly Target[], reach: readonly Target[]): readonly Target[] {
  return [...tls, ...reach.filter(({ set }) => set === RELAY.set || set === NEUTRAL_SET)]
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
