import { distanceKm } from '../core/geography.ts'
import type { Office } from '../core/office.ts'
import type { Geography } from '../core/registry.ts'
import { readSelection, type Selection } from './selector.ts'

/** An office this near to the middle of a city is one that people call by it: the radius of a large city. */
const CITY_KM = 25

/** Reads a selection; the table of cities is asked only for what is no office's own name, one part after the other. */
export async function readSelectionOrCity(
  typed: string,
  offices: readonly Office[],
  geography: Pick<Geography, 'cities'>,
): Promise<Selection> {
  const there = new Map<string, readonly Office[]>()
  for (;;) {
    const read = readSelection(typed, offices, (name) => there.get(name) ?? [])
    if (read.kind !== 'unclear' || read.match.kind !== 'none' || there.has(read.typed)) return read
    const named = await geography.cities(read.typed)
    const near = (office: Office): boolean =>
      office.placed && named.some((city) => distanceKm(office.at, city) <= CITY_KM)
    there.set(read.typed, offices.filter(near))
  }
}

/** The offices that stored words mean now; none when they mean nothing any more. */
export async function officesOfSelector(
  selector: string,
  offices: readonly Office[],
  geography: Pick<Geography, 'cities'>,
): Promise<readonly Office[]> {
  const read = await readSelectionOrCity(selector, offices, geography)
  return read.kind === 'picked' ? read.offices : []
}
