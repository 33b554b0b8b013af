import { z } from 'zod'
import { parseRange, rangesOf, within } from '../core/cidr.ts'
import type { EndpointList, EndpointSet, PortRange } from './list.ts'
import { hostProblem, portsProblem, rangeProblem } from './problems.ts'

/**
 * What reading a list gave: the list, or everything that is wrong with it. `isList`: it is a list, and what stands in it is
 * wrong; else something else came in its place, such as a web page, which tells nothing of the list.
 */
export type ListRead =
  | { readonly ok: true; readonly list: EndpointList }
  | { readonly ok: false; readonly problems: readonly string[]; readonly isList: boolean }

/** The full worldwide list is about 80 KB as Microsoft sends it. */
const BODY_LIMIT = 5_000_000
/** A hundred problems tell enough. */
const PROBLEM_LIMIT = 100

const Entry = z.object({
  id: z.int().positive(),
  serviceArea: z.string().min(1).max(100),
  category: z.enum(['Optimize', 'Allow', 'Default']),
  required: z.boolean(),
  urls: z.array(z.string()).optional(),
  ips: z.array(z.string()).optional(),
  tcpPorts: z.string().optional(),
  udpPorts: z.string().optional(),
})
type Entry = z.infer<typeof Entry>

const Version = /^20\d{8}$/

/**
 * Reads the body of `GET /endpoints/<instance>` (JSON) as the list of `version`. Refuses what could widen what a
 * runner may contact: anything that is not Microsoft's schema, an empty list, `*` alone, private, reserved or
 * enormous ranges, ports out of range.
 */
export function parseEndpoints(body: string, version: string): ListRead {
  if (body.length > BODY_LIMIT) return refused('the list is larger than 5 MB')
  if (/^\s*</.test(body)) return refused('the answer is a web page, not a list')
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return refused('the answer is not JSON')
  }
  return readEndpoints(value, version)
}

/** The same for a value that was JSON already. */
export function readEndpoints(value: unknown, version: string): ListRead {
  if (!Version.test(version)) return refused('the version is not ten digits YYYYMMDDNN')
  if (!Array.isArray(value)) return refused('the list is not an array')
  if (value.length === 0) return refused('the list is empty')
  const problems: string[] = []
  const sets: EndpointSet[] = []
  const ids = new Set<number>()
  for (const [index, raw] of value.entries()) {
    const entry = Entry.safeParse(raw)
    if (!entry.success) {
      const issue = entry.error.issues[0]
      problems.push(`entry ${index + 1}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is malformed'}`)
      continue
    }
    const { id } = entry.data
    if (ids.has(id)) problems.push(`set ${id}: stands in the list twice`)
    ids.add(id)
    problems.push(...problemsOf(entry.data).map((problem) => `set ${id}: ${problem}`))
    sets.push(setFrom(entry.data))
  }
  return problems.length > 0
    ? { ok: false, problems: problems.slice(0, PROBLEM_LIMIT), isList: true }
    : { ok: true, list: { version, sets } }
}

function refused(problem: string): ListRead {
  return { ok: false, problems: [problem], isList: false }
}

function problemsOf(entry: Entry): readonly string[] {
  const urls = entry.urls ?? []
  const ips = entry.ips ?? []
  const found = [
    ...urls.map(hostProblem),
    ...ips.map(rangeProblem),
    portsProblem(entry.tcpPorts),
    portsProblem(entry.udpPorts),
    urls.length + ips.length === 0 ? 'names neither hosts nor addresses' : null,
  ]
  return found.filter((problem) => problem !== null)
}

function setFrom(entry: Entry): EndpointSet {
  return {
    id: entry.id,
    serviceArea: entry.serviceArea,
    category: entry.category,
    required: entry.required,
    urls: (entry.urls ?? []).map((url) => url.toLowerCase()),
    ips: entry.ips ?? [],
    tcp: portsFrom(entry.tcpPorts),
    udp: portsFrom(entry.udpPorts),
  }
}

/** `143, 587, 993`, `443,80` and `50000-59999` all occur. */
function portsFrom(text: string | undefined): readonly PortRange[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [from = '', to = from] = part.split('-').map((end) => end.trim())
      return { from: Number(from), to: Number(to) }
    })
}

/** The greatest part of its sets, names or ranges that a new list may lose and still be believed. */
const LOSS_LIMIT = 0.3

/** Why `next` must not replace `held`: it is older, or lost more than 30 % of something; null when it may. */
export function refusesAfter(held: EndpointList, next: EndpointList): string | null {
  return refuses(held, next, LOSS_LIMIT)
}

/**
 * The same for the snapshot that came with the program, which may be years old: Microsoft went from 107 sets to 72 in
 * six years, so half may go before a list is not believed.
 */
const SNAPSHOT_LOSS_LIMIT = 0.5

/** Why `next` cannot be Microsoft's when `snapshot` once was: it is older, or has less than half of something left. */
export function refusesBeside(snapshot: EndpointList, next: EndpointList): string | null {
  return refuses(snapshot, next, SNAPSHOT_LOSS_LIMIT)
}

/**
 * Each is counted by itself, over the whole list: ids that stay are no list if nothing stands under them. What moved to
 * another set is not lost, nor is a range within a wider one: Microsoft joins ranges.
 */
function refuses(held: EndpointList, next: EndpointList, limit: number): string | null {
  if (next.version < held.version) return `version ${next.version} is older than ${held.version}`
  const ids = new Set(next.sets.map(({ id }) => id))
  const names = new Set(next.sets.flatMap(({ urls }) => urls))
  const ranges = next.sets.flatMap(({ ips }) => rangesOf(ips))
  const isWithin = (text: string): boolean => {
    const range = parseRange(text)
    return range !== null && ranges.some((wide) => within(range, wide))
  }
  const [hadIds, hadNames, hadRanges] = [
    held.sets.map(({ id }) => id),
    held.sets.flatMap(({ urls }) => urls),
    held.sets.flatMap(({ ips }) => ips),
  ]
  return (
    loss('sets', hadIds, (id) => ids.has(id), limit) ??
    loss('names', hadNames, (name) => names.has(name), limit) ??
    loss('ranges', hadRanges, isWithin, limit)
  )
}

/** The sentence for too much that is gone; null when enough is left. What stands in several sets counts once. */
function loss<T>(what: string, had: readonly T[], isLeft: (one: T) => boolean, limit: number): string | null {
  const all = [...new Set(had)]
  const lost = all.filter((one) => !isLeft(one)).length
  return lost > all.length * limit ? `${lost} of ${all.length} ${what} are gone` : null
}
