import { createHash, createPublicKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { type JWTPayload, jwtVerify } from 'jose'
import { ALGORITHM, isClockTrouble, isShortLived, readHeader } from './compact-jws.ts'
import { HEADER_LIMIT, SIGNATURE_SECONDS, TOLERANCE_SECONDS } from './limits.ts'
import { bodyHash, type PublicKey } from './public-key.ts'
import { REQUEST_TYPE, SCHEME } from './sign-request.ts'

/** A header that has the shape of a signed request; whose it is must still be proved. */
export interface SignedHeader {
  readonly kid: string
  readonly jws: string
}

/** What the request was in fact, and what it must say. */
export interface RequestToVerify {
  readonly hub: string
  readonly method: string
  readonly path: string
  readonly body: Uint8Array
  readonly runnerId: string
  readonly publicKey: PublicKey
  /** The hub's clock, epoch ms. */
  readonly now: number
}

/** `until`: from then on (epoch ms) the token is refused for its age, so its `jti` need not be remembered. */
export type Verified =
  | { readonly ok: true; readonly jti: string; readonly until: number }
  | { readonly ok: false; readonly code: 'unauthorized' | 'clock-skew' }

const CLAIMS = ['iss', 'sub', 'aud', 'htm', 'htu', 'bh', 'jti', 'iat', 'exp']

/** Reads size and shape of an `Authorization` header and the key's name in it; null for anything else. */
export function readSignedHeader(authorization: string | undefined): SignedHeader | null {
  if (authorization === undefined || authorization.length > HEADER_LIMIT) return null
  if (!authorization.startsWith(`${SCHEME} `)) return null
  const jws = authorization.slice(SCHEME.length + 1)
  const kid = readHeader(jws)?.['kid']
  return typeof kid === 'string' && /^[A-Za-z0-9_-]{43}$/.test(kid) ? { kid, jws } : null
}

/**
 * Verifies a signed request with the key that is registered under its `kid`: algorithm, signature, type, audience,
 * issuer, age; then that it was made for this method, path and body. Whether its `jti` was seen before is the caller's.
 */
export async function verifyRequest(header: SignedHeader, request: RequestToVerify): Promise<Verified> {
  let claims: JWTPayload
  try {
    const verified = await jwtVerify(header.jws, keyOf(request.publicKey), {
      algorithms: [ALGORITHM],
      typ: REQUEST_TYPE,
      audience: request.hub,
      issuer: request.runnerId,
      subject: request.runnerId,
      maxTokenAge: SIGNATURE_SECONDS,
      clockTolerance: TOLERANCE_SECONDS,
      requiredClaims: CLAIMS,
      currentDate: new Date(request.now),
    })
    claims = verified.payload
    if (verified.protectedHeader.typ !== REQUEST_TYPE) return { ok: false, code: 'unauthorized' }
  } catch (error) {
    return { ok: false, code: isClockTrouble(error) ? 'clock-skew' : 'unauthorized' }
  }
  // jose also takes a list of audiences: a token for two hubs could be used at the other one.
  const bound =
    typeof claims.aud === 'string' &&
    isShortLived(claims, SIGNATURE_SECONDS) &&
    same(claims['htm'], request.method) &&
    same(claims['htu'], request.path) &&
    same(claims['bh'], bodyHash(request.body))
  const { jti, exp } = claims
  if (!bound || typeof jti !== 'string' || !/^[A-Za-z0-9_-]{22}$/.test(jti)) {
    return { ok: false, code: 'unauthorized' }
  }
  return { ok: true, jti, until: (Number(exp) + TOLERANCE_SECONDS + 1) * 1000 }
}

/** Keys that were read, as long as the registry holds them: reading one takes as long as verifying with it. */
const READ = new WeakMap<PublicKey, KeyObject>()

function keyOf(key: PublicKey): KeyObject {
  const known = READ.get(key)
  if (known !== undefined) return known
  const read = createPublicKey({ key: { ...key }, format: 'jwk' })
  READ.set(key, read)
  return read
}

/** Equality in a time that does not depend on where texts differ; their hashes are of one length. */
function same(claimed: unknown, actual: string): boolean {
  if (typeof claimed !== 'string') return false
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest()
  return timingSafeEqual(digest(claimed), digest(actual))
}
