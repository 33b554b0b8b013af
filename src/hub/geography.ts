import { distanceKm } from '../core/geography.ts'
import type { Office } from '../core/office.ts'
import type { Atlas } from '../core/probe.ts'
import type { Geography } from '../core/registry.ts'
import { citiesNamed } from '../places/cities.ts'

/** The tables of places for people who register offices; an office of a world is looked up in that world's. */
export function geographyFrom(atlasOf: (office: Office) => Pick<Atlas, 'door' | 'locate'>): Geography {
  return {
    cities: (text) => citiesNamed(text),
    door: (office, code) => atlasOf({ ...office, placed: true }).door(code)?.label ?? null,
    placeOf(office, address) {
      const place = atlasOf({ ...office, placed: true }).locate(address)
      if (place === null) return null
      return { label: place.label, km: office.placed ? distanceKm(office.at, place) : null }
    },
  }
}
