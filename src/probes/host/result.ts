import { z } from 'zod'
import { nat64Schema } from '../shared/nat64.ts'
import { addressSchema, failureSchema, msSchema, nameSchema } from '../shared/schema.ts'

/** Hosts have some ten addresses; machines full of containers some dozens. */
export const MAX_INTERFACES = 64
export const MAX_SOURCES = 20
export const MAX_TAKES = 40
/** Entries of a bypass list that are sent: which names it exempts is decided on the host, with all of them. */
export const MAX_SHOWN_BYPASS = 20

/** The clock of a machine without a battery may be decades off. */
const LONGEST_OFFSET_MS = 100 * 366 * 86_400_000

/** Names of adapters are outside text. */
const textSchema = (max: number) => z.string().max(max)

const failedSchema = z.object({ failure: failureSchema })

const waySchema = z.union([
  z.object({
    ms: msSchema,
    verified: z.boolean(),
    issuer: textSchema(120),
    authorityKey: z.string().regex(/^[A-Za-z0-9_:-]{1,60}$/),
  }),
  failedSchema,
])
export type Way = z.infer<typeof waySchema>

const settingSchema = z.object({
  from: z.enum(['system', 'environment']),
  url: textSchema(300).nullable(),
  bypass: z.array(textSchema(255)).max(MAX_SHOWN_BYPASS),
  pac: textSchema(300).nullable(),
})

const comparedSchema = z.object({
  /** Which of the settings was tried, by its place. */
  setting: z.number().int().min(0).max(1),
  host: nameSchema,
  /** Names, of those asked about, that the setting sends through the proxy. */
  takes: z.array(nameSchema).max(MAX_TAKES),
  direct: waySchema,
  /** The proxy's answer to CONNECT. */
  connectStatus: z.number().int().min(0).max(999).nullable(),
  /** The handshake inside the tunnel, or why there is neither answer nor tunnel; null when it opened none. */
  via: waySchema.nullable(),
})
export type Compared = z.infer<typeof comparedSchema>

export const resultSchema = z.object({
  interfaces: z
    .array(
      z.object({
        name: textSchema(64),
        address: addressSchema,
        family: z.union([z.literal(4), z.literal(6)]),
      }),
    )
    .max(MAX_INTERFACES),
  sources: z
    .array(
      z.object({
        target: nameSchema,
        host: nameSchema,
        address: addressSchema.nullable(),
        source: addressSchema.nullable(),
        failure: failureSchema.nullable(),
      }),
    )
    .max(MAX_SOURCES),
  /** Null when the system's setting could not be read. */
  proxies: z.array(settingSchema).max(2).nullable(),
  /** Null when no proxy is set. */
  compared: comparedSchema.nullable(),
  nat64: nat64Schema,
  clockOffsetMs: z.number().min(-LONGEST_OFFSET_MS).max(LONGEST_OFFSET_MS),
})
export type HostResult = z.infer<typeof resultSchema>
