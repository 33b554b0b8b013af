import type { Finding } from '../../core/finding.ts'
import type { Target } from '../../core/measurement.ts'
import type { EvaluateContext } from '../../core/probe.ts'
import { isPublic } from './address.ts'
import { finding } from './findings.ts'

/** Addresses of one host that are named: the first shows it, a few more show whose they are. */
const MOST = 4

/**
 * `range:<host>`, never owed: the public addresses among a host's answers that lie outside Microsoft's published
 * ranges of its set. Judged with the list that the hub holds; a set without ranges says nothing. `host` is as shown.
 */
export function outsideRanges(
  context: EvaluateContext,
  target: Target,
  host: string,
  addresses: readonly string[],
): Finding[] {
  return addresses
    .filter((address) => isPublic(address) && context.atlas.inPublishedRanges(target.set, address) === false)
    .slice(0, MOST)
    .map((address) => finding(context, `range:${target.host}`, 'outside-ranges', { host, address }))
}
