import type { Failure } from '../../core/failure.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { familyOf } from './address.ts'
import { type DoorGroup, groupDoors } from './doors.ts'
import { askServers, askSystem, type ServerAnswer, SYSTEM_TIMEOUT_MS, type SystemSample } from './lookup.ts'

/** What the system and the configured servers answered. */
export interface Answers {
  readonly system: readonly SystemSample[]
  readonly answers: readonly ServerAnswer[]
}

/**
 * Looks a host's AAAA records up as its A records are. Most names of most offices have none, so the system is asked
 * once first. Without any, nothing is kept: a name without AAAA is no trouble worth a word.
 */
export async function askOver6(
  context: ProbeContext,
  host: string,
  times: number,
  discarded: number,
): Promise<Answers> {
  const first = await context.ports.dns.systemLookup(host, 6, SYSTEM_TIMEOUT_MS, context.signal)
  if (!first.ok || !first.result.addresses.some(({ address }) => familyOf(address) === 6)) {
    return { system: [], answers: [] }
  }
  const system = await askSystem(context, host, 6)
  const answers = await askServers(context, host, times, discarded, 'AAAA')
  return ofFamily({ system, answers }, 6)
}

/** Doors family by family, IPv4 first: one name's IPv4 and IPv6 addresses are two doors, judged apart. */
export function groupsByFamily({ system, answers }: Answers): readonly DoorGroup[] {
  return ([4, 6] as const).flatMap((family) => {
    const own = ofFamily({ system, answers }, family)
    return groupDoors(own.system, own.answers)
  })
}

/** The servers whose answers had IPv6 addresses. */
export function serversWith6(answers: Answers['answers']): readonly string[] {
  return ofFamily({ system: [], answers }, 6).answers.map(({ server }) => server)
}

/** The answers that have addresses of a family, with these alone. */
function ofFamily({ system, answers }: Answers, family: 4 | 6): Answers {
  const own = (addresses: readonly string[]) => addresses.filter((address) => familyOf(address) === family)
  return {
    system: system.flatMap((one) =>
      'addresses' in one && own(one.addresses).length > 0 ? [{ ...one, addresses: own(one.addresses) }] : [],
    ),
    answers: answers.flatMap((one) =>
      'addresses' in one && own(one.addresses).length > 0 ? [{ ...one, addresses: own(one.addresses) }] : [],
    ),
  }
}

/**
 * Reports whether the host has addresses of IPv6 alone. A datagram to a family that a host lacks may vanish without a
 * word, which would look like a way that is blocked. A host that names no address tells nothing.
 */
export function isIpv6Only(context: ProbeContext): boolean {
  const families = new Set(context.ports.host.interfaces().map(({ family }) => family))
  return families.has(6) && !families.has(4)
}

/** In which order a host looks a name's families up, where it is enough to reach one of them. */
export function familyOrder(context: ProbeContext): readonly [4 | 6, 4 | 6] {
  return isIpv6Only(context) ? [6, 4] : [4, 6]
}

/** Addresses of Microsoft's own, of Exchange's Optimize set: a way to the Internet that matters here leads there. */
const MICROSOFT_V4 = '13.107.6.152'
const MICROSOFT_V6 = '2603:1006::1'

/**
 * The same by what the host would send from, which a bridge of containers with an IPv4 address and no way out does not
 * change: IPv6 first where only it leads out. Nothing is sent. Asked once in a run.
 */
export async function familiesByWay(context: ProbeContext): Promise<readonly [4 | 6, 4 | 6]> {
  const { host } = context.ports
  const families = new Set(host.interfaces().map(({ family }) => family))
  if (families.size < 2) return familyOrder(context)
  const [four, six] = await Promise.all([
    host.sourceTowards(MICROSOFT_V4, context.signal),
    host.sourceTowards(MICROSOFT_V6, context.signal),
  ])
  const noWay = !four.ok && four.failure === 'network-unreachable'
  return noWay && six.ok ? [6, 4] : [4, 6]
}

/** An address that was contacted, and the word for why it did not answer; null when it did. */
export interface Contacted {
  readonly address: string
  readonly failure: Failure | null
}

/**
 * Which families count. A family to which the host has no route at all is not looked at where it has one to the other:
 * nobody is held for having no IPv6, or no IPv4. Nor does IPv6 count where none of it answers and IPv4 does:
 * applications then fall back (RFC 8305).
 */
export function familiesThatCount(contacted: readonly Contacted[]): (family: 4 | 6) => boolean {
  const of = (family: 4 | 6) => contacted.filter(({ address }) => familyOf(address) === family)
  const lacks = (family: 4 | 6) =>
    of(family).length > 0 && of(family).every(({ failure }) => failure === 'network-unreachable')
  const works = (family: 4 | 6) => of(family).some(({ failure }) => failure === null)
  return (family) => {
    const other = family === 4 ? 6 : 4
    if (lacks(family) && of(other).length > 0 && !lacks(other)) return false
    return family === 4 || works(6) || !works(4)
  }
}

/** The groups of the families that count. */
export function groupsThatCount(answers: Answers, contacted: readonly Contacted[]): readonly DoorGroup[] {
  const counts = familiesThatCount(contacted)
  return groupsByFamily(answers).filter(({ addresses: [address = ''] }) => counts(familyOf(address) ?? 4))
}
