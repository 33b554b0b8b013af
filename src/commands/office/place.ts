import { outside } from '../../cards/text.ts'
import { listText } from '../../cards/wording.ts'
import type { CityFound, Geography } from '../../core/registry.ts'
import { t } from '../../core/t.ts'
import { type Draft, isPosition, positionText } from './draft.ts'

/** Cities that a question names: as many as Teams draws buttons, less one for "another place". */
const NAMED_MAX = 4

/** A city as people tell it from others of its name, e.g. `Portland, ME, US`. */
export function cityText(city: Pick<CityFound, 'name' | 'region' | 'country'>): string {
  return [city.name, ...(city.region === null ? [] : [city.region]), city.country].join(', ')
}

/**
 * A draft with its place in numbers: a place by name is looked up, and gives the time zone where none is typed. A name
 * that means no city or several is a problem, never a guess.
 */
export async function placed(
  draft: Draft,
  geography: Pick<Geography, 'cities'>,
): Promise<{ readonly draft: Draft; readonly problem: string | null }> {
  const place = draft.place.trim()
  if (place === '' || isPosition(place)) return { draft, problem: null }
  const cities = await geography.cities(place)
  const [city, ...more] = cities
  if (city === undefined) {
    const problem = t`I know no city called ${outside(place)}. Write latitude and longitude: 45.76, 4.84.`
    return { draft, problem }
  }
  if (more.length > 0) {
    const some = cities.slice(0, NAMED_MAX).map((one) => outside(cityText(one)))
    return { draft, problem: t`Several cities are called ${outside(place)}: ${listText(some)}. Say which.` }
  }
  return { draft: draftIn(draft, city), problem: null }
}

/** The draft moved to a city of the table. */
export function draftIn(draft: Draft, city: CityFound): Draft {
  return { ...draft, place: positionText(city), zone: draft.zone.trim() === '' ? city.timeZone : draft.zone }
}
