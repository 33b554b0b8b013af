import { done, type Outcome } from '../../core/failure.ts'
import type { ProbeParams } from '../../core/measurement.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { QUERY_TIMEOUT_MS, serversOf } from '../shared/lookup.ts'
import { round2 } from '../shared/numbers.ts'
import { isTimeout, series, succeeded } from '../shared/steps.ts'
import { type Asked, CACHED_TIMES, type Direct, type ResolverIdentityResult } from './result.ts'
import { alone, readBacks, systemNonces, together } from './run-beacon.ts'
import { serverWhoami, systemWhoami } from './run-whoami.ts'

/** A name with a TTL that every office's resolver holds anyway; the beacon's own TTL is 0. */
const WARM_NAME = 'outlook.office365.com'

/** Measures by the beacon where the runner has one, else by public whoami names. */
export async function run(
  params: ProbeParams,
  context: ProbeContext,
): Promise<Outcome<ResolverIdentityResult>> {
  const servers = serversOf(context)
  const warm = params.targets.find((target) => !target.host.includes('{'))?.host ?? WARM_NAME
  const zone = context.settings.beacon
  if (zone === null) return done(await byWhoami(context, servers, warm))
  return done(await byBeacon(context, zone, servers, warm))
}

async function byBeacon(
  context: ProbeContext,
  zone: string,
  servers: readonly string[],
  warm: string,
): Promise<ResolverIdentityResult> {
  const looked = await systemNonces(context, zone)
  const read = await readBacks(context, zone, looked, servers[0])
  const batches = await together(context, zone, servers)
  const direct: Direct[] = []
  // One server after the other from here on: these are the timed ones.
  for (const server of servers) {
    const batch = batches.get(server) ?? []
    const asked = isMute(batch) ? batch : [...batch, ...(await alone(context, zone, server))]
    direct.push({ server, asked, cachedMs: isMute(asked) ? [] : await cached(context, server, warm) })
  }
  return { method: 'beacon', system: looked.map((one) => one.sample), readBacks: read, direct }
}

async function byWhoami(
  context: ProbeContext,
  servers: readonly string[],
  warm: string,
): Promise<ResolverIdentityResult> {
  const system = await systemWhoami(context)
  const askedAll = await Promise.all(servers.map((server) => serverWhoami(context, server)))
  const direct: Direct[] = []
  for (const [index, server] of servers.entries()) {
    const asked = askedAll[index] ?? []
    direct.push({ server, asked, cachedMs: isMute(asked) ? [] : await cached(context, server, warm) })
  }
  return { method: 'whoami', system, readBacks: [], direct }
}

/** Asks once to make sure that the server knows the name, then one at a time. */
async function cached(context: ProbeContext, server: string, name: string): Promise<number[]> {
  const query = { name, type: 'A', server, timeoutMs: QUERY_TIMEOUT_MS } as const
  const [warming, ...tried] = await series(1 + CACHED_TIMES, context.signal, () =>
    context.ports.dns.query(query, context.signal),
  )
  if (warming === undefined) return []
  return succeeded(tried).map((answer) => round2(answer.ms))
}

/** Reports whether nothing at all came back. */
function isMute(asked: readonly Asked[]): boolean {
  return asked.every((one) => 'failure' in one && isTimeout(one.failure))
}
