import { done, type Outcome } from '../../core/failure.ts'
import type { ProbeParams } from '../../core/measurement.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { QUERY_TIMEOUT_MS, serversOf } from '../shared/lookup.ts'
import { least, round2 } from '../shared/numbers.ts'
import { atOnceFor, isTimeout, succeeded, warmed } from '../shared/steps.ts'
import { countingStrays } from './count-strays.ts'
import { type Asked, CACHED_TIMES, type Direct, type ResolverIdentityResult } from './result.ts'
import { alone, readBacks, systemNonces, together } from './run-beacon.ts'
import { resolverNodes } from './run-nodes.ts'
import { inventedBy, lookAtPort53 } from './run-port53.ts'
import { subnetsSentOn } from './run-subnet.ts'
import { serverWhoami, systemOrTexts, systemWhoami } from './run-whoami.ts'

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
  const { context: counting, straysOf } = countingStrays(context)
  const looked =
    zone === null ? await byWhoami(counting, servers, warm) : await byBeacon(counting, zone, servers, warm)
  // Counted last: a question that is only shown may be the one that was answered by many.
  return done({ ...looked, direct: looked.direct.map((one) => ({ ...one, strays: straysOf(one.server) })) })
}

async function byBeacon(
  context: ProbeContext,
  zone: string,
  servers: readonly string[],
  warm: string,
): Promise<ResolverIdentityResult> {
  // What is only shown runs beside the rest; at most the wait for the silent address lasts longer than the timed part.
  const beside = lookAtPort53(context, zone, servers)
  // No name is asked for twice, so the system's and the direct questions do not disturb what each other learns.
  const [looked, batches, inventions] = await Promise.all([
    systemNonces(context, zone),
    together(context, zone, servers),
    inventedBy(context, zone, servers),
  ])
  const first = servers.map((server) => ({ server, asked: batches.get(server) ?? [] }))
  const [read, nodes] = await Promise.all([
    readBacks(context, zone, looked, servers[0]),
    resolverNodes(context, first),
  ])
  const subnets = await subnetsSentOn(context, warm, first, read)
  // From here on times count: one server after the other, but those with a slow way to them side by side.
  const timed = async (server: string): Promise<Direct> => {
    const batch = batches.get(server) ?? []
    const asked = isMute(batch) ? batch : [...batch, ...(await alone(context, zone, server))]
    const cachedMs = isMute(asked) ? [] : await cached(context, server, warm)
    const [subnet, invented] = [subnets.get(server) ?? null, inventions.get(server) ?? []]
    return { server, asked, cachedMs, subnet, invented, strays: 0 }
  }
  const isSlow = (server: string): boolean => atOnceFor(quickest(batches.get(server) ?? [])) > 1
  const slow = await Promise.all(servers.filter(isSlow).map(timed))
  const direct: Direct[] = []
  for (const server of servers) {
    direct.push(slow.find((one) => one.server === server) ?? (await timed(server)))
  }
  const system = looked.map((one) => one.sample)
  return { method: 'beacon', system, readBacks: read, direct, port53: await beside, nodes }
}

async function byWhoami(
  context: ProbeContext,
  servers: readonly string[],
  warm: string,
): Promise<ResolverIdentityResult> {
  const [system, first] = await Promise.all([
    systemWhoami(context),
    Promise.all(servers.map(async (server) => ({ server, asked: await serverWhoami(context, server) }))),
  ])
  const [nodes, subnets] = await Promise.all([
    resolverNodes(context, first),
    subnetsSentOn(context, warm, first, []),
  ])
  const direct: Direct[] = []
  for (const { server, asked } of first) {
    const cachedMs = isMute(asked) ? [] : await cached(context, server, warm)
    direct.push({ server, asked, cachedMs, subnet: subnets.get(server) ?? null, invented: [], strays: 0 })
  }
  return {
    method: 'whoami',
    system: systemOrTexts(system, first),
    readBacks: [],
    direct,
    port53: null,
    nodes,
  }
}

/** Asks once to make sure that the server knows the name, then one at a time. */
async function cached(context: ProbeContext, server: string, name: string): Promise<number[]> {
  const query = { name, type: 'A', server, timeoutMs: QUERY_TIMEOUT_MS } as const
  const ask = () => context.ports.dns.query(query, context.signal)
  const { tried } = await warmed(CACHED_TIMES, context.signal, ask, ({ ms }) => ms)
  return succeeded(tried).map((answer) => round2(answer.ms))
}

/** The least time of what was answered; null when nothing was. */
function quickest(asked: readonly Asked[]): number | null {
  return least(asked.flatMap((one) => ('ms' in one ? [one.ms] : [])))
}

/** Reports whether nothing at all came back. */
function isMute(asked: readonly Asked[]): boolean {
  return asked.every((one) => 'failure' in one && isTimeout(one.failure))
}
