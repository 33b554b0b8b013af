import { z } from 'zod'
import { serverAnswerSchema, systemSampleSchema } from '../shared/lookup.ts'
import { nat64Schema } from '../shared/nat64.ts'
import { addressSchema, failureSchema, msSchema, nameSchema } from '../shared/schema.ts'

/** Flows per family: a way out with a share of one half is missed in 0.4 % (probes.md 1c). */
export const FLOWS = 8

/** Flows per family to the beacon: two show whether they leave by one address. */
export const BEACON_FLOWS = 2

/** One Binding from a source port of its own: the address that the server saw. */
const flowSchema = z.union([
  z.object({
    to: addressSchema,
    from: addressSchema,
    port: z.number().int().min(0).max(65_535),
    ms: msSchema,
  }),
  // An error has a round trip and tells no address.
  z.object({ to: addressSchema, failure: failureSchema, ms: msSchema.nullable() }),
])

export const resultSchema = z.object({
  target: nameSchema,
  system: z.array(systemSampleSchema).max(16),
  answers: z.array(serverAnswerSchema).max(8),
  flows: z.array(flowSchema).max(2 * FLOWS),
  /** Why there are no flows over IPv6 though the relay has such an address; null when there are, or it has none. */
  noIpv6: failureSchema.nullable(),
  /** What the echo on the default path saw; null when no echo is configured. */
  echo: z
    .union([z.object({ address: addressSchema, ms: msSchema }), z.object({ failure: failureSchema })])
    .nullable(),
  /** What the beacon saw; null when none is configured, or the probe was older than version 3. */
  beacon: z
    .union([
      z.object({ flows: z.array(flowSchema).max(2 * BEACON_FLOWS) }),
      z.object({ failure: failureSchema }),
    ])
    .nullable()
    .default(null),
  nat64: nat64Schema,
})

export type EgressResult = z.infer<typeof resultSchema>
export type Flow = z.infer<typeof flowSchema>
