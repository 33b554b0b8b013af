import type { Position } from '../core/geography.ts'
import { isQualifier } from './city-qualifiers.ts'
import { plainName } from './plain-name.ts'

/** A place where an office may be: of at least 15,000 people, or a capital. */
export interface City extends Position {
  /** As English texts write it. */
  readonly name: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** State, province or nation by its letters, in the United States, Canada, Australia and the United Kingdom; else null. */
  readonly region: string | null
  /**
   * IANA name. The source has none: where a country has several zones it is that of the nearest large city of the same
   * country, which may be wrong near a border of zones. Show it to be confirmed before anything is timed by it.
   */
  readonly timeZone: string
}

/** The table as `scripts/make-cities.ts` writes it. */
export interface CityData {
  readonly zones: readonly string[]
  /** One line per city, largest first: `name|country|region|latitude|longitude|index of zone`, then `|other name`. */
  readonly cities: string
}

/** Finds cities by name. */
export interface Cities {
  readonly size: number
  /** All matches, the most populous first; none when the name is not known. */
  named(text: string): readonly City[]
}

/**
 * The cities of a name, the most populous first, whatever its case, accents, hyphens and dots. After a comma may stand
 * the country, the state or the province, in letters or words: `Portland, Maine`, `Portland, US`, `London, Ontario`,
 * `Portland, ME, USA`. Never a guess: what is not written like a known name is not found.
 */
export async function citiesNamed(text: string): Promise<readonly City[]> {
  return (await loadCities()).named(text)
}

/** The most populous city of a name, written as for `citiesNamed`; null when there is none. */
export async function cityNamed(text: string): Promise<City | null> {
  return (await citiesNamed(text))[0] ?? null
}

/** Reads the table (0.8 MB) only when somebody first asks for a city, so that nothing else waits for it or holds it. */
export async function loadCities(): Promise<Cities> {
  const { default: data } = await import('./cities15k.json', { with: { type: 'json' } })
  return citiesOf(data)
}

/** The table made ready for questions. */
export function citiesOf({ zones, cities }: CityData): Cities {
  const byName = new Map<string, string[]>()
  const lines = cities.split('\n')
  for (const line of lines) {
    const fields = line.split('|')
    const plain = plainName(fields[0] ?? '')
    const other = plainName(fields[6] ?? '')
    for (const name of other === '' || other === plain ? [plain] : [plain, other]) {
      const same = byName.get(name)
      if (same === undefined) byName.set(name, [line])
      else same.push(line)
    }
  }
  const whole = (name: string): readonly City[] =>
    (byName.get(plainName(name)) ?? []).map((line) => cityOf(line, zones))
  return {
    size: lines.length,
    named: (text) => {
      const found = whole(text)
      const [name = '', ...qualifiers] = text.split(',')
      if (found.length > 0 || qualifiers.length === 0) return found
      return whole(name).filter((city) => qualifiers.every((word) => isQualifier(word, city)))
    },
  }
}

function cityOf(line: string, zones: readonly string[]): City {
  const [name = '', country = '', region = '', latitude, longitude, zone] = line.split('|')
  return {
    name,
    country,
    region: region === '' ? null : region,
    latitude: Number(latitude),
    longitude: Number(longitude),
    timeZone: zones[Number(zone)] ?? 'UTC',
  }
}
