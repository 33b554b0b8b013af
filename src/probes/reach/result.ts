import { z } from 'zod'
import type { Failure } from '../../core/failure.ts'
import { nat64Schema } from '../shared/nat64.ts'
import { addressSchema, failureSchema, msSchema, nameSchema } from '../shared/schema.ts'

/** Hosts of one measurement: one or two of each required set, and room to grow. */
export const MAX_HOSTS = 100

/** The ports of a Teams relay (endpoint set 11). */
export const RELAY_PORTS = [3478, 3479, 3480, 3481] as const

const failedSchema = z.object({ failure: failureSchema })

const answerSchema = z.union([
  z.object({
    status: z.number().int().min(0).max(999),
    /** `Server` header; null when there was none. */
    server: z.string().max(100).nullable(),
    verified: z.boolean().nullable(),
    ms: msSchema,
  }),
  failedSchema,
])

const hostSchema = z.object({
  target: nameSchema,
  /** As looked up, with the tenant's name; null when the runner knows none. */
  host: nameSchema.nullable(),
  /** Why the lookup gave no address; null when it gave one. */
  lookupFailure: failureSchema.nullable(),
  /** The address asked, or one that may not be contacted; null when there was none. */
  address: addressSchema.nullable(),
  /** Null when nothing was asked over HTTPS. */
  https: answerSchema.nullable(),
  /** Plain HTTP; null where the set does not name port 80, and of runners that did not ask it yet. */
  http: answerSchema.nullable().default(null),
  /** One Binding per port; empty for anything but the relay. */
  relay: z
    .array(
      z.union([
        z.object({ port: z.number().int().min(1).max(65_535), ms: msSchema }),
        z.object({ port: z.number().int().min(1).max(65_535), failure: failureSchema }),
      ]),
    )
    .max(RELAY_PORTS.length),
})
export type ReachHost = z.infer<typeof hostSchema>

/** The word for what was not over at the end of its time. */
export const LATE = 'deadline-passed'

/** What one request was answered; null when it was not made. */
export type WebAnswer = ReachHost['https']

/** Reports whether a request was made and ended by this failure. */
export function endedBy(answer: WebAnswer, failure: Failure): boolean {
  return answer !== null && 'failure' in answer && answer.failure === failure
}

export const resultSchema = z.object({ hosts: z.array(hostSchema).max(MAX_HOSTS), nat64: nat64Schema })
export type ReachResult = z.infer<typeof resultSchema>
