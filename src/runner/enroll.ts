import type { Clock, Random } from '../core/ports.ts'
import { type EnrollAnswer, enrollAnswerSchema } from '../wire/enroll.ts'
import { signEnrollProof } from '../wire/enroll-proof.ts'
import { readEnrolmentCode } from '../wire/enrolment-code.ts'
import { HUB_BODY_LIMIT, TOLERANCE_SECONDS } from '../wire/limits.ts'
import { fingerprint } from '../wire/public-key.ts'
import { readMessage } from '../wire/read-message.ts'
import { ROUTES } from '../wire/routes.ts'
import { type Home, loadKey, readIdentity, writeIdentity } from './home.ts'
import type { HubResponse, HubSend } from './hub-link.ts'
import { backoffMs, pause } from './pause.ts'

/** What an enrolment needs. */
export interface EnrollParts {
  readonly hub: string
  readonly home: Home
  readonly send: HubSend
  readonly clock: Clock
  readonly random: Random
  readonly version: string
  readonly label: string
}

/** What to tell the person who enrols. */
export type EnrollResult =
  | { readonly ok: true; readonly answer: EnrollAnswer; readonly fingerprint: string }
  | { readonly ok: false; readonly because: string }

const TIMEOUT_MS = 10_000
/** A lost answer is asked for again: the same code and key get the same answer. */
const TRIES = 4

/** Makes this machine a runner with a one-time code. The key is made and stored before anything is sent. */
export async function enroll(pasted: string, parts: EnrollParts, signal: AbortSignal): Promise<EnrollResult> {
  const { home, hub } = parts
  const code = readEnrolmentCode(pasted)
  if (code === null) return refused('that is not an enrolment code: dse_, the office, and 32 characters')
  const known = await readIdentity(home)
  if (known !== null) {
    return refused(
      `this folder holds runner ${known.runnerId} of ${known.officeName} already; take another --home`,
    )
  }
  const reused = await home.hasKey()
  let response = await send(code.code, parts, signal)
  if (reused && isRefused(response)) {
    // The key of an enrolment that was never finished may be spent with an older code; this code is not.
    await home.replaceKey()
    response = await send(code.code, parts, signal)
  }
  if (!response.ok) return refused(`the hub did not answer (${response.trouble})`)
  if (isRefused(response)) return refused('the hub refused the code: it is used, too old, or not of this hub')
  if (response.status !== 200) return refused(`the hub answered with status ${response.status}`)
  const read = readMessage(enrollAnswerSchema, response.body, HUB_BODY_LIMIT)
  if (!read.ok) return refused('the hub answered with something else; is this its address?')
  const { runnerId, officeId, officeName } = read.message
  await writeIdentity(home, { hub, runnerId, officeId, officeName })
  return { ok: true, answer: read.message, fingerprint: fingerprint((await loadKey(home)).kid) }
}

async function send(code: string, parts: EnrollParts, signal: AbortSignal): Promise<HubResponse> {
  const { clock, random } = parts
  const key = await loadKey(parts.home)
  let offsetMs = 0
  for (let tries = 1; ; tries++) {
    const { hub, version, label } = parts
    const { publicKey, privateKey } = key
    const toSign = { hub, code, version, label, publicKey, privateKey }
    const proof = await signEnrollProof(toSign, clock.now() + offsetMs, random)
    const body = JSON.stringify({ v: 1, proof })
    const response = await parts.send({
      path: ROUTES.enroll,
      body,
      authorization: null,
      timeoutMs: TIMEOUT_MS,
      signal,
    })
    if (tries >= TRIES || signal.aborted) return response
    if (!response.ok || response.status >= 500) {
      await pause(clock, backoffMs(tries, random, response.ok ? response.retryAfterMs : null), signal)
      continue
    }
    // The hub does not say why it refuses; its clock does when ours is wrong.
    const skewMs = response.date === null ? 0 : response.date - clock.now() - offsetMs
    if (!isRefused(response) || Math.abs(skewMs) < TOLERANCE_SECONDS * 1000) return response
    offsetMs += skewMs
  }
}

function isRefused(response: HubResponse): boolean {
  return response.ok && response.status === 403
}

function refused(because: string): EnrollResult {
  return { ok: false, because }
}
