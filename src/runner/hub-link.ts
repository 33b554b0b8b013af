import type { Clock, Random } from '../core/ports.ts'
import { type RefusalCode, readRefusal } from '../wire/refusals.ts'
import { type Signer, signRequest } from '../wire/sign-request.ts'

/** One POST with JSON to the hub. */
export interface HubRequest {
  readonly path: string
  readonly body: string
  readonly authorization: string | null
  /** From the connect to the last byte. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** What came back. Trouble is for the log: whatever it is, the request is tried again. */
export type HubResponse =
  | {
      readonly ok: true
      readonly status: number
      readonly body: string
      /** What `Retry-After` asked for. */
      readonly retryAfterMs: number | null
      /** The hub's `Date`, epoch ms. */
      readonly date: number | null
    }
  | { readonly ok: false; readonly trouble: string }

/** Sends one request; never throws for what the network does. */
export type HubSend = (request: HubRequest) => Promise<HubResponse>

/** The answer to a signed request. */
export type HubAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | {
      readonly kind: 'refused'
      readonly status: number
      /** Null when the refusal is none of this protocol: something between us and the hub spoke. */
      readonly code: RefusalCode | null
      readonly retryAfterMs: number | null
    }
  | { readonly kind: 'trouble'; readonly trouble: string }
  | { readonly kind: 'clock-wrong'; readonly byMs: number }

/** A clock that is off by more is not corrected: TLS and logs of such a machine mislead too. */
export const MOST_OFFSET_MS = 24 * 3600 * 1000

/** What a link is made of. */
export interface LinkParts {
  readonly hub: string
  readonly signer: Signer
  readonly send: HubSend
  readonly clock: Clock
  readonly random: Random
  /** The clock is not corrected by more: {@link MOST_OFFSET_MS}, but any number in a world, which says how wrong it is. */
  readonly mostOffsetMs: number
}

/** The signed way to the hub, and what is known of its clock. */
export class HubLink {
  readonly #parts: LinkParts
  #offsetMs = 0

  constructor(parts: LinkParts) {
    this.#parts = parts
  }

  /** The hub's time, epoch ms. */
  now(): number {
    return this.#parts.clock.now() + this.#offsetMs
  }

  /** The hub's time at this moment was `hubNow`. */
  correct(hubNow: number): void {
    this.#offsetMs = hubNow - this.#parts.clock.now()
  }

  /** Posts a message, signed. A refusal for the clock alone is corrected and tried once more. */
  async post(path: string, body: string, timeoutMs: number, signal: AbortSignal): Promise<HubAnswer> {
    const first = await this.#once(path, body, timeoutMs, signal)
    if (!first.ok) return { kind: 'trouble', trouble: first.trouble }
    const refusal = first.status === 401 ? readRefusal(first.body) : null
    if (refusal?.error !== 'clock-skew' || refusal.now === undefined) return answerOf(first)
    const byMs = refusal.now - this.#parts.clock.now()
    if (Math.abs(byMs) > this.#parts.mostOffsetMs) return { kind: 'clock-wrong', byMs }
    this.correct(refusal.now)
    const second = await this.#once(path, body, timeoutMs, signal)
    return second.ok ? answerOf(second) : { kind: 'trouble', trouble: second.trouble }
  }

  async #once(path: string, body: string, timeoutMs: number, signal: AbortSignal): Promise<HubResponse> {
    const { hub, signer, random, send } = this.#parts
    const toSign = { hub, method: 'POST', path, body } as const
    const authorization = await signRequest(toSign, signer, this.now(), random)
    return send({ path, body, authorization, timeoutMs, signal })
  }
}

function answerOf(response: Extract<HubResponse, { ok: true }>): HubAnswer {
  const { status, body, retryAfterMs } = response
  if (status >= 200 && status < 300) return { kind: 'answered', status, body }
  return { kind: 'refused', status, code: readRefusal(body)?.error ?? null, retryAfterMs }
}

/** Reports whether a refusal means that this runner's key is dead. */
export function isDead(answer: HubAnswer): boolean {
  return answer.kind === 'refused' && (answer.code === 'revoked' || answer.code === 'expired')
}
