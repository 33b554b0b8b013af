import type { Place, Point, Whereabouts, WorldSpec } from './spec.ts'

/** Mean radius of the earth, in km. */
const EARTH_KM = 6371
/** Light in fibre covers about 100 km per ms of round trip; real routes wind, hence 66 (research/probes.md 1b, 4/9 c). */
const KM_PER_RTT_MS = 66
/** Routers and hosts at both ends, in ms: what a round trip across one city costs. */
const BASE_MS = 1.5
const ANYCAST_MS = 5

/** Great-circle distance in km. */
export const kilometres = (a: Point, b: Point): number => {
  const radians = Math.PI / 180
  const dLat = (b.latitude - a.latitude) * radians
  const dLon = (b.longitude - a.longitude) * radians
  const h =
    Math.sin(dLat / 2) ** 2 +
    Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians) * Math.sin(dLon / 2) ** 2
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** The one of `items` nearest to `point`. `items` must not be empty. */
export const nearest = <T extends Point>(items: readonly T[], point: Point): T => {
  const [first, ...rest] = items
  if (first === undefined) throw new Error('a world needs at least one of each kind of Microsoft server')
  return rest.reduce((best, item) => (kilometres(item, point) < kilometres(best, point) ? item : best), first)
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
      : (given.get(`${from}|${to}`) ?? BASE_MS + kilometres(place(from), place(to)) / KM_PER_RTT_MS)
  return { place, rtt }
}
