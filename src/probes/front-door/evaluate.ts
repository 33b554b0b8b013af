import type { Failure } from '../../core/failure.ts'
import type { DoorSeen, Finding } from '../../core/finding.ts'
import { hasKnownDoors } from '../../core/instance.ts'
import type { Target } from '../../core/measurement.ts'
import type { EvaluateContext } from '../../core/probe.ts'
import { type DoorGroup, dialable } from '../shared/doors.ts'
import { type Contacted, groupsThatCount } from '../shared/families.ts'
import { doorOf, finding, kmFromOffice, unmeasured } from '../shared/findings.ts'
import { addressesOf, lookupFailures, privateAnswer } from '../shared/lookup.ts'
import { plainBy } from '../shared/nat64.ts'
import { commonest, distinct, least } from '../shared/numbers.ts'
import { outsideRanges } from '../shared/ranges.ts'
import { distinctTargets, isSharePoint, shownHost } from '../shared/targets.ts'
import type { DoorHost, EdgeHost, FrontDoorResult, Visit } from './result.ts'

/** The question of one target: a door for Exchange, an edge for SharePoint. */
export function questionOf(target: Target): string {
  return `${isSharePoint(target) ? 'edge' : 'door'}:${target.host}`
}

/**
 * One finding per target; a target that the result does not speak of is unmeasured. Beside it, never owed, what of the
 * answers lies outside Microsoft's published ranges.
 */
export function evaluate(result: FrontDoorResult, context: EvaluateContext): readonly Finding[] {
  const plain = plainBy(result.nat64)
  return distinctTargets(context.measurement.params.targets).flatMap((target) => {
    const question = questionOf(target)
    if (isSharePoint(target)) {
      const edge = result.edges.find((one) => one.target === target.host)
      if (edge === undefined) return [unmeasured(context, question, 'result-refused')]
      const host = shownHost(edge.target, edge.host)
      const outside = outsideRanges(context, target, host, addressesOf([edge.system], []).map(plain))
      return [edgeFinding(context, question, edge, plain), ...outside]
    }
    const door = result.doors.find((one) => one.target === target.host)
    if (door === undefined) return [unmeasured(context, question, 'result-refused')]
    const addresses = addressesOf(door.system, door.answers).map(plain)
    const outside = outsideRanges(context, target, target.host, addresses)
    return [doorFinding(context, question, door, plain), ...outside]
  })
}

type Plain = ReturnType<typeof plainBy>

function doorFinding(context: EvaluateContext, question: string, seen: DoorHost, plain: Plain): Finding {
  const addresses = addressesOf(seen.system, seen.answers).map(plain)
  if (addresses.length === 0) {
    const failure = commonest(lookupFailures(seen.system, seen.answers)) ?? 'dns-empty'
    return unmeasured(context, question, failure)
  }
  const hidden = privateAnswer(addresses)
  if (hidden !== null) return finding(context, question, 'private-answer', { host: seen.target, ...hidden })
  const groups = groupsThatCount(seen, contactedBy(seen.visits))
  const doors = groups
    .flatMap((group) => doorsOfGroup(context, group, seen.visits))
    .map((door) => ({ ...door, addresses: distinct(door.addresses.map(plain)) }))
    .map((door) => (hasKnownDoors(seen.target) ? door : { ...door, namedKm: null, headerKm: null }))
  const nearest = context.atlas.nearestDoor(context.office.at)
  const km = kmFromOffice(context, nearest)
  return finding(context, question, 'doors-seen', {
    host: seen.target,
    doors: joinUnnamed(doors),
    nearest: km === null || !hasKnownDoors(seen.target) ? null : { code: nearest.code, km },
  })
}

function contactedBy(visits: readonly Visit[]): Contacted[] {
  return visits.map((visit) => ({
    address: visit.address,
    failure: 'failure' in visit ? visit.failure : null,
  }))
}

/** One door per code that the headers gave: addresses of one name may still be different doors. */
function doorsOfGroup(context: EvaluateContext, group: DoorGroup, visits: readonly Visit[]): DoorSeen[] {
  const own = visits.filter((visit) => group.addresses.includes(visit.address))
  const answered = own.flatMap((visit) => ('status' in visit ? [visit] : []))
  const shared = {
    named: group.named,
    servers: group.servers,
    bySystem: group.bySystem,
    namedKm: doorOf(context, group.named)?.km ?? null,
  }
  if (answered.length === 0) {
    const failures = own.flatMap((visit) => ('failure' in visit ? [visit.failure] : []))
    const failure: Failure = dialable(group).length === 0 ? 'policy-refused' : 'deadline-passed'
    const why = commonest(failures) ?? failure
    return [
      { ...shared, header: null, reached: false, failure: why, addresses: group.addresses, headerKm: null },
    ]
  }
  const codes = distinct(answered.map((visit) => visit.code))
  return codes.map((header, index) => {
    const reached = answered.filter((visit) => visit.code === header).map((visit) => visit.address)
    const others = group.addresses.filter((address) => !answered.some((visit) => visit.address === address))
    return {
      ...shared,
      header,
      reached: true,
      failure: null,
      // Addresses that were not tried are counted with the first door of the name.
      addresses: index === 0 ? [...reached, ...others] : reached,
      headerKm: doorOf(context, header)?.km ?? null,
    }
  })
}

/**
 * Addresses that only the system was told carry no name. Where the door behind them says the same code as a named
 * one, it is that door: addresses rotate faster than two lookups follow each other.
 */
function joinUnnamed(doors: readonly DoorSeen[]): DoorSeen[] {
  const joined: DoorSeen[] = []
  const ordered = [...doors].sort((a, b) => Number(a.named === null) - Number(b.named === null))
  for (const door of ordered) {
    const same = joined.findIndex(
      (other) => door.named === null && door.header !== null && other.header === door.header,
    )
    const other = joined[same]
    if (other === undefined) joined.push(door)
    else {
      joined[same] = {
        ...other,
        addresses: distinct([...other.addresses, ...door.addresses]),
        servers: distinct([...other.servers, ...door.servers]),
        bySystem: other.bySystem || door.bySystem,
      }
    }
  }
  return joined
}

function edgeFinding(context: EvaluateContext, question: string, seen: EdgeHost, plain: Plain): Finding {
  if ('failure' in seen.system) return unmeasured(context, question, seen.system.failure)
  const host = shownHost(seen.target, seen.host)
  if (seen.system.addresses.length === 0) return unmeasured(context, question, 'dns-empty')
  const hidden = privateAnswer(seen.system.addresses.map(plain))
  if (hidden !== null) return finding(context, question, 'private-answer', { host, ...hidden })
  const answered = seen.visits.flatMap((visit) => ('status' in visit ? [visit] : []))
  if (answered.length === 0) {
    const failures = seen.visits.flatMap((visit) => ('failure' in visit ? [visit.failure] : []))
    return unmeasured(context, question, commonest(failures) ?? 'deadline-passed')
  }
  const code = commonest(answered.flatMap((visit) => visit.code ?? []))
  const place = doorOf(context, code)
  return finding(context, question, 'edge-seen', {
    host,
    code,
    km: place?.km ?? null,
    label: place?.door.label ?? null,
    minMs: least(seen.tcpMs),
  })
}
