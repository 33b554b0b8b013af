import { done, failed, type Outcome } from '../../core/failure.ts'
import type { ProbeParams } from '../../core/measurement.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { familyOf, isPublic } from '../shared/address.ts'
import { familiesByWay } from '../shared/families.ts'
import { addressesOf, askSystem } from '../shared/lookup.ts'
import { distinct, round2 } from '../shared/numbers.ts'
import { DESTINATIONS, INTERVAL_MS, type MediaResult, MOST_PACKETS, type Train } from './result.ts'

/** Where Teams' relays answer STUN (endpoint set 11). */
const MEDIA_PORT = 3478

/** Longer than any jitter buffer waits: what comes later is lost to a call. */
const LATE_MS = 800

/** Opening a flow sends nothing, but for a world's gateway. */
const OPEN_TIMEOUT_MS = 2_000

/** As in `egress`: three Bindings and an Allocate within this time. */
const BINDING_TIMEOUT_MS = 2_000

const MOST_DUPLICATES = 10_000

/** Sends trains to the first target, the relay. */
export async function run(params: ProbeParams, context: ProbeContext): Promise<Outcome<MediaResult>> {
  const [relay] = params.targets
  if (relay === undefined) return failed('params-refused', 'no relay')
  const [family] = await familiesByWay(context)
  const system = await askSystem(context, relay.host, family)
  // Lookups that lead to different relays are all what Teams may get: the first of each comes before any second.
  const firsts = system.flatMap((one) => ('addresses' in one ? one.addresses.slice(0, 1) : []))
  const addresses = distinct([...firsts, ...addressesOf(system, [])])
    .filter((address) => isPublic(address) && familyOf(address) === family)
    .slice(0, DESTINATIONS)
  const [trains, hops] = await Promise.all([
    Promise.all(addresses.map((to) => trainTo(context, to))),
    hopsTo(context, addresses[0]),
  ])
  return done({ target: relay.host, system, trains, hops })
}

async function trainTo(context: ProbeContext, to: string): Promise<Train> {
  const count = Math.round((context.settings.mediaSeconds * 1_000) / INTERVAL_MS)
  const plan = { count, intervalMs: INTERVAL_MS, lateMs: LATE_MS }
  const target = { address: to, port: MEDIA_PORT, timeoutMs: OPEN_TIMEOUT_MS }
  const outcome = await context.ports.stun.train(target, plan, context.signal)
  if (!outcome.ok) return { to, failure: outcome.failure }
  const { packets, blurred, reordered, duplicates } = outcome.result
  // A relay that leaves Bindings alone and answers an Allocate is reached: nothing was learned of how media fares.
  if (packets.length > 0 && packets.every((ms) => ms === null) && (await answersWithErrors(context, to)))
    return { to, failure: 'stun-error' }
  return {
    to,
    packets: packets.slice(0, MOST_PACKETS).map((ms) => (ms === null ? null : round2(ms))),
    blurred: Math.min(MOST_PACKETS, blurred),
    reordered: Math.min(MOST_PACKETS, reordered),
    duplicates: Math.min(MOST_DUPLICATES, duplicates),
  }
}

/** Reports whether a server that leaves Bindings unanswered has an error for an Allocate, which the port tries by itself. */
async function answersWithErrors(context: ProbeContext, to: string): Promise<boolean> {
  const target = { address: to, port: MEDIA_PORT, timeoutMs: BINDING_TIMEOUT_MS }
  const outcome = await context.ports.stun.binding(target, context.signal)
  return outcome.ok && outcome.result.address === null
}

async function hopsTo(context: ProbeContext, to: string | undefined): Promise<MediaResult['hops']> {
  if (to === undefined) return null
  const target = { address: to, port: MEDIA_PORT, timeoutMs: OPEN_TIMEOUT_MS }
  const outcome = await context.ports.stun.hops(target, context.signal)
  return outcome.ok ? { hops: outcome.result.hops } : { failure: outcome.failure }
}
