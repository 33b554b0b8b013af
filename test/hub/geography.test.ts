import { describe, expect, it } from 'vitest'
import { geographyFrom } from '../../src/hub/geography.ts'
import { anOffice } from '../support/check-kit.ts'

const HERE = anOffice('seattle')
const geography = geographyFrom(({ placed }) => ({
  door: (code) =>
    placed && code === 'LHR' ? { code, label: 'London Heathrow', latitude: 51.47, longitude: -0.45 } : null,
  locate: (address) =>
    placed && address === '192.0.2.1'
      ? { latitude: 51.5, longitude: -0.12, label: 'London', owner: null }
      : null,
}))

describe('what the tables say for people who register offices', () => {
  it('is where a door is, where an address is, and how far that is', () => {
    expect(geography.door(HERE, 'LHR')).toBe('London Heathrow')
    expect(geography.door(HERE, 'XYZ')).toBeNull()
    expect(geography.placeOf(HERE, '192.0.2.9')).toBeNull()
    const place = geography.placeOf(HERE, '192.0.2.1')
    expect(place?.label).toBe('London')
    expect(Math.round((place?.km ?? 0) / 100)).toBe(77)
  })

  it('is a place without a distance where the office has none', () => {
    expect(geography.placeOf({ ...HERE, placed: false }, '192.0.2.1')).toEqual({ label: 'London', km: null })
    expect(geography.door({ ...HERE, placed: false }, 'LHR')).toBe('London Heathrow')
  })

  it('is every city of a name', async () => {
    const found = await geography.cities('Lyon, France')
    expect(found.map(({ timeZone }) => timeZone)).toEqual(['Europe/Paris'])
  })
})
