import { jwtVerify } from 'jose'
import type { Clock } from '../core/ports.ts'
import { type Activity, tenantOf } from './activity.ts'
import { CHANNEL, type Expected, judgeClaims, readBearer, SKEW_SECONDS } from './bearer.ts'
import type { Gate, GateAnswer } from './gate.ts'
import type { SigningKeys } from './signing-keys.ts'

export interface StrictGateOptions extends Expected {
  /** Tenants that may speak to the bot, in lower case. A valid token says "from Teams", not "from our tenant". */
  readonly tenants: readonly string[]
  readonly keys: Pick<SigningKeys, 'find'>
  readonly clock: Pick<Clock, 'now'>
}

/**
 * The gate with sign-in. An activity passes only with a token that the cloud's issuer signed (RS256) with a key that is
 * endorsed for Teams, for this bot, for now, and for the address that the activity wants answers at, which must be one
 * of the cloud's connectors; and only from a tenant of ours. Microsoft's library takes tokens of other issuers too and
 * keeps what it saw in them; none of its validation runs here.
 */
export function strictGate({ tenants, keys, clock, ...expected }: StrictGateOptions): Gate {
  const allowed = new Set(tenants)
  return {
    signIn: 'required',
    async authenticate(activity, authorization): Promise<GateAnswer> {
      const token = readBearer(authorization)
      if (token === null) return refused(401, authorization === undefined ? 'no token' : 'no such token')
      const problem = judgeClaims(token.claims, activity, expected, clock.now())
      if (problem !== null) return refused(401, problem)
      const found = await keys.find(token.kid)
      if (found === 'unavailable') return refused(503, 'keys cannot be had')
      if (found === 'unknown') return refused(401, 'unknown key')
      if (!found.endorsements.has(CHANNEL)) return refused(401, 'key not for Teams')
      if (!(await isSigned(token.jwt, found.key, expected, clock.now()))) return refused(401, 'signature')
      return isOurs(activity, allowed) ? { ok: true } : refused(403, 'tenant')
    },
  }
}

function refused(status: 401 | 403 | 503, why: string): GateAnswer {
  return { ok: false, status, why }
}

async function isSigned(
  jwt: string,
  key: Parameters<typeof jwtVerify>[1],
  { issuer, appId }: Expected,
  now: number,
): Promise<boolean> {
  try {
    await jwtVerify(jwt, key, {
      algorithms: ['RS256'],
      issuer,
      audience: appId,
      clockTolerance: SKEW_SECONDS,
      currentDate: new Date(now),
      requiredClaims: ['exp'],
    })
    return true
  } catch {
    // Whatever it is, it is not a token that we can believe.
    return false
  }
}

function isOurs(activity: Activity, allowed: ReadonlySet<string>): boolean {
  const tenant = tenantOf(activity)
  return tenant !== null && allowed.has(tenant.toLowerCase())
}
