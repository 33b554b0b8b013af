/** A position in degrees, WGS 84. */
export interface Position {
  readonly latitude: number
  readonly longitude: number
}

/** Mean Earth radius in km (IUGG). */
const EARTH_KM = 6371

/** Distance from a city's centre or an airport to what really stands there: positions are not sharper than this. */
export const POSITION_SLACK_KM = 100

/** Light in fibre covers 100 km of distance per millisecond of round trip (two thirds of c, there and back). */
export const FIBRE_KM_PER_RTT_MS = 100

/** Light in vacuum covers 150 km of distance per millisecond of round trip: nothing is faster. */
export const VACUUM_KM_PER_RTT_MS = 150

/** Timers truncate fractions of a millisecond; a measured time may be short by this much. */
const TIMER_SLACK_MS = 0.5

/** Great-circle distance in km on a sphere (haversine; error below 0.6 % against WGS 84). */
export function distanceKm(a: Position, b: Position): number {
  const rad = Math.PI / 180
  const dLat = (b.latitude - a.latitude) * rad
  const dLon = (b.longitude - a.longitude) * rad
  const h =
    Math.sin(dLat / 2) ** 2 +
    Math.cos(a.latitude * rad) * Math.cos(b.latitude * rad) * Math.sin(dLon / 2) ** 2
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** The farthest in km that something answering in `rttMs` can be, by light in fibre. */
export function boundKm(rttMs: number): number {
  return rttMs * FIBRE_KM_PER_RTT_MS
}

/** Reports whether a round trip of `rttMs` is too short for `km`, even in vacuum and with both slacks granted. */
export function isImpossible(km: number, rttMs: number): boolean {
  return rttMs + TIMER_SLACK_MS < (km - POSITION_SLACK_KM) / VACUUM_KM_PER_RTT_MS
}

/**
 * The round trip in ms above which a path of `km` is longer than it needs to be: d/50 + 15 ms. Typical paths cover
 * 50 km per ms of round trip (GeoIP work uses 40 to 60), and 15 ms allow for an access line.
 */
export function hairpinLimitMs(km: number): number {
  return km / 50 + 15
}
