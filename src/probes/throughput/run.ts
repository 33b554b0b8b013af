import { done, failed, type Outcome } from '../../core/failure.ts'
import type { ProbeParams } from '../../core/measurement.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { familyOf, isPublic } from '../shared/address.ts'
import { familiesByWay } from '../shared/families.ts'
import { addressesOf, SYSTEM_TIMEOUT_MS, systemSample } from '../shared/lookup.ts'
import { round2 } from '../shared/numbers.ts'
import { failures, succeeded, type Tried, warmed } from '../shared/steps.ts'
import { concreteHost } from '../shared/targets.ts'
import { IDLE_TIMES, MOST_LOADED, type Series, type ThroughputResult } from './result.ts'

/** A connect that takes longer says that the line is full, which the others say too. */
const CONNECT_TIMEOUT_MS = 2_000

/** The port ends a download after as long. */
const DOWNLOAD_TIMEOUT_MS = 10_000

/** How often the round trip is looked at meanwhile (probes.md 1f): often enough for a median, too seldom to matter. */
const EVERY_MS = 100

/** Takes the file that the runner's own settings name from the first target. */
export async function run(params: ProbeParams, context: ProbeContext): Promise<Outcome<ThroughputResult>> {
  const [target] = params.targets
  if (target === undefined) return failed('params-refused', 'no host')
  const { download: file, tenant } = context.settings
  if (file === null) return failed('not-configured', 'no file is named')
  const host = concreteHost(target.host, tenant)
  if (host === null || host.toLowerCase() !== file.host) {
    return failed('not-configured', "the file is not on the tenant's host")
  }
  const { dns } = context.ports
  const [family] = await familiesByWay(context)
  const system = systemSample(await dns.systemLookup(host, family, SYSTEM_TIMEOUT_MS, context.signal))
  const address = addressesOf([system], []).find((one) => isPublic(one) && familyOf(one) === family)
  if (address === undefined) {
    return done({ target: host, system, address: null, idle: null, loaded: null, download: null })
  }
  const { first, tried } = await warmed(
    IDLE_TIMES,
    context.signal,
    () => connect(context, address),
    ({ ms }) => ms,
  )
  const idle = seriesOf(first, tried)
  const edge = { address, port: 443, timeoutMs: DOWNLOAD_TIMEOUT_MS }
  const under = loadWatch(context, address)
  const outcome = await context.ports.tcp.download({ ...edge, ...file }, context.signal)
  const loaded = seriesOf(undefined, await under.end())
  const download = outcome.ok ? { ...outcome.result } : { failure: outcome.failure }
  return done({ target: host, system, address, idle, loaded, download })
}

function connect(context: ProbeContext, address: string): Promise<Outcome<{ readonly ms: number }>> {
  const target = { address, port: 443, timeoutMs: CONNECT_TIMEOUT_MS }
  return context.ports.tcp.connect(target, context.signal)
}

function seriesOf(first: Tried<{ ms: number }> | undefined, tried: readonly Tried<{ ms: number }>[]): Series {
  return {
    tcpMs: succeeded(tried).map(({ ms }) => round2(ms)),
    failures: failures(first === undefined ? tried : [first, ...tried]),
  }
}

/** Connects every 100 ms until it is ended, and then waits for those under way. */
function loadWatch(context: ProbeContext, address: string): { end(): Promise<Tried<{ ms: number }>[]> } {
  const { clock } = context.ports
  const under: Promise<Tried<{ ms: number }>>[] = []
  const once = async (): Promise<Tried<{ ms: number }>> => {
    const outcome = await connect(context, address)
    return outcome.ok ? { ok: outcome.result } : { failure: outcome.failure }
  }
  const again = (): (() => void) =>
    clock.after(EVERY_MS, () => {
      if (under.length >= MOST_LOADED || context.signal.aborted) return
      under.push(once())
      cancel = again()
    })
  let cancel = again()
  return {
    end: () => {
      cancel()
      return Promise.all(under)
    },
  }
}
