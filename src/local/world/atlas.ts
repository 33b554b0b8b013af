import { distanceKm } from '../../core/geography.ts'
import type { Place, Point, Whereabouts, WorldSpec } from './spec.ts'

/** Light in fibre covers 100 km per ms of round trip; real routes wind, hence 66 (4/9 of c, Katz-Bassett 2006). */
const KM_PER_RTT_MS = 66
/** Routers and hosts at both ends, in ms: what a round trip across one city costs. */
const BASE_MS = 1.5
const ANYCAST_MS = 5

/** The one of `items` nearest to `point`. `items` must not be empty. */
export const nearest = <T extends Point>(items: readonly T[], point: Point): T => {
  const [first, ...rest] = items
  if (first === undefined) throw new Error('a world needs at least one of each kind of Microsoft server')
  return rest.reduce((best, item) => (distanceKm(item, point) < distanceKm(best, point) ? item : best), first)
}

/** Which places exist and how far apart they are. */
export interface Atlas {
  /** Throws for a name that the world does not have. */
  place(name: string): Place
  /** Round trip in ms between a place and a service's whereabouts. */
  rtt(from: string, to: Whereabouts): number
}

export const atlasOf = (spec: WorldSpec): Atlas => {
  const places = new Map<string, Place>()
  const add = (name: string, point: Point): void => {
    places.set(name, { name, latitude: point.latitude, longitude: point.longitude })
  }
  for (const edge of spec.edges) add(`edge:${edge.code}`, edge)
  for (const relay of spec.relays) add(relay.region, relay)
  for (const door of spec.doors) add(door.code, door)
  for (const extra of spec.places ?? []) add(extra.name, extra)
  for (const office of spec.offices) add(office.name, office)
  const given = new Map<string, number>()
  for (const [a, b, ms] of spec.rtt ?? []) {
    given.set(`${a}|${b}`, ms)
    given.set(`${b}|${a}`, ms)
  }
  const place = (name: string): Place => {
    const found = places.get(name)
    if (found === undefined) throw new Error(`the world ${spec.name} has no place called ${name}`)
    return found
  }
  const rtt = (from: string, to: Whereabouts): number =>
    to === 'anycast'
      ? (spec.anycastMs ?? ANYCAST_MS)
      : (given.get(`${from}|${to}`) ?? BASE_MS + distanceKm(place(from), place(to)) / KM_PER_RTT_MS)
  return { place, rtt }
}
