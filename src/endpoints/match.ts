import type { Category, EndpointList, EndpointSet, PortRange } from './list.ts'
import { setOf } from './list.ts'

/**
 * The Teams relay, by the name that Microsoft's own connectivity test traces. Set 11 publishes its ports and addresses
 * but no host names, so the name is stated here.
 */
export const TEAMS_RELAY = { set: 11, host: 'world.tr.teams.microsoft.com' } as const

/** The first of the ports on which Teams' relays answer. */
const MEDIA_PORT = 3478

const HOST = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)+$/

/**
 * Reports whether a set allows a host. Letters compare without case; a trailing dot, an address, or anything else that
 * is no host name matches nothing. A leading `*.` stands for one label or more, any other `*` for any characters.
 */
export function matchesSet(list: EndpointList, setId: number, host: string): boolean {
  const plain = host.toLowerCase()
  if (!HOST.test(plain)) return false
  const set = setOf(list, setId)
  if (set === undefined) return false
  if (setId === TEAMS_RELAY.set && plain === TEAMS_RELAY.host) return isMedia(set)
  return set.urls.some((pattern) => matches(pattern, plain))
}

/** The set of Teams media is the one whose ports are media's: another instance's list has something else under its id. */
function isMedia({ udp }: EndpointSet): boolean {
  return udp.some(({ from, to }) => from <= MEDIA_PORT && MEDIA_PORT <= to)
}

/** Stands in for a tenant that is not known: such a host is never contacted, only its pattern is checked. */
const ANY_TENANT = 'contoso'

/** Reports whether a list allows a target; `{tenant}` in its host is any tenant. */
export function allowsTarget(
  list: EndpointList,
  { set, host }: { readonly set: number; readonly host: string },
): boolean {
  return matchesSet(list, set, host.replaceAll('{tenant}', ANY_TENANT))
}

/** Patterns hold at most two `*` (see problems.ts), so this tries at most one host length of places for each. */
function matches(pattern: string, host: string): boolean {
  const [head = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return host === pattern
  if (!host.startsWith(head)) return false
  return follows(rest, host.slice(head.length), pattern.startsWith('*.'))
}

/** Whether `text` is, for each piece, some characters (at least one if `some`) and then the piece. */
function follows(pieces: readonly string[], text: string, some: boolean): boolean {
  const [piece = '', ...rest] = pieces
  if (rest.length === 0) return text.endsWith(piece) && text.length >= piece.length + (some ? 1 : 0)
  for (let at = text.indexOf(piece, some ? 1 : 0); at >= 0; at = text.indexOf(piece, at + 1)) {
    if (follows(rest, text.slice(at + piece.length), false)) return true
  }
  return false
}

/** The ports of a set; both lists are empty for a set that does not exist. */
export function portsOf(
  list: EndpointList,
  setId: number,
): { readonly tcp: readonly PortRange[]; readonly udp: readonly PortRange[] } {
  const set = setOf(list, setId)
  return { tcp: set?.tcp ?? [], udp: set?.udp ?? [] }
}

/** Reports whether a set names a port. */
export function allowsPort(
  list: EndpointList,
  setId: number,
  transport: 'tcp' | 'udp',
  port: number,
): boolean {
  return portsOf(list, setId)[transport].some((range) => port >= range.from && port <= range.to)
}

/** The category of a set; null for a set that does not exist. */
export function categoryOf(list: EndpointList, setId: number): Category | null {
  return setOf(list, setId)?.category ?? null
}

const PRECEDENCE: readonly Category[] = ['Optimize', 'Allow', 'Default']

/** The category of a host: the highest of all the sets that name it; null when none does. */
export function categoryOfHost(list: EndpointList, host: string): Category | null {
  return highest(list.sets.filter((set) => matchesSet(list, set.id, host)))
}

/** The highest category of some sets; null of none. "Follow the recommendation for the highest priority category." */
export function highest(sets: readonly EndpointSet[]): Category | null {
  const found = new Set(sets.map((set) => set.category))
  return PRECEDENCE.find((category) => found.has(category)) ?? null
}
