import type { ProbeContext } from '../../core/probe.ts'
import { distinct } from '../shared/numbers.ts'
import { type Direct, isNodeName, MAX_NODES, type ResolverNode } from './result.ts'
import {
  cloudflareCode,
  googleNode,
  openDnsNode,
  quad9Code,
  type Service,
  serviceAt,
  serviceBehind,
} from './services.ts'

/** These names are only shown, never judged: nobody waits long for them. */
const NODE_TIMEOUT_MS = 1_000

/** Names of a server's own node in class CH, the newer first (RFC 4892). */
export const NODE_NAMES = ['id.server', 'hostname.bind'] as const

/**
 * Asks public resolver services, and no other server, which of their nodes answers this office; all side by side. A
 * service is known by its published address, or behind a forwarder by the address that the authority saw.
 */
export async function resolverNodes(
  context: ProbeContext,
  direct: readonly Pick<Direct, 'server' | 'asked'>[],
): Promise<ResolverNode[]> {
  const looks = direct.flatMap(({ server, asked }) => {
    const seen = distinct(asked.flatMap((one) => ('ns' in one ? [one.ns] : [])))
    if (seen.length === 0) return []
    const at = serviceAt(server)
    const services = at === null ? distinct(seen.flatMap((ns) => serviceBehind(ns) ?? [])) : [at]
    return services.map(async (service): Promise<ResolverNode[]> => {
      const nodes = await nodesOf(context, server, service, seen)
      return nodes.map((node) => ({ server, service, ...node }))
    })
  })
  return (await Promise.all(looks))
    .flat()
    .filter(({ node }) => isNodeName(node))
    .slice(0, MAX_NODES)
}

async function nodesOf(
  context: ProbeContext,
  server: string,
  service: Service,
  seen: readonly string[],
): Promise<{ node: string; code: string }[]> {
  switch (service) {
    case 'cloudflare': {
      const node = await nodeName(context, server, NODE_TIMEOUT_MS)
      const code = node === null ? null : cloudflareCode(node)
      return node === null || code === null ? [] : [{ node, code }]
    }
    case 'quad9': {
      const lines = await texts(context, server, 'id.server.on.quad9.net')
      return lines.flatMap((node) => {
        const code = quad9Code(node)
        return code === null ? [] : [{ node, code }]
      })
    }
    case 'opendns':
      return (await texts(context, server, 'debug.opendns.com')).flatMap((line) => openDnsNode(line) ?? [])
    case 'google': {
      const lines = await texts(context, server, 'locations.publicdns.goog')
      return seen.flatMap((ns) => googleNode(lines, ns) ?? [])
    }
  }
}

/** What a server calls itself; null when it does not say. */
export async function nodeName(
  context: ProbeContext,
  server: string,
  timeoutMs: number,
): Promise<string | null> {
  for (const name of NODE_NAMES) {
    const query = { name, type: 'TXT', chaos: true, server, timeoutMs } as const
    const outcome = await context.ports.dns.query(query, context.signal)
    const text = outcome.ok ? outcome.result.records.find(({ type }) => type === 'TXT')?.data : undefined
    if (text !== undefined) return isNodeName(text) ? text : null
    if (!outcome.ok && outcome.failure === 'dns-timeout') return null
  }
  return null
}

async function texts(context: ProbeContext, server: string, name: string): Promise<string[]> {
  const query = { name, type: 'TXT', server, timeoutMs: NODE_TIMEOUT_MS } as const
  const outcome = await context.ports.dns.query(query, context.signal)
  if (!outcome.ok) return []
  return outcome.result.records.flatMap((one) =>
    one.type === 'TXT' ? (one.strings === undefined ? [one.data] : [...one.strings]) : [],
  )
}
