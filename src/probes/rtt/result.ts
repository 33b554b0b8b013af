import { z } from 'zod'
import { serverAnswerSchema, systemSampleSchema } from '../shared/lookup.ts'
import { nat64Schema } from '../shared/nat64.ts'
import { addressSchema, failureSchema, msSchema, nameSchema } from '../shared/schema.ts'
import { SERIES_MAX } from '../shared/steps.ts'

/** Seven TCP samples: the least is within 0.14 ms of the truth (probes.md 1g). One more before them is discarded. */
export const TCP_TIMES = 7

/** TLS samples after one discarded. */
export const TLS_TIMES = 3

/** Doors timed per host and family. */
export const MAX_DOORS = 4

/** Hosts timed in one measurement. */
export const MAX_HOSTS = 4

const tlsSampleSchema = z.object({ ms: msSchema, roundTrips: z.number().int().min(1).max(8) })

/** One address: raw samples in order, of all series that it took until they agreed, without the discarded first, and the words for those that failed. */
const timedSchema = z.object({
  address: addressSchema,
  tcpMs: z.array(msSchema).max(SERIES_MAX * TCP_TIMES),
  tcpFailures: z.array(failureSchema).max(SERIES_MAX * TCP_TIMES + 1),
  tls: z.array(tlsSampleSchema).max(SERIES_MAX * TLS_TIMES),
  tlsFailures: z.array(failureSchema).max(SERIES_MAX * TLS_TIMES + 1),
})

const hostSchema = z.object({
  target: nameSchema,
  /** Lookups over IPv4; then, where the name has AAAA records, over IPv6. */
  system: z.array(systemSampleSchema).max(16),
  answers: z.array(serverAnswerSchema).max(8),
  timed: z.array(timedSchema).max(2 * MAX_DOORS),
  /** By which of its addresses the host sends to the first IPv6 address that was timed; null: none was, or it has none. */
  source6: addressSchema.nullable(),
})

export const resultSchema = z.object({ hosts: z.array(hostSchema).max(MAX_HOSTS), nat64: nat64Schema })

export type RttResult = z.infer<typeof resultSchema>
export type HostTimed = z.infer<typeof hostSchema>
export type AddressTimed = z.infer<typeof timedSchema>
