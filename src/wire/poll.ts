import * as z from 'zod'
import { done, failed, type Outcome } from '../core/failure.ts'
import type { ProbeParams } from '../core/measurement.ts'
import { attemptField, idField, instantField, probeField, version1 } from './fields.ts'

/** A runner asks for work and names the measurements that it has under way, so that they are not given again. */
export const pollSchema = z.object({ v: version1, inflight: z.array(idField).max(500) })

export type Poll = Readonly<z.infer<typeof pollSchema>>

/**
 * A job: what one check wants from this runner. `deadline` is epoch ms by the hub's clock. `params` are read one by one
 * (`readParams`), so that one that this runner cannot accept is answered and does not spoil the others.
 */
export const jobSchema = z.object({
  checkId: idField,
  attempt: attemptField,
  deadline: instantField,
  owed: z.array(z.object({ measurementId: idField, probe: probeField, params: z.unknown() })).max(100),
})

export type Job = Readonly<z.infer<typeof jobSchema>>
export type OwedByJob = Job['owed'][number]

/** The answer of a poll that found work; without work it is 204 and no body. */
export const pollAnswerSchema = z.object({ v: version1, jobs: z.array(jobSchema).max(50) })

export type PollAnswer = Readonly<z.infer<typeof pollAnswerSchema>>

const paramsSchema = z.object({
  targets: z
    .array(
      z.object({
        set: z.int().min(1).max(100_000),
        // A DNS name in lower case, in which one label may begin with the word that stands for the tenant.
        host: z
          .string()
          .max(253)
          .regex(/^(\{tenant\}[a-z0-9-]*|[a-z0-9_-]{1,63})(\.[a-z0-9_-]{1,63})+$/),
      }),
    )
    .max(100),
})

/** Reads the params of a measurement; anything else than params is `params-refused`. */
export function readParams(value: unknown): Outcome<ProbeParams> {
  const parsed = paramsSchema.safeParse(value)
  if (parsed.success) return done(parsed.data)
  return failed('params-refused', parsed.error.issues[0]?.path.join('.'))
}
