import { isIP } from 'node:net'
import { z } from 'zod'
import type { Gateway } from './gateway-dialer.ts'

const address = z
  .string()
  .refine((text) => isIP(text) !== 0 && !text.includes('%'), 'must be a literal IP address')
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' })
const gateway = z.string().transform((text, context): Gateway => {
  const read = gatewayOf(text)
  if (read !== null) return read
  context.addIssue({
    code: 'custom',
    message: 'must be socks5://<loopback address>:<port>, for example socks5://127.0.0.1:41080',
  })
  return z.NEVER
})

/** Reads where a world's gateway listens; null for what is no port of this machine's loopback. */
function gatewayOf(text: string): Gateway | null {
  const url = URL.parse(text)
  if (url === null || url.protocol !== 'socks5:' || !['', '/'].includes(url.pathname)) return null
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return null
  const port = Number(url.port)
  if (port === 0) return null
  const host = url.hostname.toLowerCase().replace(/^\[|\]$/g, '')
  if (host === 'localhost') return { address: '127.0.0.1', otherwise: '::1', port }
  const isLoopback = host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
  return isLoopback ? { address: host, port } : null
}

/** A century: clocks that begin at 1970 or end in 2038 are within it. */
const LONGEST_OFFSET_MS = 100 * 366 * 86_400_000

function orNull<T>(value: T | null | undefined): T | null {
  return value ?? null
}

/**
 * The runner's world file (world.md). `null` means none, a missing key the real host. Keys that are not known are
 * reported, not refused: the file may serve other programs too.
 */
export const worldSchema = z
  .looseObject({
    world: z.string().min(1).max(64),
    // No null: without a network there is nothing to measure.
    gateway: gateway.optional(),
    resolvers: z.array(address).max(16).nullable().optional(),
    systemLookup: z.array(address).max(64).nullable().optional(),
    interfaces: z
      .array(z.object({ name: z.string().min(1), address }))
      .nullable()
      .optional(),
    proxy: z
      .object({
        url: httpUrl.nullish().transform(orNull),
        bypass: z
          .array(z.string())
          .nullish()
          .transform((list) => list ?? []),
        pac: z.string().nullish().transform(orNull),
      })
      .nullable()
      .optional(),
    tenant: z
      .string()
      .regex(/^[a-z0-9-]+$/i, 'must be the first label of a SharePoint host')
      .nullable()
      .optional(),
    roots: z.string().min(1).nullable().optional(),
    systemRoots: z.string().min(1).nullable().optional(),
    endpoints: httpUrl.nullable().optional(),
    echo: httpUrl.nullable().optional(),
    beacon: z.string().min(1).max(253).nullable().optional(),
    clockOffsetMs: z.number().min(-LONGEST_OFFSET_MS).max(LONGEST_OFFSET_MS).nullable().optional(),
  })
  .superRefine((world, context) => {
    for (const [index, server] of (world.systemLookup ?? []).entries()) {
      if (world.resolvers?.includes(server) !== false) continue
      context.addIssue({ code: 'custom', path: ['systemLookup', index], message: 'must be one of resolvers' })
    }
  })

/** The keys that a world file may have. */
export const WORLD_KEYS: readonly string[] = Object.keys(worldSchema.shape)
