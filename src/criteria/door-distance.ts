import type { DoorSeen } from '../core/finding.ts'
import type { Office } from '../core/office.ts'

/** Half as far again as the nearest known door is near enough (design: the rule of `nearest-front-door`). */
export const NEAREST_FACTOR = 1.5

/** The distance of a door in km: where its name and its header disagree, the nearer; null when neither is known. */
export function doorKm(door: DoorSeen): number | null {
  const kms = [door.namedKm, door.headerKm].flatMap((km) => (km === null ? [] : [km]))
  return kms.length === 0 ? null : Math.min(...kms)
}

/** The distance of a door that was really reached; null when it was not, or its place is not known. */
export function reachedKm(door: DoorSeen): number | null {
  return door.reached ? doorKm(door) : null
}

/** The distance of a door, 0 when it is not known. */
export function nearKm(door: DoorSeen): number {
  return doorKm(door) ?? 0
}

/** An admin accepted this door for the office. */
export function isAccepted(office: Office, door: DoorSeen): boolean {
  const accepted = office.doors.map((code) => code.toUpperCase())
  const codes = [door.named, door.header].flatMap((code) => (code === null ? [] : [code.toUpperCase()]))
  return codes.length > 0 && codes.every((code) => accepted.includes(code))
}

/**
 * Reports whether a door is far although a nearer one is known: beyond the limit, not accepted, and not within
 * `NEAREST_FACTOR` of the nearest known. Some places have no door within any limit. A door of no known place is not far.
 */
export function isFarther(
  office: Office,
  door: DoorSeen,
  nearestKm: number | null,
  limitKm: number,
): boolean {
  const km = nearKm(door)
  return km > limitKm && km > NEAREST_FACTOR * (nearestKm ?? 0) && !isAccepted(office, door)
}
