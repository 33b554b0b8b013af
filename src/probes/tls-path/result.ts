import { z } from 'zod'
import { systemSampleSchema } from '../shared/lookup.ts'
import { nat64Schema } from '../shared/nat64.ts'
import { addressSchema, failureSchema, msSchema, nameSchema } from '../shared/schema.ts'

/** Handshakes kept after one discarded. */
export const HANDSHAKES = 3

/** Hosts of one measurement: every Optimize and Allow name that has one, and room to grow. */
export const MAX_HOSTS = 40

/** Public chains have two to four certificates of at most 3 KB each. */
export const MAX_CERTIFICATES = 6
export const MAX_DER_BYTES = 8_192

const base64Schema = z
  .string()
  .max(Math.ceil(MAX_DER_BYTES / 3) * 4)
  .regex(/^[A-Za-z0-9+/]+={0,2}$/)

const handshakeSchema = z.object({
  tcpMs: msSchema,
  tlsMs: msSchema,
  roundTrips: z.number().int().min(1).max(8),
})

/** The chain of one handshake and what the runner, who holds the roots, made of it. */
const chainSchema = z.object({
  version: z.string().regex(/^[A-Za-z0-9.]{1,16}$/),
  /** DER as sent, leaf first, base64. */
  certificates: z.array(base64Schema).max(MAX_CERTIFICATES),
  /** More or larger certificates were sent than are kept. */
  truncated: z.boolean(),
  verified: z.boolean(),
  verifyError: z
    .string()
    .regex(/^[\x20-\x7e]{0,100}$/)
    .nullable(),
  /** The highest issuer named is, by its whole name, one of the clean roots; and one of these really signed. */
  knownIssuerName: z.boolean(),
  knownIssuerSigned: z.boolean(),
  /** The machine's own store would accept it; null when that store is not known. */
  acceptedBySystem: z.boolean().nullable(),
})

const hostSchema = z.object({
  target: nameSchema,
  /** As looked up, with the tenant's name; null when the runner knows none. */
  host: nameSchema.nullable(),
  system: systemSampleSchema,
  /** The address that was contacted. */
  address: addressSchema.nullable(),
  /** Last CNAME that led to that very address, for Exchange hosts: it may name the door. */
  lastName: nameSchema.nullable(),
  chain: chainSchema.nullable(),
  /** In order, without the discarded first; that one alone when there was no time for more. */
  handshakes: z.array(handshakeSchema).max(HANDSHAKES),
  failure: failureSchema.nullable(),
  smallHelloOnly: z.boolean(),
  http: z
    .union([
      z.object({
        status: z.number().int().min(100).max(999),
        server: z.string().max(100).nullable(),
        ms: msSchema,
      }),
      z.object({ failure: failureSchema }),
    ])
    .nullable(),
})

export const resultSchema = z.object({ hosts: z.array(hostSchema).max(MAX_HOSTS), nat64: nat64Schema })

export type TlsPathResult = z.infer<typeof resultSchema>
export type TlsHost = z.infer<typeof hostSchema>
export type TlsChain = z.infer<typeof chainSchema>
export type Handshake = z.infer<typeof handshakeSchema>
