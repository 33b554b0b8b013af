import type { Runner } from '../../core/runner.ts'
import type { RunnerStore } from '../../store/runners.ts'
import { type EnrollAnswer, enrollSchema } from '../../wire/enroll.ts'
import { type Enrolment, verifyEnrollProof } from '../../wire/enroll-proof.ts'
import { hashEnrolmentCode } from '../../wire/enrolment-code.ts'
import { ENROLL_BODY_LIMIT } from '../../wire/limits.ts'
import { readMessage } from '../../wire/read-message.ts'
import type { EnrollThrottle } from './enroll-throttle.ts'
import { type RunnerRefusal, refusal } from './verify-runner.ts'

/** What an enrolment writes and reads. */
export interface EnrollStore extends Pick<RunnerStore, 'code' | 'spendCode' | 'byKid' | 'put'> {
  /** The office's name; null when it is gone. */
  officeName(officeId: string): Promise<string | null>
}

export interface EnrollParts {
  readonly hub: string
  readonly store: EnrollStore
  readonly throttle: EnrollThrottle
  /** The id and the name of an office's next runner; the id is never given twice. */
  nextRunner(officeId: string): Promise<{ readonly id: string; readonly name: string }>
  /** What a new runner is at first: `pending` where an admin approves keys. */
  readonly firstState: 'pending' | 'active'
}

/** Why an enrolment was refused: for the audit and the admin's card, never for the one who asked. */
export type EnrollWhy = 'throttled' | 'malformed' | 'no-code' | 'expired' | 'used' | 'key-known' | 'no-office'

export type EnrollOutcome =
  | { readonly ok: true; readonly answer: EnrollAnswer; readonly runner: Runner; readonly repeated: boolean }
  | (RunnerRefusal & { readonly why: EnrollWhy; readonly officeId: string | null })

/** Makes a runner of a host that proves a one-time code and a key. Every refusal looks alike from outside. */
export async function enrollRunner(
  body: Uint8Array,
  address: string,
  parts: EnrollParts,
  now: number,
): Promise<EnrollOutcome> {
  const refuse = (why: EnrollWhy, officeId: string | null): EnrollOutcome => {
    if (why !== 'throttled') parts.throttle.failed(address, officeId, now)
    return { ...refusal('enrolment-refused'), why, officeId }
  }
  if (!parts.throttle.allows(address, null, now)) return refuse('throttled', null)
  const read = readMessage(enrollSchema, body, ENROLL_BODY_LIMIT)
  const asked = read.ok ? await verifyEnrollProof(read.message.proof, parts.hub, now) : null
  if (asked === null) return refuse('malformed', null)
  const { officeId } = asked.code
  if (!parts.throttle.allows(address, officeId, now)) return refuse('throttled', officeId)
  const taken = await take(asked, parts, now)
  return typeof taken === 'string' ? refuse(taken, officeId) : taken
}

async function take(asked: Enrolment, parts: EnrollParts, now: number): Promise<EnrollOutcome | EnrollWhy> {
  const { store } = parts
  const { officeId } = asked.code
  const hash = hashEnrolmentCode(asked.code.code)
  const code = await store.code(hash)
  if (code === null || code.officeId !== officeId) return 'no-code'
  const officeName = await store.officeName(officeId)
  if (officeName === null) return 'no-office'
  const known = await store.byKid(asked.kid)
  if (code.usedBy !== null) {
    if (code.usedBy !== asked.kid || code.runnerId === null) return 'used'
    // The answer was lost, or we died between the two writes: the second is made good.
    const runner = known ?? (await create(asked, code.runnerId, null, parts, now))
    return success(runner, officeName, true)
  }
  if (code.expiresAt <= now) return 'expired'
  if (known !== null) return 'key-known'
  const { id, name } = await parts.nextRunner(officeId)
  // Spent first: two hosts with one code must not both become runners.
  if (!(await store.spendCode(hash, code.etag, asked.kid, id))) {
    const again = await store.code(hash)
    return again?.usedBy === asked.kid ? take(asked, parts, now) : 'used'
  }
  return success(await create(asked, id, name, parts, now), officeName, false)
}

async function create(
  asked: Enrolment,
  id: string,
  name: string | null,
  parts: EnrollParts,
  now: number,
): Promise<Runner> {
  const runner: Runner = {
    id,
    officeId: asked.code.officeId,
    name: name ?? id,
    kid: asked.kid,
    publicKey: asked.publicKey,
    state: parts.firstState,
    enrolledAt: now,
    seenAt: null,
    hello: null,
    quarantined: false,
  }
  await parts.store.put(runner)
  return runner
}

function success(runner: Runner, officeName: string, repeated: boolean): EnrollOutcome | EnrollWhy {
  if (runner.state !== 'pending' && runner.state !== 'active') return 'used'
  const { id: runnerId, officeId, state: status } = runner
  return { ok: true, answer: { v: 1, runnerId, officeId, officeName, status }, runner, repeated }
}
