import type { KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Random } from '../core/ports.ts'
import { ALGORITHM } from './compact-jws.ts'
import { SIGNATURE_SECONDS } from './limits.ts'
import { bodyHash } from './public-key.ts'

/** The scheme of the `Authorization` header. */
export const SCHEME = 'Doorstep-Runner'

/** The JWS type of a signed request. */
export const REQUEST_TYPE = 'doorstep-req+jwt'

/** Who signs. */
export interface Signer {
  readonly runnerId: string
  /** Thumbprint of the public key. */
  readonly kid: string
  readonly privateKey: KeyObject
}

/** What is signed. */
export interface RequestToSign {
  /** Origin of the hub as it was fixed at enrolment, e.g. `https://doorstep.example`. */
  readonly hub: string
  readonly method: 'GET' | 'POST'
  /** Path alone, without a query. */
  readonly path: string
  readonly body: string | Uint8Array
}

/**
 * The `Authorization` header for one request. It is bound to method, path and body and good for 60 s from `now` (epoch
 * ms by the hub's clock), so that a proxy that reads it can neither reuse nor change it.
 */
export async function signRequest(
  request: RequestToSign,
  signer: Signer,
  now: number,
  random: Random,
): Promise<string> {
  const iat = Math.floor(now / 1000)
  const jws = await new SignJWT({
    htm: request.method,
    htu: request.path,
    bh: bodyHash(request.body),
    jti: Buffer.from(random.hex(16), 'hex').toString('base64url'),
  })
    .setProtectedHeader({ alg: ALGORITHM, typ: REQUEST_TYPE, kid: signer.kid })
    .setIssuer(signer.runnerId)
    .setSubject(signer.runnerId)
    .setAudience(request.hub)
    .setIssuedAt(iat)
    .setExpirationTime(iat + SIGNATURE_SECONDS)
    .sign(signer.privateKey)
  return `${SCHEME} ${jws}`
}
