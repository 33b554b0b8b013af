import { anyHolds, holds, parseIp, type Range, rangesOf } from '../../core/cidr.ts'
import type { Failure } from '../../core/failure.ts'
import type { Finding, FindingArgs, FindingCode, Located, Question } from '../../core/finding.ts'
import type { Position } from '../../core/geography.ts'
import { distanceKm } from '../../core/geography.ts'
import type { Door, EvaluateContext } from '../../core/probe.ts'

/** A finding of the measurement under evaluation. */
export function finding<C extends FindingCode>(
  context: EvaluateContext,
  question: Question,
  code: C,
  args: FindingArgs[C],
): Finding {
  const { runnerId, measurementId } = context.measurement
  return { code, question, runnerId, measurementId, args } as Finding
}

/** The finding that a question has no answer. */
export function unmeasured(context: EvaluateContext, question: Question, failure: Failure): Finding {
  return finding(context, question, 'unmeasured', { question, failure })
}

/** Distance from the office in km, rounded: positions are not sharper. Null when the office's place is not known. */
export function kmFromOffice(context: EvaluateContext, at: Position): number | null {
  return context.office.placed ? Math.round(distanceKm(context.office.at, at)) : null
}

/** The door of a code and its distance in km from the office; null for no code or one without a known place. */
export function doorOf(
  context: EvaluateContext,
  code: string | null,
): { door: Door; km: number | null } | null {
  const door = code === null ? null : context.atlas.door(code)
  return door === null ? null : { door, km: kmFromOffice(context, door) }
}

/**
 * Where an address is: `ranges` are the office's own for this purpose. Offices of other worlds share addresses with
 * this one by accident only, so they are not looked at; neither is a range that holds every address. Where no table has
 * the place, the registry may: an address that one other office registered is there.
 */
export function located(context: EvaluateContext, address: string, ranges: readonly string[]): Located {
  const { office, otherOffices, atlas } = context
  const place = atlas.locate(address)
  const ip = parseIp(address)
  const isIn = (range: Range): boolean => range.bits > 0 && ip !== null && holds(range, ip)
  const others = otherOffices.filter((other) => other.id !== office.id && other.world === office.world)
  const registered = anyHolds(ranges, address)
  const holders = others.filter(({ egress, resolvers }) => rangesOf([...egress, ...resolvers]).some(isIn))
  const [holder] = holders
  const isThere = place === null && !registered && holders.length === 1 && holder?.placed === true
  return {
    address,
    km: place !== null ? kmFromOffice(context, place) : isThere ? kmFromOffice(context, holder.at) : null,
    label: place?.label ?? (isThere ? holder.name : null),
    owner: place?.owner ?? atlas.owner?.(address) ?? null,
    registered,
    otherOffices: others.filter(({ egress }) => rangesOf(egress).some(isIn)).map((other) => other.name),
  }
}
