import { z } from 'zod'
import { done, FAILURES, type Failure, failed, type Outcome } from '../../core/failure.ts'
import { canonical } from './address.ts'

/** Nothing that a probe times lasts longer than a check's hard deadline of 60 s; twice that is nonsense. */
const LONGEST_MS = 120_000

/** A duration in ms. zod's number is finite and never NaN. */
export const msSchema = z.number().min(0).max(LONGEST_MS)

/** A word of the closed list of failures. */
export const failureSchema = z.enum(Object.keys(FAILURES) as [Failure, ...Failure[]])

/** A literal address, brought to its one spelling. */
export const addressSchema = z
  .string()
  .max(45)
  .transform((text, context) => {
    const address = canonical(text)
    if (address !== null) return address
    context.addIssue({ code: 'custom', message: 'not an address' })
    return z.NEVER
  })

/** A configured server as the system spells it: usually an address, possibly with a zone. */
export const serverSchema = z.string().regex(/^[0-9a-zA-Z.:%_-]{1,64}$/)

/** A host name as asked or as answered; escapes and underscores occur in answers. */
export const nameSchema = z.string().regex(/^[\x21-\x7e]{1,255}$/)

/** A client subnet, `prefix/length`. */
export const subnetSchema = z.string().regex(/^[0-9a-f.:]{2,45}\/\d{1,3}$/i)

/** Reads a value by a schema; the failure says where and what, never more of the value than its path. */
export function readBy<R>(schema: z.ZodType<R>, value: unknown): Outcome<R> {
  const read = schema.safeParse(value)
  if (read.success) return done(read.data)
  const issue = read.error.issues[0]
  return failed(
    'result-refused',
    `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'refused'}`,
  )
}
