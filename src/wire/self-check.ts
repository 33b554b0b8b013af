import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Random } from '../core/ports.ts'
import {
  type idField,
  instantField,
  lineField,
  listVersionField,
  type officeIdField,
  probeField,
  softwareField,
  version1,
  worldField,
} from './fields.ts'
import { measurementMessageSchema } from './measurement-message.ts'
import { jobSchema } from './poll.ts'

/** The addresses of self-checks: the page's own, what it posts, and what the command posts. */
export const SELF_ROUTES = {
  page: '/me',
  spend: '/me/spend',
  seen: '/me/seen',
  result: '/me/result',
  begin: '/me/begin',
  measured: '/me/measured',
} as const

/** Bytes of what a page posts: three doors and a zone take 300. */
export const SELF_PAGE_LIMIT = 4 * 1024

/** Bytes of what a command posts: ten measurements, of which none is above 64 KB. */
export const SELF_COMMAND_LIMIT = 768 * 1024

/** Crockford's base 32, upper case: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 160 bits: more than anybody can guess, so that a plain hash may stand in the store. */
const BYTES = 20
const CODE = /^dsm_[0-9A-HJKMNP-TV-Z]{32}$/

/** Makes the one-time code `dsm_<32 characters>`; the prefix lets secret scanners find it where it should not be. */
export function newSelfCode(random: Random): string {
  let bits = BigInt(`0x${random.hex(BYTES)}`)
  let text = ''
  for (let i = 0; i < 32; i++) {
    text = `${ALPHABET[Number(bits & 31n)]}${text}`
    bits >>= 5n
  }
  return `dsm_${text}`
}

/** Reads a code as a person may have pasted it: white space around it, any case, O for 0 and I or L for 1. */
export function readSelfCode(text: string): string | null {
  const match = /^dsm_([0-9a-z]{32})$/i.exec(text.trim())
  if (match === null) return null
  const code = `dsm_${(match[1] ?? '').toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1')}`
  return CODE.test(code) ? code : null
}

/** What the store keeps of a code or a key: hex SHA-256. */
export function selfSecretHash(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex')
}

/** A code as it travels; its shape is looked at where it is read. */
const codeField = z.string().max(100)

/** The key that is given for a code: 160 bits as hex. */
const keyField = z.string().regex(/^[0-9a-f]{40}$/)

/** The page has been clicked: it gives the code. */
export const selfSpendSchema = z.strictObject({ code: codeField })

/** What a browser saw. Addresses are not among it: the hub sees them itself. `ms`: up to the page's own time limit. */
export const selfPageSchema = z.strictObject({
  key: keyField,
  timeZone: lineField(64).nullable(),
  doors: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({
          name: z.string().max(40),
          kind: z.literal('answered'),
          ms: z.number().min(0).max(60_000),
        }),
        z.strictObject({ name: z.string().max(40), kind: z.enum(['silent', 'redirected']) }),
      ]),
    )
    .max(10),
})

export type SelfPage = Readonly<z.infer<typeof selfPageSchema>>

/** The command gives the code and says what it can, as a runner's hello does. */
export const selfBeginSchema = z.object({
  v: version1,
  code: codeField,
  version: softwareField,
  probes: z.record(probeField, z.int().min(1).max(1000)),
  listVersion: listVersionField,
  settings: z.object({ tenant: z.boolean(), echo: z.boolean(), beacon: z.boolean() }),
  world: worldField,
  timeZone: lineField(64).nullable(),
})

export type SelfBegin = Readonly<z.infer<typeof selfBeginSchema>>

/** One job, as a runner gets it, and the key with which its result is posted. `now`: the hub's time, epoch ms. */
export const selfBegunSchema = z.object({
  v: version1,
  key: keyField,
  now: instantField,
  office: lineField(100).nullable(),
  job: jobSchema,
})

export type SelfBegun = Readonly<z.infer<typeof selfBegunSchema>>

/** All that the command measured. */
export const selfMeasuredSchema = z.object({
  v: version1,
  key: keyField,
  measurements: z.array(measurementMessageSchema).max(50),
})

export type SelfMeasured = Readonly<z.infer<typeof selfMeasuredSchema>>

/** The result in plain lines, as the person may read it at the machine. */
export const selfToldSchema = z.object({ v: version1, lines: z.array(z.string().max(2_000)).max(60) })

export type SelfTold = Readonly<z.infer<typeof selfToldSchema>>

/** Under which a person's own machine stands in a plan: never an office's runner, never stored as one. */
export const SELF_RUNNER: z.infer<typeof idField> = 'self'

/** The office of a machine for which none was found; no registered office has it, for ids are never empty of meaning. */
export const SELF_OFFICE: z.infer<typeof officeIdField> = 'self-no-office'
