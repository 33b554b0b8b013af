import { z } from 'zod'
import { serverAnswerSchema, systemSampleSchema } from '../shared/lookup.ts'
import { nat64Schema } from '../shared/nat64.ts'
import { addressSchema, failureSchema, msSchema, nameSchema } from '../shared/schema.ts'

/** Answers kept per server, after one discarded: a door flaps between neighbours within seconds (domain.md 6.3). */
export const QUERIES = 3

/** More hosts than this are not looked at in one measurement. */
export const MAX_HOSTS = 8

/** A code of a door or an edge. */
const codeSchema = z.string().regex(/^[A-Z0-9]{2,5}$/)

/** One HTTPS answer of a literal address. */
const visitSchema = z.union([
  z.object({
    address: addressSchema,
    status: z.number().int().min(100).max(999),
    code: codeSchema.nullable(),
    ms: msSchema,
  }),
  z.object({ address: addressSchema, failure: failureSchema }),
])

const doorHostSchema = z.object({
  /** As asked for in the params. */
  target: nameSchema,
  /** Lookups over IPv4; then, where the name has AAAA records, over IPv6. */
  system: z.array(systemSampleSchema).max(16),
  answers: z.array(serverAnswerSchema).max(32),
  visits: z.array(visitSchema).max(16),
})

const edgeHostSchema = z.object({
  target: nameSchema,
  /** As looked up, with the tenant's name; null when the runner knows none. */
  host: nameSchema.nullable(),
  system: systemSampleSchema,
  visits: z.array(visitSchema).max(3),
  /** TCP connect times to the edge. */
  tcpMs: z.array(msSchema).max(3),
})

export const resultSchema = z.object({
  doors: z.array(doorHostSchema).max(MAX_HOSTS),
  edges: z.array(edgeHostSchema).max(MAX_HOSTS),
  nat64: nat64Schema,
})

export type FrontDoorResult = z.infer<typeof resultSchema>
export type DoorHost = z.infer<typeof doorHostSchema>
export type EdgeHost = z.infer<typeof edgeHostSchema>
export type Visit = z.infer<typeof visitSchema>
