import type { Finding, ResolverPlace, ResolverSeen } from '../../core/finding.ts'
import { boundKm, FIBRE_KM_PER_RTT_MS, isImpossible } from '../../core/geography.ts'
import { overrideFor } from '../../core/office.ts'
import type { EvaluateContext } from '../../core/probe.ts'
import { familyOf } from '../shared/address.ts'
import { finding, located, unmeasured } from '../shared/findings.ts'
import { commonest, distinct, least, round2 } from '../shared/numbers.ts'
import { seenAs, sentOn, sightingsOf } from './answers.ts'
import { besides } from './besides.ts'
import type { Asked, Direct, ResolverIdentityResult } from './result.ts'

/** Microsoft's limit between an office and its resolver: 500 miles, written as 800 km (domain.md 3.1 row 9, 10.6). */
const LOCAL_KM = 800

const QUESTION = 'resolver'

/** One finding that is owed, who asks the authority for this office or why that is not known, and what else was seen. */
export function evaluate(result: ResolverIdentityResult, context: EvaluateContext): readonly Finding[] {
  return [resolvers(result, context), ...besides(result, context)]
}

function resolvers(result: ResolverIdentityResult, context: EvaluateContext): Finding {
  const served = servedOf(result)
  if (served.length === 0) {
    const failures = result.system.flatMap((one) => ('failure' in one ? [one.failure] : []))
    return unmeasured(context, QUESTION, commonest(failures) ?? 'deadline-passed')
  }
  const serving = distinct(served.map((one) => one.address)).map((address) => {
    const nonces = served.filter((one) => one.address === address)
    const told = nonces.flatMap((one) => (one.server === null ? [] : [one.server]))
    return resolverSeen(result, context, address, nonces.length, told)
  })
  const busy = new Set(serving.flatMap((one) => one.servers))
  const quiet = result.direct.filter((one) => !busy.has(one.server))
  return finding(context, QUESTION, 'resolvers-seen', {
    method: result.method,
    serving,
    idle: distinct(quiet.flatMap((one) => seenAs(one))).map((address) =>
      resolverSeen({ ...result, direct: quiet }, context, address, 0, []),
    ),
    mute: quiet
      .filter((one) => seenAs(one).length === 0)
      .map((one) => ({ server: one.server, failure: commonest(failuresOf(one)) ?? 'deadline-passed' })),
  })
}

/**
 * Addresses that served a lookup of the system: those answered, and those read back that no answer could carry: both
 * families of a name that got no address, and the other family of one that did. Others of the same family are left out:
 * a forwarder may ask two resolvers at once, and the slower serves nobody.
 */
function servedOf(result: ResolverIdentityResult): { address: string; server: string | null }[] {
  const answered = result.system.flatMap((one) => ('address' in one ? [one] : []))
  const readBack = result.readBacks.flatMap(({ address, sightings }) =>
    distinct(sightings.map(({ ns }) => ns)).filter(
      (ns) => address === null || familyOf(ns) !== familyOf(address),
    ),
  )
  return [...answered, ...readBack.map((address) => ({ address, server: null }))]
}

function resolverSeen(
  result: ResolverIdentityResult,
  context: EvaluateContext,
  address: string,
  nonces: number,
  told: readonly string[],
): ResolverSeen {
  const servers = result.direct.filter((one) => seenAs(one).includes(address)).map((one) => one.server)
  const times = timesOf(result, address)
  // A resolver behind the office's own way out is at the office, wherever a table of places has it.
  const own = [...context.office.resolvers, ...context.office.egress]
  const where = located(context, address, own)
  const place = placeOf(context, where.registered, where.km, times.uncachedMs)
  return {
    ...where,
    place,
    nonces,
    servers: distinct([...servers, ...told]),
    ...times,
    timeSaysFar: timeSaysFar(where.km, limitKm(context), times),
    ...subnetOf(result, address),
    alsoFrom: alsoFrom(result, address),
    overTcpOnly: overTcpOnly(result, address),
  }
}

