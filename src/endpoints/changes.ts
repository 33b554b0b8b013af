import { z } from 'zod'

/**
 * What a change means for a network, as Microsoft's web service says since version 2018112800
 * (IP and URL web service, 8 Jan 2025).
 */
export const IMPACTS = [
  'AddedIp',
  'AddedUrl',
  'AddedIpAndUrl',
  'AddedSubstituteUrl',
  'RemovedIpOrUrl',
  'ChangedIsExpressRoute',
  'MovedIpOrUrl',
  'RemovedDuplicateIpOrUrl',
  'OtherNonPriorityChanges',
] as const
export type Impact = (typeof IMPACTS)[number]

export const DISPOSITIONS = ['change', 'add', 'remove'] as const
export type Disposition = (typeof DISPOSITIONS)[number]

/** Host patterns (lower case) and CIDRs. Outside text: shown, never contacted or allowed by this. */
export interface Endpoints {
  readonly urls: readonly string[]
  readonly ips: readonly string[]
}

/** What of a set's other fields a change names. */
export interface SetFields {
  readonly serviceArea?: string
  readonly category?: string
  readonly required?: boolean
  readonly tcpPorts?: string
  readonly udpPorts?: string
}

/** One change of one endpoint set. */
export interface EndpointChange {
  readonly id: number
  /** The set that it is about. */
  readonly setId: number
  readonly disposition: Disposition
  /** Null: none was given (older records), or a word that is not known. */
  readonly impact: Impact | null
  /** The version that brought it, ten digits `YYYYMMDDNN`. */
  readonly version: string
  /** From when what is added may be used, `YYYY-MM-DD`; null: none given. Firewalls must be ready by then. */
  readonly effectiveOn: string | null
  readonly added: Endpoints
  readonly removed: Endpoints
  readonly previous: SetFields
  readonly current: SetFields
}

/** What reading the changes gave. Records that make no sense are left out and counted: the others are not harmed. */
export type ChangesRead =
  | { readonly ok: true; readonly changes: readonly EndpointChange[]; readonly skipped: number }
  | { readonly ok: false; readonly problem: string }

/** All changes since July 2018 are about 1 MB. */
const BODY_LIMIT = 5_000_000

/** Any case: the service writes `Change` where its page says `change`. */
const word = <T extends string>(known: readonly T[]) =>
  z.string().transform((text) => known.find((one) => one.toLowerCase() === text.toLowerCase()))

const texts = z.array(z.string().min(1).max(300)).max(10_000).nullish()
const endpoints = z.object({ urls: texts, ips: texts }).nullish()
const fields = z
  .object({
    serviceArea: z.string().max(100).nullish(),
    category: z.string().max(100).nullish(),
    required: z.boolean().nullish(),
    tcpPorts: z.string().max(300).nullish(),
    udpPorts: z.string().max(300).nullish(),
  })
  .nullish()

const Change = z.object({
  id: z.int().min(0),
  endpointSetId: z.int().min(0),
  disposition: word(DISPOSITIONS).pipe(z.enum(DISPOSITIONS)),
  impact: word(IMPACTS).nullish(),
  version: z.string().regex(/^\d{10}$/),
  previous: fields,
  current: fields,
  add: z.object({ effectiveDate: z.string().nullish(), urls: texts, ips: texts }).nullish(),
  remove: endpoints,
})

/** Reads the body of `GET /changes/<instance>/<version>` (JSON), in the order given. */
export function parseChanges(body: string): ChangesRead {
  if (body.length > BODY_LIMIT) return { ok: false, problem: 'the changes are larger than 5 MB' }
  if (/^\s*</.test(body)) return { ok: false, problem: 'the answer is a web page, not a list of changes' }
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return { ok: false, problem: 'the answer is not JSON' }
  }
  if (!Array.isArray(value)) return { ok: false, problem: 'the changes are not an array' }
  const read = value.map((entry) => Change.safeParse(entry))
  const changes = read.flatMap((entry) => (entry.success ? [changeFrom(entry.data)] : []))
  return { ok: true, changes, skipped: read.length - changes.length }
}

/**
 * Reports whether a network must do something before the change takes effect: what is added must be let through, or
 * users lose the service. Records from before there were impacts count by what they add.
 */
export function needsAction({ impact, added }: EndpointChange): boolean {
  if (impact === null) return added.urls.length + added.ips.length > 0
  return impact === 'AddedIp' || impact === 'AddedUrl' || impact === 'AddedIpAndUrl'
}

function changeFrom(entry: z.infer<typeof Change>): EndpointChange {
  return {
    id: entry.id,
    setId: entry.endpointSetId,
    disposition: entry.disposition,
    impact: entry.impact ?? null,
    version: entry.version,
    effectiveOn: dayFrom(entry.add?.effectiveDate ?? ''),
    added: endpointsFrom(entry.add),
    removed: endpointsFrom(entry.remove),
    previous: fieldsFrom(entry.previous),
    current: fieldsFrom(entry.current),
  }
}

function endpointsFrom(entry: z.infer<typeof endpoints>): Endpoints {
  return { urls: (entry?.urls ?? []).map((url) => url.toLowerCase()), ips: entry?.ips ?? [] }
}

function fieldsFrom(entry: z.infer<typeof fields>): SetFields {
  return Object.fromEntries(Object.entries(entry ?? {}).filter(([, value]) => value !== null))
}

/** `20180609` as `2018-06-09`; null when that is no day. */
function dayFrom(text: string): string | null {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (match === null) return null
  const [, year, month, day] = match.map(Number)
  if (year === undefined || month === undefined || day === undefined) return null
  const last = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
  return day >= 1 && day <= last ? `${match[1]}-${match[2]}-${match[3]}` : null
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}
