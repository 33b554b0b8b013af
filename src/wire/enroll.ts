import * as z from 'zod'
import { idField, lineField, officeIdField, version1 } from './fields.ts'

/** A host asks to become a runner. The proof (`enroll-proof.ts`) holds the one-time code and the new public key. */
export const enrollSchema = z.object({ v: version1, proof: z.string().max(3000) })

export type Enroll = Readonly<z.infer<typeof enrollSchema>>

/** Who the runner is from now on. While `pending`, an admin has yet to approve the key's fingerprint. */
export const enrollAnswerSchema = z.object({
  v: version1,
  runnerId: idField,
  officeId: officeIdField,
  officeName: lineField(100),
  status: z.enum(['pending', 'active']),
})

export type EnrollAnswer = Readonly<z.infer<typeof enrollAnswerSchema>>
