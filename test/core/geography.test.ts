import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundKm, distanceKm, hairpinLimitMs, isImpossible } from '../../src/core/geography.ts'

const SEATTLE = { latitude: 47.6062, longitude: -122.3321 }
const LONDON = { latitude: 51.5074, longitude: -0.1278 }
const SYDNEY = { latitude: -33.8688, longitude: 151.2093 }
const position = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
})
/** Half of the Earth's circumference, in km. */
const FARTHEST_KM = 20_016

describe('the distance', () => {
  // Geodesic distances (WGS 84), rounded; the sphere may differ by 0.6 %.
  it.each([
    ['Seattle and London', SEATTLE, LONDON, 7_723],
    ['London and Sydney', LONDON, SYDNEY, 16_989],
    ['Seattle and Sydney', SEATTLE, SYDNEY, 12_468],
  ])('of %s is right within 0.6 %%', (_name, a, b, km) => {
    expect(Math.abs(distanceKm(a, b) - km) / km).toBeLessThan(0.006)
  })

  it.each([
    ['over the date line', { latitude: 0, longitude: 179.5 }, { latitude: 0, longitude: -179.5 }, 111.2],
    ['over the pole', { latitude: 89.5, longitude: 0 }, { latitude: 89.5, longitude: 180 }, 111.2],
    [
      'to the other side of the Earth',
      { latitude: 0, longitude: 0 },
      { latitude: 0, longitude: 180 },
      20_015.1,
    ],
  ])('is short where it is short: %s', (_name, a, b, km) => {
    expect(distanceKm(a, b)).toBeCloseTo(km, 0)
  })

  it('is the same both ways, nothing to itself, and never beyond half the Earth', () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        const km = distanceKm(a, b)
        expect(km).toBeCloseTo(distanceKm(b, a), 6)
        expect(km).toBeGreaterThanOrEqual(0)
        expect(km).toBeLessThan(FARTHEST_KM)
        expect(distanceKm(a, a)).toBeCloseTo(0, 6)
      }),
    )
  })
})

describe('the limits of light', () => {
  it.each([
    [0, 0],
    [8, 800],
    [12.5, 1_250],
  ])('%d ms bound what answers to %d km in fibre', (ms, km) => {
    expect(boundKm(ms)).toBe(km)
  })

  it.each([
    ['London from Seattle in 20 ms', 7_723, 20, true],
    ['London from Seattle in 130 ms', 7_723, 130, false],
    ['just possible with both slacks', 250, 0.5, false],
    ['just not', 251, 0.5, true],
    ['the same city at once', 99, 0, false],
  ])('call %s what it is', (_name, km, ms, impossible) => {
    expect(isImpossible(km, ms)).toBe(impossible)
  })

  it.each([
    [0, 15],
    [161, 18.22],
    [7_723, 169.46],
  ])('allow a path of %d km %d ms', (km, ms) => {
    expect(hairpinLimitMs(km)).toBeCloseTo(ms, 2)
  })

  it('never call a time both impossible and within what fibre bounds', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 20_000, noNaN: true }),
        fc.double({ min: 0, max: 500, noNaN: true }),
        (km, ms) => {
          expect(isImpossible(km, ms) && boundKm(ms) >= km).toBe(false)
        },
      ),
    )
  })
})
