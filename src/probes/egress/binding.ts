import type { ProbeContext } from '../../core/probe.ts'
import { canonical } from '../shared/address.ts'
import { round2 } from '../shared/numbers.ts'
import type { Flow } from './result.ts'

/** The port of STUN, and the first of Teams media (endpoint set 11). */
const STUN_PORT = 3478

/** One Binding from a new source port: one flow. */
export async function bindingTo(context: ProbeContext, to: string, timeoutMs: number): Promise<Flow> {
  const target = { address: to, port: STUN_PORT, timeoutMs }
  const outcome = await context.ports.stun.binding(target, context.signal)
  if (!outcome.ok) return { to, failure: outcome.failure, ms: null }
  const { result } = outcome
  const ms = round2(result.ms)
  const from = result.address === null ? null : canonical(result.address)
  return from === null || result.address === null
    ? { to, failure: 'stun-error', ms }
    : { to, from, port: result.port, ms }
}
