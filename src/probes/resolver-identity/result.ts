import { z } from 'zod'
import { addressSchema, failureSchema, msSchema, serverSchema, subnetSchema } from '../shared/schema.ts'
import { SERIES_MAX } from '../shared/steps.ts'
import { SERVICES } from './services.ts'

/** One-time names per way of asking: an address with a share of one half is missed in 0.4 % (probes.md 1a). */
export const NONCES = 8

/** Of a server's names so many are asked for one at a time: these give the uncached time. */
export const ALONE = 3

/** Times that a name the server already knows is asked for. */
export const CACHED_TIMES = 5

/** Read-backs: of two addresses that served, and of two names that were seen but got no address. */
const MAX_READ_BACKS = 4

/** More addresses than this in place of "no such name" are not kept. */
export const MAX_INVENTED = 4

/** Somebody who floods with answers is no other at a hundred thousand. */
export const MOST_STRAYS = 100_000

/** Four servers, each with the few addresses it leaves from. */
export const MAX_NODES = 16

/**
 * One system lookup of a one-time name: the address that the authority saw. `byText`: no lookup told it, but a text that
 * the only configured server was asked for.
 */
const systemNonceSchema = z.union([
  z.object({ address: addressSchema, server: serverSchema, ms: msSchema, byText: z.literal(true) }),
  z.object({ address: addressSchema, server: serverSchema.nullable(), ms: msSchema }),
  z.object({ failure: failureSchema }),
])

/** What an authority says about who asked it, and how the server's answer came here. */
const sightingSchema = z.object({
  ns: addressSchema,
  ecs: subnetSchema.nullable(),
  ms: msSchema,
  transport: z.enum(['udp', 'tcp']),
})
const askedSchema = z.union([sightingSchema, z.object({ failure: failureSchema })])

/** A read-back of one system nonce: every address that the beacon saw ask for it. */
const readBackSchema = z.object({
  /** What the system was answered for it; null: neither an IPv4 nor an IPv6 address. */
  address: addressSchema.nullable(),
  sightings: z.array(z.object({ ns: addressSchema, ecs: subnetSchema.nullable() })).max(8),
})

/** One configured server, asked directly. */
const directSchema = z.object({
  server: serverSchema,
  /** In the order asked; of a beacon, those after the fifth were alone in flight: three, and more where they varied. */
  asked: z.array(askedSchema).max(NONCES + (SERIES_MAX - 1) * ALONE),
  /** Times of a name that the server knows. */
  cachedMs: z.array(msSchema).max(CACHED_TIMES),
  /** The client subnet it sends on, sent along with a name of Microsoft, and the scope in that answer. */
  subnet: z.object({ sent: subnetSchema, scope: z.number().int().min(0).max(128).nullable() }).nullable(),
  /** Addresses given for a name that does not exist. */
  invented: z.array(addressSchema).max(MAX_INVENTED),
  /** Datagrams that came for these questions from the server's address and answer none of them. */
  strays: z.number().int().min(0).max(MOST_STRAYS),
})

/** A node's own name, as it is told. */
const nodeNameSchema = z.string().regex(/^[\x21-\x7e]{1,64}$/)

/** The beacon's addresses asked directly, past every configured server. */
const port53Schema = z.object({
  beacon: z.union([
    z.object({
      address: addressSchema,
      authoritative: z.boolean(),
      recursionAvailable: z.boolean(),
      /** Who the beacon saw asking. */
      ns: addressSchema.nullable(),
    }),
    z.object({ failure: failureSchema }),
  ]),
  /** Null: its address is not known. */
  silent: z
    .object({ address: addressSchema, answered: z.boolean(), node: nodeNameSchema.nullable() })
    .nullable(),
})

const nodeSchema = z.object({
  server: serverSchema,
  service: z.enum(SERVICES),
  node: nodeNameSchema,
  code: z.string().regex(/^[A-Z]{3}$/),
})

export const resultSchema = z.object({
  method: z.enum(['beacon', 'whoami']),
  system: z.array(systemNonceSchema).max(NONCES),
  readBacks: z.array(readBackSchema).max(MAX_READ_BACKS),
  direct: z.array(directSchema).max(4),
  /** Null without a beacon, or where its address was not learned. */
  port53: port53Schema.nullable(),
  nodes: z.array(nodeSchema).max(MAX_NODES),
})

export type ResolverIdentityResult = z.infer<typeof resultSchema>
export type SystemNonce = z.infer<typeof systemNonceSchema>
export type Asked = z.infer<typeof askedSchema>
export type Direct = z.infer<typeof directSchema>
export type ReadBack = z.infer<typeof readBackSchema>
export type Port53 = z.infer<typeof port53Schema>
export type ResolverNode = z.infer<typeof nodeSchema>

/** Reports whether a text may be kept as a node's name. */
export function isNodeName(text: string): boolean {
  return nodeNameSchema.safeParse(text).success
}
