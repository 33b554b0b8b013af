import { importPKCS8, SignJWT } from 'jose'
import type { Dispatcher } from 'undici'
import { z } from 'zod'
import type { Clock, Random } from '../core/ports.ts'
import { Secret } from '../core/secret.ts'
import { askJson, type JsonQuestion } from './ask-json.ts'
import type { Cloud } from './cloud.ts'

/** How the bot proves who it is. */
export type BotProof =
  | {
      readonly kind: 'managed-identity'
      /** The platform's token service with the value that it wants to see; null: the one of virtual machines. */
      readonly endpoint: { readonly url: string; readonly header: Secret } | null
    }
  | { readonly kind: 'secret'; readonly secret: Secret }
  /** SHA-256 thumbprint in base64url, and the key as PKCS#8 in PEM. */
  | { readonly kind: 'certificate'; readonly thumbprint: string; readonly key: Secret }

export interface BotTokenOptions {
  readonly appId: string
  /** The app's own tenant. */
  readonly tenant: string
  readonly cloud: Pick<Cloud, 'login' | 'resource'>
  readonly proof: BotProof
  readonly dispatcher: Dispatcher
  readonly clock: Clock
  readonly random: Pick<Random, 'hex'>
  readonly log: { warn(fields: object, message: string): void }
  /** The token service of virtual machines; {@link VM_TOKEN_URL} outside tests. */
  readonly vmTokenUrl?: string
}

/** A token, or how long it is not worth asking again. */
export type TokenAnswer =
  | { readonly ok: true; readonly token: Secret }
  | { readonly ok: false; readonly retryAfterMs: number }

/** https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token */
export const VM_TOKEN_URL = 'http://169.254.169.254/metadata/identity/oauth2/token'

/** Tokens are good for an hour or a day; the last five minutes are left for a clock that differs and a slow answer. */
const MARGIN_MS = 5 * 60_000

/** After a no or a silence the next question waits: a wrong secret must not become a hundred wrong sign-ins. */
export const HOLD_MS = 5_000

const TIMEOUT_MS = 10_000
const MAX_BYTES = 64 * 1024

/** An assertion is used at once. Entra wants it to end within ten minutes. */
const ASSERTION_SECONDS = 300

const tokenSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,20000}$/),
  // Seconds; managed identities send texts, and App Service only the moment of the end.
  expires_in: z.coerce.number().positive().optional(),
  expires_on: z.coerce.number().positive().optional(),
})

const refusalSchema = z.object({
  error: z.string().regex(/^[a-z_]{1,40}$/),
  error_description: z.string().optional(),
})

/**
 * The bot's own token for the connector, kept until shortly before its end and renewed while it is still good; one
 * question at a time. Microsoft's library would look through every credential that a host may have, keeps tokens for
 * the whole process and has no time limit.
 */
export class BotToken {
  readonly #options: BotTokenOptions
  #held: { readonly token: Secret; readonly renewAt: number; readonly endsAt: number } | null = null
  #asking: Promise<void> | null = null
  #holdUntil = Number.NEGATIVE_INFINITY

  constructor(options: BotTokenOptions) {
    this.#options = options
  }

  /** The token. Waits for the service only while there is none that is good. Never rejects. */
  async get(): Promise<TokenAnswer> {
    const now = () => this.#options.clock.monotonic()
    if (this.#held === null || now() >= this.#held.renewAt) {
      const asked = this.#ask()
      if (this.#held === null || now() >= this.#held.endsAt) await asked
    }
    return this.#held !== null && now() < this.#held.endsAt
      ? { ok: true, token: this.#held.token }
      : { ok: false, retryAfterMs: Math.max(0, Math.ceil(this.#holdUntil - now())) }
  }

  async #ask(): Promise<void> {
    if (this.#asking === null && this.#options.clock.monotonic() < this.#holdUntil) return
    this.#asking ??= this.#askOnce().finally(() => {
      this.#asking = null
    })
    await this.#asking
  }

  async #askOnce(): Promise<void> {
    const { dispatcher, clock, log } = this.#options
    const at = clock.monotonic()
    const answer = await askJson(await this.#question(), dispatcher, clock)
    const read = answer.ok && answer.status === 200 ? tokenSchema.safeParse(answer.value) : null
    const lifeMs = read?.success ? this.#lifeMs(read.data) : 0
    if (read?.success && lifeMs > 0) {
      const renewAt = at + Math.max(lifeMs - MARGIN_MS, lifeMs / 2)
      this.#held = { token: new Secret(read.data.access_token), renewAt, endsAt: at + lifeMs }
      return
    }
    this.#holdUntil = clock.monotonic() + HOLD_MS
    log.warn(
      answer.ok ? { status: answer.status, ...wordsOf(answer.value) } : { failure: answer.failure },
      'the bot got no token',
    )
  }

  #lifeMs({ expires_in, expires_on }: z.infer<typeof tokenSchema>): number {
    if (expires_in !== undefined) return expires_in * 1000
    return expires_on === undefined ? 0 : expires_on * 1000 - this.#options.clock.now()
  }

  async #question(): Promise<JsonQuestion> {
    const { appId, tenant, cloud, proof } = this.#options
    const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES }
    if (proof.kind === 'managed-identity') return { ...this.#identityQuestion(proof), ...limits }
    const url = `${cloud.login}/${tenant}/oauth2/v2.0/token`
    const proved =
      proof.kind === 'secret'
        ? { client_secret: proof.secret.reveal() }
        : {
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: await this.#assertion(url, proof),
          }
    const form = {
      grant_type: 'client_credentials',
      client_id: appId,
      scope: `${cloud.resource}/.default`,
      ...proved,
    }
    return { url, method: 'POST', form, ...limits }
  }

  #identityQuestion({ endpoint }: Extract<BotProof, { kind: 'managed-identity' }>) {
    const { appId, cloud, vmTokenUrl = VM_TOKEN_URL } = this.#options
    const url = new URL(endpoint?.url ?? vmTokenUrl)
    url.searchParams.set('api-version', endpoint ? '2019-08-01' : '2018-02-01')
    url.searchParams.set('resource', cloud.resource)
    url.searchParams.set('client_id', appId)
    const headers: Record<string, string> = endpoint
      ? { 'x-identity-header': endpoint.header.reveal() }
      : { metadata: 'true' }
    return { url: url.href, headers }
  }

  /** https://learn.microsoft.com/entra/identity-platform/certificate-credentials */
  async #assertion(
    audience: string,
    { thumbprint, key }: Extract<BotProof, { kind: 'certificate' }>,
  ): Promise<string> {
    const { appId, clock, random } = this.#options
    const iat = Math.floor(clock.now() / 1000)
    return new SignJWT({ jti: random.hex(16) })
      .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })
      .setIssuer(appId)
      .setSubject(appId)
      .setAudience(audience)
      .setIssuedAt(iat)
      .setNotBefore(iat)
      .setExpirationTime(iat + ASSERTION_SECONDS)
      .sign(await importPKCS8(key.reveal(), 'PS256'))
  }
}

/** What may be told of a refusal: the error's name and Entra's number, which say what is wrong and no secret. */
function wordsOf(value: unknown): { readonly error?: string; readonly code?: string } {
  const refusal = refusalSchema.safeParse(value)
  if (!refusal.success) return {}
  const code = /\bAADSTS\d{1,9}\b/.exec(refusal.data.error_description ?? '')?.[0]
  return { error: refusal.data.error, ...(code === undefined ? {} : { code }) }
}
