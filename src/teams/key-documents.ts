import { type CryptoKey, importJWK, type JWK } from 'jose'
import type { Dispatcher } from 'undici'
import { z } from 'zod'
import { done, failed, type Outcome } from '../core/failure.ts'
import type { Clock } from '../core/ports.ts'
import { askJson } from './ask-json.ts'

/** One of the issuer's keys. */
export interface SigningKey {
  readonly key: CryptoKey
  /** The channels that it may sign for. */
  readonly endorsements: ReadonlySet<string>
}

/** The issuer answers within a second; a message waits at most this long for both documents, each. */
export const DOCUMENT_TIMEOUT_MS = 5_000

/** The real documents have 1 KB and some 100 KB. */
const MAX_METADATA_BYTES = 64 * 1024
const MAX_KEYS_BYTES = 1024 * 1024
const MAX_KEYS = 500

const metadataSchema = z.object({ issuer: z.string(), jwks_uri: z.string().max(1_000) })

const keysSchema = z.object({ keys: z.array(z.unknown()).max(MAX_KEYS) })

const keySchema = z.object({
  kty: z.literal('RSA'),
  kid: z.string().min(1).max(256),
  n: z.string().max(2_000),
  e: z.string().max(20),
  use: z.literal('sig').nullish(),
  endorsements: z.array(z.string().max(100)).max(1_000).nullish(),
})

/**
 * Fetches an issuer's keys by way of its OpenID document. The keys' address must be of the document's own origin, and
 * the document must name the issuer that we expect: a document that says otherwise is not the one we asked for. Keys
 * that cannot be read are passed over; none at all is a failure, so that an empty list never replaces what is held.
 */
export async function fetchSigningKeys(
  openIdMetadata: string,
  issuer: string,
  dispatcher: Dispatcher,
  clock: Pick<Clock, 'after'>,
): Promise<Outcome<ReadonlyMap<string, SigningKey>>> {
  const ask = (url: string, maxBytes: number) =>
    askJson({ url, timeoutMs: DOCUMENT_TIMEOUT_MS, maxBytes }, dispatcher, clock)
  const first = await ask(openIdMetadata, MAX_METADATA_BYTES)
  if (!first.ok) return failed(first.failure, 'OpenID document')
  const metadata = metadataSchema.safeParse(first.value)
  if (first.status !== 200 || !metadata.success) return failed('http-error', 'OpenID document')
  if (metadata.data.issuer !== issuer) return failed('http-error', 'OpenID document of another issuer')
  const { jwks_uri: address } = metadata.data
  if (!URL.canParse(address) || new URL(address).origin !== new URL(openIdMetadata).origin) {
    return failed('policy-refused', 'keys at another host')
  }
  const second = await ask(address, MAX_KEYS_BYTES)
  if (!second.ok) return failed(second.failure, 'keys')
  const listed = keysSchema.safeParse(second.value)
  if (second.status !== 200 || !listed.success) return failed('http-error', 'keys')
  const keys = await importKeys(listed.data.keys)
  return keys.size > 0 ? done(keys) : failed('http-error', 'no usable key')
}

async function importKeys(listed: readonly unknown[]): Promise<ReadonlyMap<string, SigningKey>> {
  const keys = new Map<string, SigningKey>()
  for (const entry of listed) {
    const jwk = keySchema.safeParse(entry)
    if (!jwk.success || keys.has(jwk.data.kid)) continue
    const { kty, n, e, kid, endorsements } = jwk.data
    const key = await importRsa({ kty, n, e })
    if (key !== null) keys.set(kid, { key, endorsements: new Set(endorsements ?? []) })
  }
  return keys
}

async function importRsa(jwk: JWK): Promise<CryptoKey | null> {
  try {
    const key = await importJWK(jwk, 'RS256')
    return key instanceof Uint8Array ? null : key
  } catch {
    return null
  }
}
