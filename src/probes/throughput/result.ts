import { z } from 'zod'
import { systemSampleSchema } from '../shared/lookup.ts'
import { addressSchema, failureSchema, msSchema, nameSchema } from '../shared/schema.ts'

/** Idle round trips that are kept, after one that is not. */
export const IDLE_TIMES = 5

/** One every 100 ms for as long as a download may take, and a little more. */
export const MOST_LOADED = 110

const seriesSchema = (most: number) =>
  z.object({ tcpMs: z.array(msSchema).max(most), failures: z.array(failureSchema).max(most + 1) })

/** More than 15 MB is let go with the last piece; twice that is nonsense. */
const MOST_BYTES = 30_000_000

const downloadSchema = z.union([
  z.object({
    status: z.number().int().min(100).max(999),
    bytes: z.number().int().min(0).max(MOST_BYTES),
    ms: msSchema,
    /** Bytes per ms of the second half; null: too little to tell. */
    secondHalfPerMs: z.number().min(0).max(1e9).nullable(),
    ended: z.enum(['whole', 'bytes', 'time']),
  }),
  z.object({ failure: failureSchema }),
])

export const resultSchema = z.object({
  target: nameSchema,
  system: systemSampleSchema,
  /** What it was taken from; null: no public IPv4 address was found. The rest is null with it. */
  address: addressSchema.nullable(),
  idle: seriesSchema(IDLE_TIMES).nullable(),
  loaded: seriesSchema(MOST_LOADED).nullable(),
  download: downloadSchema.nullable(),
})

export type ThroughputResult = z.infer<typeof resultSchema>
export type Series = NonNullable<ThroughputResult['idle']>
