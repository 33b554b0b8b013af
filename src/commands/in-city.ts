import { distanceKm } from '../core/geography.ts'
import type { Office } from '../core/office.ts'
import { loadCities } from '../places/cities.ts'
import { type InCity, readSelection, type Selection } from './selector.ts'

/** An office this near to the middle of a city is one that people call by it: the radius of a large city. */
const CITY_KM = 25

/** Reads a selection; the table of cities is asked only when what was typed is no office's own name. */
export async function readSelectionOrCity(typed: string, offices: readonly Office[]): Promise<Selection> {
  const read = readSelection(typed, offices)
  if (read.kind !== 'unclear' || read.match.kind !== 'none') return read
  return readSelection(typed, offices, await officesInCity(offices))
}

async function officesInCity(offices: readonly Office[]): Promise<InCity> {
  const cities = await loadCities()
  return (name) => {
    const named = cities.named(name)
    return offices.filter(
      (office) => office.placed && named.some((city) => distanceKm(office.at, city) <= CITY_KM),
    )
  }
}
