import type { KeyObject } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import * as z from 'zod'
import type { Random } from '../core/ports.ts'
import { ALGORITHM, isShortLived, readHeader } from './compact-jws.ts'
import { type EnrolmentCode, readEnrolmentCode } from './enrolment-code.ts'
import { lineField, softwareField } from './fields.ts'
import { SIGNATURE_SECONDS, TOLERANCE_SECONDS } from './limits.ts'
import { type PublicKey, readPublicKey, thumbprint } from './public-key.ts'

/** The JWS type of an enrolment's proof. */
export const ENROLL_TYPE = 'doorstep-enroll+jwt'

/** What a host says when it enrols. */
export interface Enrolment {
  readonly code: EnrolmentCode
  readonly publicKey: PublicKey
  readonly kid: string
  readonly version: string
  /** How the host calls itself; outside text. */
  readonly label: string
}

/** What the proof is made of. */
export interface ProofToSign {
  readonly hub: string
  readonly code: string
  readonly version: string
  readonly label: string
  readonly publicKey: PublicKey
  readonly privateKey: KeyObject
}

const claimsSchema = z.object({
  aud: z.string(),
  code: z.string().max(100),
  jti: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  iat: z.int(),
  exp: z.int(),
  ver: softwareField,
  label: lineField(60),
})

/** Makes the proof that this host holds both the one-time code and the private key; good for 60 s from `now`. */
export function signEnrollProof(proof: ProofToSign, now: number, random: Random): Promise<string> {
  const iat = Math.floor(now / 1000)
  const jti = Buffer.from(random.hex(16), 'hex').toString('base64url')
  return new SignJWT({ code: proof.code, jti, ver: proof.version, label: proof.label })
    .setProtectedHeader({ alg: ALGORITHM, typ: ENROLL_TYPE, jwk: { ...proof.publicKey } })
    .setAudience(proof.hub)
    .setIssuedAt(iat)
    .setExpirationTime(iat + SIGNATURE_SECONDS)
    .sign(proof.privateKey)
}

/** Verifies a proof made for the hub at `hub`; null for any fault, since the one who asks must not learn which. */
export async function verifyEnrollProof(proof: string, hub: string, now: number): Promise<Enrolment | null> {
  const publicKey = readPublicKey(readHeader(proof)?.['jwk'])
  if (publicKey === null) return null
  try {
    const verified = await jwtVerify(
      proof,
      { ...publicKey },
      {
        algorithms: [ALGORITHM],
        typ: ENROLL_TYPE,
        audience: hub,
        maxTokenAge: SIGNATURE_SECONDS,
        clockTolerance: TOLERANCE_SECONDS,
        currentDate: new Date(now),
      },
    )
    const claims = claimsSchema.parse(verified.payload)
    const code = readEnrolmentCode(claims.code)
    if (verified.protectedHeader.typ !== ENROLL_TYPE || code === null) return null
    if (!isShortLived(claims, SIGNATURE_SECONDS)) return null
    return { code, publicKey, kid: await thumbprint(publicKey), version: claims.ver, label: claims.label }
  } catch {
    return null
  }
}
