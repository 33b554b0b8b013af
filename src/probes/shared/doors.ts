import { isPublic } from './address.ts'
import type { ServerAnswer, SystemSample } from './lookup.ts'
import { distinct } from './numbers.ts'

/** The last CNAME label of every generation of the chain since 2017 (research/domain.md 6.1, 6.3). */
const DOOR_NAME = /^([a-z]{3})-efz\.ms-acdc\.office\.com\.?$/i

/** The code of the front door that a CNAME chain ends at, upper case; null when the naming is not known. */
export function doorCode(chain: readonly string[]): string | null {
  return DOOR_NAME.exec(chain.at(-1) ?? '')?.[1]?.toUpperCase() ?? null
}

/** Answers that lead to the same front door, as far as names and addresses tell. */
export interface DoorGroup {
  readonly named: string | null
  /** The system's first, then one of each answer, then the rest. */
  readonly addresses: readonly string[]
  readonly servers: readonly string[]
  /** The system's own lookup led here. */
  readonly bySystem: boolean
}

interface Growing {
  named: string | null
  first: string[]
  rest: string[]
  system: string[]
  servers: string[]
  bySystem: boolean
}

/**
 * Groups answers by door: by its name; unnamed answers by a shared address. What the system was told belongs to the
 * door of that address, else to the door of the server that told it (addresses rotate), else to an unnamed door.
 */
export function groupDoors(
  system: readonly SystemSample[],
  answers: readonly ServerAnswer[],
): readonly DoorGroup[] {
  const groups: Growing[] = []
  for (const answer of answers) {
    if (!('addresses' in answer) || answer.addresses.length === 0) continue
    const named = doorCode(answer.chain)
    const known = groups.find((group) =>
      named === null
        ? group.named === null && answer.addresses.some((address) => holds(group, address))
        : group.named === named,
    )
    const group = known ?? started(groups, named)
    const [first, ...rest] = answer.addresses
    if (first !== undefined) group.first.push(first)
    group.rest.push(...rest)
    group.servers.push(answer.server)
  }
  for (const sample of system) if ('addresses' in sample) placeSystem(groups, sample.addresses, sample.server)
  return groups.map(finished)
}

/** Addresses of a door that may be contacted. */
export function dialable(group: DoorGroup): string[] {
  return group.addresses.filter(isPublic)
}

function placeSystem(groups: Growing[], addresses: readonly string[], server: string | null): void {
  const left = addresses.filter((address) => {
    const known = groups.filter((group) => holds(group, address))
    for (const group of known) {
      group.bySystem = true
      group.system.push(address)
    }
    return known.length === 0
  })
  // One matching address settles whose answer it was: the others came with it.
  const led = groups.filter((group) => addresses.some((address) => holds(group, address)))
  const told = server === null ? [] : groups.filter((group) => group.servers.includes(server))
  const owners = led.length > 0 ? led : told
  for (const group of owners) group.bySystem = true
  if (left.length === 0) return
  const owner = owners[0] ?? started(groups, null)
  owner.bySystem = true
  owner.system.push(...left)
  if (owners.length === 0 && server !== null) owner.servers.push(server)
}

function holds(group: Growing, address: string): boolean {
  return group.first.includes(address) || group.rest.includes(address) || group.system.includes(address)
}

function started(groups: Growing[], named: string | null): Growing {
  const group: Growing = { named, first: [], rest: [], system: [], servers: [], bySystem: false }
  groups.push(group)
  return group
}

function finished(group: Growing): DoorGroup {
  const [preferred, ...others] = group.system
  const ordered = [...(preferred === undefined ? [] : [preferred]), ...group.first, ...others, ...group.rest]
  return {
    named: group.named,
    addresses: distinct(ordered),
    servers: distinct(group.servers),
    bySystem: group.bySystem,
  }
}
