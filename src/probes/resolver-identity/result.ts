import { z } from 'zod'
import { addressSchema, failureSchema, msSchema, serverSchema, subnetSchema } from '../shared/schema.ts'

/** One-time names per way of asking: an address with a share of one half is missed in 0.4 % (probes.md 1a). */
export const NONCES = 8

/** Times that a name the server already knows is asked for. */
export const CACHED_TIMES = 5

/** One system lookup of a one-time name: the address that the authority saw. */
const systemNonceSchema = z.union([
  z.object({ address: addressSchema, server: serverSchema.nullable(), ms: msSchema }),
  z.object({ failure: failureSchema }),
])

/** What an authority says about who asked it. */
const sightingSchema = z.object({ ns: addressSchema, ecs: subnetSchema.nullable(), ms: msSchema })
const askedSchema = z.union([sightingSchema, z.object({ failure: failureSchema })])

/** A read-back of one system nonce: every address that the beacon saw ask for it. */
const readBackSchema = z.object({
  sightings: z.array(z.object({ ns: addressSchema, ecs: subnetSchema.nullable() })).max(8),
})

/** One configured server, asked directly. */
const directSchema = z.object({
  server: serverSchema,
  /** In the order asked; the last three, of a beacon, were alone in flight. */
  asked: z.array(askedSchema).max(NONCES),
  /** Times of a name that the server knows. */
  cachedMs: z.array(msSchema).max(CACHED_TIMES),
})

export const resultSchema = z.object({
  method: z.enum(['beacon', 'whoami']),
  system: z.array(systemNonceSchema).max(NONCES),
  readBacks: z.array(readBackSchema).max(2),
  direct: z.array(directSchema).max(4),
})

export type ResolverIdentityResult = z.infer<typeof resultSchema>
export type SystemNonce = z.infer<typeof systemNonceSchema>
export type Asked = z.infer<typeof askedSchema>
export type Direct = z.infer<typeof directSchema>
export type ReadBack = z.infer<typeof readBackSchema>
