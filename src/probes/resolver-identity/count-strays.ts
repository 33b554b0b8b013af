import type { ProbeContext } from '../../core/probe.ts'
import { MOST_STRAYS } from './result.ts'

/** A context whose DNS questions are counted for answers that belong to none of them, by the server that was asked. */
export function countingStrays(context: ProbeContext): {
  readonly context: ProbeContext
  readonly straysOf: (server: string) => number
} {
  const { dns } = context.ports
  const seen = new Map<string, number>()
  const query: typeof dns.query = async (asked, signal) => {
    const outcome = await dns.query(asked, signal)
    const strays = outcome.ok ? outcome.result.strays : 0
    if (strays > 0) seen.set(asked.server, (seen.get(asked.server) ?? 0) + strays)
    return outcome
  }
  const counted: typeof dns = {
    servers: () => dns.servers(),
    query,
    systemLookup: (name, family, timeoutMs, signal) => dns.systemLookup(name, family, timeoutMs, signal),
  }
  return {
    context: { ...context, ports: { ...context.ports, dns: counted } },
    straysOf: (server) => Math.min(MOST_STRAYS, seen.get(server) ?? 0),
  }
}
