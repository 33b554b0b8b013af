import { errors } from 'jose'
import { fromBase64url } from './public-key.ts'

/** The only algorithm of this protocol. */
export const ALGORITHM = 'EdDSA'

const SHAPE = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})$/

/**
 * The protected header of a compact JWS whose three parts are each in the one canonical spelling of their bytes; null
 * for anything else. Nothing in it is proved yet.
 */
export function readHeader(jws: string): Readonly<Record<string, unknown>> | null {
  const match = SHAPE.exec(jws)
  if (match === null || match.slice(1).some((part) => fromBase64url(part) === null)) return null
  try {
    const header: unknown = JSON.parse(Buffer.from(match[1] ?? '', 'base64url').toString('utf8'))
    return typeof header === 'object' && header !== null && !Array.isArray(header)
      ? (header as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** Reports whether jose refused a token whose signature is good for the time in it alone. */
export function isClockTrouble(error: unknown): boolean {
  if (error instanceof errors.JWTExpired) return true
  return error instanceof errors.JWTClaimValidationFailed && error.claim === 'iat'
}

/** Reports whether `iat` and `exp` are whole seconds and at most `seconds` apart. */
export function isShortLived(claims: { iat?: unknown; exp?: unknown }, seconds: number): boolean {
  const { iat, exp } = claims
  if (!Number.isInteger(iat) || !Number.isInteger(exp)) return false
  return Number(exp) > Number(iat) && Number(exp) - Number(iat) <= seconds
}
