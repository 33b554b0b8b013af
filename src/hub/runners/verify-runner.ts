import type { Runner } from '../../core/runner.ts'
import type { RefusalCode } from '../../wire/refusals.ts'
import { REFUSALS } from '../../wire/refusals.ts'
import { readSignedHeader, verifyRequest } from '../../wire/verify-request.ts'
import type { ReplayMemory } from './replay-memory.ts'

/** What of a registered runner decides whether it may speak. */
export type KnownRunner = Pick<Runner, 'id' | 'officeId' | 'state' | 'publicKey'>

/** A request as it arrived; `path` without the query, `body` as it was on the wire. */
export interface RunnerRequest {
  readonly authorization: string | undefined
  readonly method: string
  readonly path: string
  readonly body: Uint8Array
}

export interface VerifyParts {
  /** The origin that runners sign for. */
  readonly hub: string
  /** By thumbprint; must not be older than 5 s, so that a revocation holds within that time. */
  findRunner(kid: string): Promise<KnownRunner | null>
  readonly replay: ReplayMemory
}

/** A refusal as it goes out; `now` (epoch ms) only with `clock-skew`. */
export interface RunnerRefusal {
  readonly ok: false
  readonly status: number
  readonly code: RefusalCode
  readonly now?: number
}

export type RunnerVerdict =
  | { readonly ok: true; readonly runnerId: string; readonly officeId: string; readonly kid: string }
  | RunnerRefusal

/**
 * Who sent a request, proved. The order is the cheapest first: shape, key, state, signature with its claims, then
 * whether it was seen before. An unknown key and a bad signature get the same answer.
 */
export async function verifyRunner(
  request: RunnerRequest,
  parts: VerifyParts,
  now: number,
): Promise<RunnerVerdict> {
  const header = readSignedHeader(request.authorization)
  if (header === null) return refusal('unauthorized')
  const runner = await parts.findRunner(header.kid)
  if (runner === null) return refusal('unauthorized')
  if (runner.state !== 'active') return refusal(runner.state)
  const { method, path, body } = request
  const { id: runnerId, officeId, publicKey } = runner
  const asked = { hub: parts.hub, method, path, body, runnerId, publicKey, now }
  const verified = await verifyRequest(header, asked)
  if (!verified.ok) {
    return verified.code === 'clock-skew' ? { ...refusal('clock-skew'), now } : refusal(verified.code)
  }
  const taken = parts.replay.take(header.kid, verified.jti, verified.until, now)
  if (taken === 'full') return refusal('too-many')
  return taken === 'seen' ? refusal('unauthorized') : { ok: true, runnerId, officeId, kid: header.kid }
}

/** The refusal of a word, with its status. */
export function refusal(code: RefusalCode): RunnerRefusal {
  return { ok: false, status: REFUSALS[code], code }
}
