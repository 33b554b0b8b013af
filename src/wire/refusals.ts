import * as z from 'zod'

/**
 * The closed list of reasons for which the hub refuses a runner's request, each with its HTTP status. The body of a
 * refusal is `{ "error": code }` and, for `clock-skew`, the hub's time in epoch ms as `now`.
 */
export const REFUSALS = {
  /** The body is not JSON, or is JSON that readers may understand differently (a key twice, too deep, 1e999). */
  'not-json': 400,
  /** The body is JSON and not this message. */
  'message-refused': 400,
  /** The message's `v` is one that this hub does not speak. */
  'version-unsupported': 400,
  /** No good signature of a known runner; says no more on purpose. */
  unauthorized: 401,
  /** The signature is good and the time in it is not; `now` says the hub's. */
  'clock-skew': 401,
  /** Enrolment failed; the same answer for every reason. */
  'enrolment-refused': 403,
  /** An admin has not approved the key yet: ask again later. */
  pending: 403,
  /** Two machines seem to use this key; an admin decides. */
  locked: 403,
  /** The key is dead for ever. */
  revoked: 403,
  /** The runner was away for too long and must be enrolled anew. */
  expired: 403,
  /** The measurement is owed by another runner. */
  'not-yours': 403,
  /** Too many bad messages in a row; an admin has been told. */
  quarantined: 403,
  'unknown-check': 404,
  /** The check is closed; the measurement was kept as late. */
  finished: 409,
  /** Another measurement was stored under this id before. */
  conflict: 409,
  /** The job has been given out again since; the newer attempt counts. */
  'attempt-old': 409,
  /** Nobody asked for this measurement. */
  unasked: 409,
  /** The hub does not know this probe. */
  'unknown-probe': 409,
  'too-large': 413,
  'media-type': 415,
  'too-many': 429,
  /** The hub cannot answer now; `Retry-After` may say when. */
  busy: 503,
} as const satisfies Record<string, number>

/** One word of the closed list. */
export type RefusalCode = keyof typeof REFUSALS

/** The body of a refusal. */
export interface RefusalBody {
  readonly error: RefusalCode
  /** The hub's time in epoch ms, with `clock-skew` only. */
  readonly now?: number
}

const refusalSchema = z.object({ error: z.string(), now: z.number().optional() })

/** Reads a refusal that came with an HTTP status other than 2xx; null when it is none of ours. */
export function readRefusal(text: string): RefusalBody | null {
  const parsed = refusalSchema.safeParse(parseOrNull(text))
  if (!parsed.success || !Object.hasOwn(REFUSALS, parsed.data.error)) return null
  const error = parsed.data.error as RefusalCode
  return parsed.data.now === undefined ? { error } : { error, now: parsed.data.now }
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
