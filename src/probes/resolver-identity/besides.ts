import type { Finding, Interception } from '../../core/finding.ts'
import type { EvaluateContext } from '../../core/probe.ts'
import { kindOf } from '../shared/address.ts'
import { finding, kmFromOffice } from '../shared/findings.ts'
import { distinct } from '../shared/numbers.ts'
import { sightingsOf } from './answers.ts'
import type { ResolverIdentityResult } from './result.ts'

/**
 * What is stated beside the one answer that is owed, each only where it was seen. No criterion judges these; their
 * questions begin with `resolver:`, so that the evidence for local DNS shows them.
 */
export function besides(result: ResolverIdentityResult, context: EvaluateContext): Finding[] {
  return [
    ...leaked(result, context),
    ...intercepted(result, context),
    ...rewritten(result, context),
    ...strays(result, context),
    ...nodes(result, context),
  ]
}

/** A prefix that means something only inside the office, sent to authorities outside it. */
function leaked(result: ResolverIdentityResult, context: EvaluateContext): Finding[] {
  const seen = new Map<string, { address: string; subnet: string }>()
  for (const { ns, ecs } of sightingsOf(result)) {
    const kind = kindOf(ecs?.split('/')[0] ?? '')
    if (ecs === null || ecs.endsWith('/0') || (kind !== 'private' && kind !== 'cgnat')) continue
    seen.set(`${ns} ${ecs}`, { address: ns, subnet: ecs })
  }
  const resolvers = [...seen.values()]
  return resolvers.length === 0
    ? []
    : [finding(context, 'resolver:subnet', 'client-subnet-leaked', { resolvers })]
}

/**
 * The beacon answers for its own zone: with authority, and never recursively. An address at which nothing answers cannot
 * answer. What a server invented for these names is no address of the beacon's owner and proves nothing.
 */
function intercepted({ port53, direct }: ResolverIdentityResult, context: EvaluateContext): Finding[] {
  if (port53 === null) return []
  const invented = direct.flatMap((one) => one.invented)
  const beacon = 'failure' in port53.beacon || invented.includes(port53.beacon.address) ? null : port53.beacon
  const silent = port53.silent === null || invented.includes(port53.silent.address) ? null : port53.silent
  const shownBy: Interception[] = [
    ...(beacon?.authoritative === false ? (['not-authoritative'] as const) : []),
    ...(beacon?.recursionAvailable === true ? (['recursive'] as const) : []),
    ...(silent?.answered === true ? (['silent-answers'] as const) : []),
  ]
  const byBeacon = shownBy.some((one) => one !== 'silent-answers')
  const asked = byBeacon ? beacon?.address : silent?.address
  if (shownBy.length === 0 || asked === undefined) return []
  const by = byBeacon ? (beacon?.ns ?? null) : null
  return [
    finding(context, 'resolver:port-53', 'port-53-intercepted', {
      shownBy,
      asked,
      by,
      node: silent?.node ?? null,
    }),
  ]
}

function rewritten({ direct }: ResolverIdentityResult, context: EvaluateContext): Finding[] {
  const servers = direct
    .filter(({ invented }) => invented.length > 0)
    .map(({ server, invented }) => ({ server, addresses: distinct(invented) }))
  return servers.length === 0
    ? []
    : [finding(context, 'resolver:nxdomain', 'nxdomain-rewritten', { servers })]
}

/** Each question has a port of its own, so one is odd already; this many are guesses, or a server that is broken (reliability.md D.4). */
const MANY_STRAYS = 10

function strays({ direct }: ResolverIdentityResult, context: EvaluateContext): Finding[] {
  const servers = direct
    .filter(({ strays: count }) => count >= MANY_STRAYS)
    .map(({ server, strays: count }) => ({ server, count }))
  return servers.length === 0 ? [] : [finding(context, 'resolver:strays', 'stray-dns-answers', { servers })]
}

function nodes(result: ResolverIdentityResult, context: EvaluateContext): Finding[] {
  if (result.nodes.length === 0) return []
  const seen = result.nodes.map((node) => {
    // Microsoft calls San Antonio SAN, where everybody else means San Diego.
    const airport = context.atlas.airport?.(node.code) ?? null
    return { ...node, km: airport === null ? null : kmFromOffice(context, airport) }
  })
  return [finding(context, 'resolver:nodes', 'resolver-nodes-seen', { nodes: seen })]
}
