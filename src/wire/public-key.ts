import { createHash } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'

/** An Ed25519 public key as a JWK with nothing else in it. */
export interface PublicKey {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  /** base64url of the 32 bytes. */
  readonly x: string
}

/**
 * Encodings of points of small order (hex, the sign bit cleared), those above the field's prime included: libsodium's
 * list. With one of them as key, a fixed signature verifies many messages, so such a key proves nothing.
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
])

/** The bytes of base64url text in its one canonical spelling; null for any other text. */
export function fromBase64url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : null
}

/** Reads a public key that came from outside: Ed25519, 32 bytes in one spelling, not of small order; else null. */
export function readPublicKey(value: unknown): PublicKey | null {
  if (typeof value !== 'object' || value === null) return null
  const { kty, crv, x, d } = value as Record<string, unknown>
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string' || d !== undefined) return null
  const bytes = fromBase64url(x)
  if (bytes?.length !== 32) return null
  const signless = Buffer.from(bytes)
  signless[31] = (signless[31] ?? 0) & 0x7f
  return SMALL_ORDER.has(signless.toString('hex')) ? null : { kty, crv, x }
}

/** The key's name in every request: RFC 7638 thumbprint, SHA-256, base64url. */
export function thumbprint(key: PublicKey): Promise<string> {
  return calculateJwkThumbprint({ kty: key.kty, crv: key.crv, x: key.x }, 'sha256')
}

/** How a key is shown to people who compare it: `SHA256:` and the thumbprint. */
export function fingerprint(kid: string): string {
  return `SHA256:${kid}`
}

/** base64url of the SHA-256 of a body. */
export function bodyHash(body: Uint8Array | string): string {
  return createHash('sha256').update(body).digest('base64url')
}
