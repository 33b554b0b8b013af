import type { Position } from '../core/geography.ts'

/**
 * Points that databases give for "somewhere in this country": those of MaxMind's databases, older ones included, and
 * the middles of the CIA World Factbook, which other makers use. Only countries so large that their point may be more
 * than 800 km from the address, and only points that are not themselves the centre of a large city. Gathered from
 * published look-ups: there is no official list, so a missing city name stays the main sign.
 */
const POINTS: Readonly<Record<string, readonly (readonly [latitude: number, longitude: number])[]>> = {
  US: [
    [37.751, -97.822],
    [38, -97],
    [39.76, -98.5],
    [39.8283, -98.5795],
    [37.0902, -95.7129],
  ],
  CA: [
    [60, -95],
    [60.109, -113.643],
    [56.1304, -106.3468],
  ],
  RU: [
    [60, 100],
    [61.524, 105.3188],
  ],
  CN: [
    [34.7732, 113.722],
    [34.7725, 113.7266],
    [35, 105],
    [35.8617, 104.1954],
  ],
  AU: [
    [-33.494, 143.2104],
    [-27, 133],
    [-25, 135],
    [-25.2744, 133.7751],
  ],
  BR: [
    [-10, -55],
    [-14.235, -51.9253],
  ],
  IN: [
    [21.9974, 79.0011],
    [20, 77],
    [20.5937, 78.9629],
  ],
  AR: [
    [-34, -64],
    [-38.4161, -63.6167],
  ],
  KZ: [
    [48, 68],
    [48.0196, 66.9237],
  ],
  DZ: [[28, 3]],
  CD: [[0, 25]],
  SA: [[25, 45]],
  MX: [
    [23, -102],
    [23.6345, -102.5528],
  ],
  ID: [
    [-5, 120],
    [-0.7893, 113.9213],
  ],
  CL: [[-30, -71]],
  PE: [[-10, -76]],
  MN: [[46, 105]],
  IR: [[32, 53]],
  LY: [[25, 17]],
  EG: [[27, 30]],
  SD: [[15, 30]],
  ZA: [[-29, 24]],
  ML: [[17, -4]],
  AO: [[-12.5, 18.5]],
  TR: [[39, 35]],
  UA: [[49, 32]],
  PK: [[30, 70]],
  NG: [[10, 8]],
  JP: [[36, 138]],
  VN: [[16, 106]],
  TH: [[15, 100]],
  MM: [[22, 98]],
  PH: [[13, 122]],
  MY: [[2.5, 112.5]],
  NZ: [
    [-41, 174],
    [-42, 174],
  ],
  SE: [[62, 15]],
  NO: [[62, 10]],
  FI: [[64, 26]],
  FR: [
    [46, 2],
    [46.2276, 2.2137],
  ],
  DE: [
    [51, 9],
    [51.2993, 9.491],
    [51.1657, 10.4515],
  ],
  ES: [[40, -4]],
  GB: [[54, -2]],
  IT: [
    [42.8333, 12.8333],
    [43.1479, 12.1097],
  ],
  GL: [[72, -40]],
  CO: [[4, -72]],
  VE: [[8, -66]],
}

/** Databases round their positions; the same point differs by this many degrees at most (about 1 km). */
const ROUNDING = 0.006

/** Reports whether a position is one that stands for a country, not a city: the named country, or any when it is null. */
export function isCountryPoint(country: string | null, { latitude, longitude }: Position): boolean {
  const points = country === null ? Object.values(POINTS).flat() : (POINTS[country.toUpperCase()] ?? [])
  return points.some(
    ([north, east]) => Math.abs(latitude - north) < ROUNDING && Math.abs(longitude - east) < ROUNDING,
  )
}
