import type { Evidence } from '../core/evidence.ts'
import { findingsOf } from '../core/evidence.ts'
import type { DoorTimed } from '../core/finding.ts'
import { isImpossible } from '../core/geography.ts'
import { type ApplicationDoors, applicationDoors } from './application-doors.ts'

/** The timed doors of a runner by whether applications get them. */
export function timedDoors(evidence: Evidence, runnerId: string): ApplicationDoors<DoorTimed> {
  const found = findingsOf(evidence, 'door-timed', runnerId).map(({ args }) =>
    applicationDoors(evidence, runnerId, args.doors),
  )
  return {
    certain: found.flatMap((doors) => doors.certain),
    possible: found.flatMap((doors) => doors.possible),
  }
}

/** How far the door behind a time is: `unknown` when no code has a place, `impossible` when light is too slow for all. */
export type TimedDistance = number | 'unknown' | 'impossible'

/**
 * The distance of a timed door in km. Where name and header disagree the nearer of them counts, and a door too far for
 * its round trip is not the one that answered.
 */
export function distanceOf(evidence: Evidence, runnerId: string, timed: DoorTimed): TimedDistance {
  const seen = findingsOf(evidence, 'doors-seen', runnerId)
    .flatMap((finding) => finding.args.doors)
    .filter((door) => door.addresses.includes(timed.address))
  const kms = [timed.km, ...seen.flatMap((door) => [door.namedKm, door.headerKm])].flatMap((km) =>
    km === null ? [] : [km],
  )
  const { minMs } = timed
  const possible = minMs === null ? kms : kms.filter((km) => !isImpossible(km, minMs))
  if (kms.length === 0) return 'unknown'
  return possible.length === 0 ? 'impossible' : Math.min(...possible)
}
