import { z } from 'zod'
import type { Activity } from './activity.ts'
import { isServiceUrlAllowed } from './service-url.ts'

/** The connector's tokens have about 1,000 characters. */
const MAX_TOKEN = 8 * 1024

/** The scheme as Teams writes it, one space, and three parts in base64url without padding. */
const BEARER = /^Bearer ([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/

const headerSchema = z.object({
  alg: z.literal('RS256'),
  kid: z.string().min(1).max(256),
  typ: z.literal('JWT').optional(),
  // An extension that must be understood, and none is.
  crit: z.undefined().optional(),
})

const claimsSchema = z.object({
  iss: z.string(),
  aud: z.string(),
  exp: z.number(),
  nbf: z.number().optional(),
  serviceurl: z.string().min(1),
})

/** A token that looks like one of the connector's. Nothing in it is proved yet. */
export interface BearerToken {
  readonly jwt: string
  readonly kid: string
  readonly claims: z.infer<typeof claimsSchema>
}

/** Reads an Authorization header; null for everything that is not a token of the connector's shape. */
export function readBearer(authorization: string | undefined): BearerToken | null {
  if (authorization === undefined || authorization.length > MAX_TOKEN) return null
  const [, header = '', payload = '', signature = ''] = BEARER.exec(authorization) ?? []
  // Of the last letter some bits mean nothing: one signature, one way to write it.
  const parts = [header, payload, signature]
  if (parts.some((part) => Buffer.from(part, 'base64url').toString('base64url') !== part)) return null
  const head = headerSchema.safeParse(jsonOf(header))
  const claims = claimsSchema.safeParse(jsonOf(payload))
  if (!head.success || !claims.success) return null
  return { jwt: `${header}.${payload}.${signature}`, kid: head.data.kid, claims: claims.data }
}

function jsonOf(part: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url')))
  } catch {
    return undefined
  }
}

/** Clocks may differ by this much, s. Microsoft's rules for bots name five minutes. */
export const SKEW_SECONDS = 300

/** What a token must say. */
export interface Expected {
  readonly issuer: string
  readonly appId: string
  readonly serviceOrigins: readonly string[]
}

/** Why a token does not go with an activity, in words that may stand in a log. */
export type TokenProblem =
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'not yet valid'
  | 'service url differs'
  | 'service url not of this cloud'
  | 'channel'

/**
 * What is wrong with a token's claims for this activity; null when nothing is. Needs no key, so whatever fails here
 * costs neither a look at the issuer nor a signature. `nowMs` is epoch ms.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
 */
export function judgeClaims(
  claims: BearerToken['claims'],
  activity: Pick<Activity, 'serviceUrl' | 'channelId'>,
  expected: Expected,
  nowMs: number,
): TokenProblem | null {
  const now = nowMs / 1000
  if (claims.iss !== expected.issuer) return 'issuer'
  if (claims.aud !== expected.appId) return 'audience'
  if (claims.exp <= now - SKEW_SECONDS) return 'expired'
  if (claims.nbf !== undefined && claims.nbf > now + SKEW_SECONDS) return 'not yet valid'
  if (activity.channelId !== CHANNEL) return 'channel'
  if (claims.serviceurl !== activity.serviceUrl) return 'service url differs'
  if (!isServiceUrlAllowed(activity.serviceUrl, expected.serviceOrigins)) {
    return 'service url not of this cloud'
  }
  return null
}

/** The only channel that we serve, and what a signing key must be endorsed for. */
export const CHANNEL = 'msteams'
