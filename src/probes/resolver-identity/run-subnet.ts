import type { ProbeContext } from '../../core/probe.ts'
import { QUERY_TIMEOUT_MS } from '../shared/lookup.ts'
import { sentOn } from './answers.ts'
import type { Direct, ReadBack } from './result.ts'

/**
 * Asks each server that sends a client subnet on for a name of Microsoft with that very subnet, and reads the scope in
 * the answer: above zero, Microsoft's authority chose by the subnet and not by who asked (RFC 7871 7.2.1). A server that
 * sends none is not asked: no application sends one in its place. All side by side.
 */
export async function subnetsSentOn(
  context: ProbeContext,
  name: string,
  direct: readonly Pick<Direct, 'server' | 'asked'>[],
  readBacks: readonly ReadBack[],
): Promise<Map<string, NonNullable<Direct['subnet']>>> {
  const looks = direct.map(async ({ server, asked }) => {
    const own = asked.flatMap((one) => ('ns' in one ? [one] : []))
    const addresses = own.map(({ ns }) => ns)
    const read = readBacks.flatMap(({ sightings }) => sightings).filter(({ ns }) => addresses.includes(ns))
    const sent = sentOn([...own, ...read])
    if (sent === null) return []
    const asking = { name, type: 'A', server, clientSubnet: sent } as const
    const query = { ...asking, timeoutMs: QUERY_TIMEOUT_MS, resend: true }
    const outcome = await context.ports.dns.query(query, context.signal)
    return [[server, { sent, scope: outcome.ok ? outcome.result.subnetScope : null }] as const]
  })
  return new Map((await Promise.all(looks)).flat())
}
