import { z } from 'zod'
import { systemSampleSchema } from '../shared/lookup.ts'
import { addressSchema, failureSchema, msSchema, nameSchema } from '../shared/schema.ts'

/** Audio packets are sent every 20 ms. */
export const INTERVAL_MS = 20

/** The longest train of 10 s, and the two by which a busy runner lengthens it. */
export const MOST_PACKETS = 600

/** Two that are silent agree; a third would say no more. */
export const DESTINATIONS = 2

const count = (most: number) => z.number().int().min(0).max(most)

/** One train; `packets` in the order sent, null for a lost one; those that were answered while the runner was busy are counted in `blurred`. */
const trainSchema = z.union([
  z.object({
    to: addressSchema,
    packets: z.array(msSchema.nullable()).max(MOST_PACKETS),
    blurred: count(MOST_PACKETS),
    reordered: count(MOST_PACKETS),
    // A network that doubles everything many times over is no less strange at ten thousand.
    duplicates: count(10_000),
  }),
  z.object({ to: addressSchema, failure: failureSchema }),
])

export const resultSchema = z.object({
  target: nameSchema,
  system: z.array(systemSampleSchema).max(8),
  trains: z.array(trainSchema).max(DESTINATIONS),
  /** Hops to the first destination; null when no destination was known. */
  hops: z
    .union([z.object({ hops: z.number().int().min(1).max(255) }), z.object({ failure: failureSchema })])
    .nullable(),
})

export type MediaResult = z.infer<typeof resultSchema>
export type Train = z.infer<typeof trainSchema>