/** Registered is exact truth; a near place or a short time suffices; a far place stands only where time allows it. */
function placeOf(
  context: EvaluateContext,
  registered: boolean,
  km: number | null,
  uncachedMs: number | null,
): ResolverPlace {
  const limit = limitKm(context)
  if (registered) return 'registered'
  if (km !== null && km <= limit) return 'near'
  // The question went to the resolver and on to the authority and back within this time: a hard bound.
  if (uncachedMs !== null && boundKm(uncachedMs) <= limit) return 'bounded'
  if (km === null) return 'unlocated'
  return uncachedMs !== null && isImpossible(km, uncachedMs) ? 'disputed' : 'far'
}

interface Times {
  readonly cachedMs: number | null
  readonly uncachedMs: number | null
}

/** Both times of the one server that was quickest with names it cannot know: times of two servers do not subtract. */
function timesOf(result: ResolverIdentityResult, address: string): Times {
  let best: Times = { cachedMs: null, uncachedMs: null }
  for (const direct of result.direct) {
    if (!seenAs(direct).includes(address)) continue
    const cachedMs = least(direct.cachedMs)
    // A whoami answer may come from a cache, and a cached time bounds nothing.
    const uncachedMs = result.method === 'beacon' ? least(msSeenAs(direct, address)) : null
    const quicker =
      uncachedMs === null
        ? best.uncachedMs === null && (best.cachedMs === null || (cachedMs ?? Infinity) < best.cachedMs)
        : best.uncachedMs === null || uncachedMs < best.uncachedMs
    if (quicker) best = { cachedMs, uncachedMs }
  }
  return best
}

function timeSaysFar(km: number | null, limit: number, { cachedMs, uncachedMs }: Times): boolean {
  if (km === null || km <= limit || cachedMs === null || uncachedMs === null) return false
  return round2(uncachedMs - cachedMs) > km / FIBRE_KM_PER_RTT_MS
}

/** The scope counts only for the very subnet that was seen to be sent on, and where servers differ the least does. */
function subnetOf(
  result: ResolverIdentityResult,
  address: string,
): { clientSubnet: string | null; subnetScope: number | null } {
  const clientSubnet = sentOn(sightingsOf(result).filter(({ ns }) => ns === address))
  const scopes = result.direct.flatMap(({ subnet, ...direct }) =>
    subnet?.sent === clientSubnet && seenAs(direct).includes(address) ? [subnet?.scope ?? null] : [],
  )
  return {
    clientSubnet,
    subnetScope: scopes.includes(null) ? null : least(scopes.flatMap((one) => one ?? [])),
  }
}

/**
 * A server that is seen by both families is one resolver to who configured it, and two to who is asked. Two servers of
 * which each asked for one family of a name are two, as the direct questions tell.
 */
function alsoFrom(result: ResolverIdentityResult, address: string): string[] {
  const direct = result.direct.map(seenAs)
  const together = direct.filter((seen) => seen.includes(address)).flat()
  const apart = direct.flat().filter((other) => !together.includes(other))
  const told = result.readBacks.map(({ sightings }) => sightings.map(({ ns }) => ns))
  const all = [...together, ...told.filter((seen) => seen.includes(address)).flat()]
  return distinct(all).filter((other) => familyOf(other) !== familyOf(address) && !apart.includes(other))
}

function overTcpOnly(result: ResolverIdentityResult, address: string): boolean {
  const answers = result.direct.flatMap(({ asked }) =>
    asked.flatMap((one) => ('ns' in one && one.ns === address ? [one.transport] : [])),
  )
  return answers.length > 0 && answers.every((transport) => transport === 'tcp')
}

function msSeenAs(direct: Direct, address: string): number[] {
  return direct.asked.flatMap((one) => ('ns' in one && one.ns === address ? [one.ms] : []))
}

function failuresOf(direct: Direct): Extract<Asked, { failure: unknown }>['failure'][] {
  return direct.asked.flatMap((one) => ('failure' in one ? [one.failure] : []))
}

/** The office's own limit where an admin set one that held when the measurement came in. */
function limitKm(context: EvaluateContext): number {
  const { office, measurement } = context
  return overrideFor(office, 'local-dns', measurement.receivedAt)?.value ?? LOCAL_KM
}
