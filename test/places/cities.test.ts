import { readdirSync, readFileSync, statSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distanceKm } from '../../src/core/geography.ts'
import { citiesNamed, citiesOf, cityNamed, loadCities } from '../../src/places/cities.ts'

const cities = await loadCities()
const shown = (text: string) =>
  cities.named(text).map(({ name, country, region }) => [name, region, country].filter(Boolean).join(' '))

/** Large cities with the zones that were written by hand: what the table was made by. */
const ZONES = readFileSync('scripts/city-zones.tsv', 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t') as [string, string, string, string, string, string?])

describe('cities', () => {
  it.each([
    'Lyon',
    'lyon',
    ' LYON ',
    'Zürich',
    'Zurich',
    'São Paulo',
    'Montréal',
    'St Louis',
    'Ho-Chi-Minh City',
    'Lodz',
  ])('knows %s', async (name) => {
    expect(await cityNamed(name)).not.toBeNull()
  })

  it.each([
    'New York',
    'New York City',
    'Köln',
    'Cologne',
    'Washington',
    'Washington, D.C.',
    'Frankfurt',
    'Valletta',
  ])('knows %s, of two names or small', (name) => {
    expect(cities.named(name)).not.toEqual([])
  })

  it('gives all of a name, the most populous first', async () => {
    expect(shown('Portland')).toEqual(['Portland OR US', 'Portland ME US', 'Portland TX US'])
    expect(shown('London')).toEqual(['London ENG GB', 'London ON CA'])
    expect((await citiesNamed('Lyon')).map(({ country }) => country)).toEqual(['FR'])
  })

  it.each([
    ['Portland, Maine', ['Portland ME US']],
    ['portland, me', ['Portland ME US']],
    ['Portland, ME, USA', ['Portland ME US']],
    ['Portland, US', ['Portland OR US', 'Portland ME US', 'Portland TX US']],
    ['London, Ontario', ['London ON CA']],
    ['London, UK', ['London ENG GB']],
    ['Perth, Scotland', ['Perth SCT GB']],
    ['Valencia, Spain', ['Valencia ES']],
    ['Newcastle, NSW', ['Newcastle NSW AU']],
    ['Portland, France', []],
    ['Portland,', ['Portland OR US', 'Portland ME US', 'Portland TX US']],
    [', US', []],
  ])('tells cities of one name apart: %s', (text, expected) => {
    expect(shown(text)).toEqual(expected)
  })

  it.each(['Lyonn', '', ' ', ',', 'Zzyzx', '__proto__', 'constructor'])(
    'does not guess: %j',
    async (text) => {
      expect([await cityNamed(text), cities.named(text)]).toEqual([null, []])
    },
  )

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => cities.named(text).length >= 0))
  })

  it('has every large city that was known by hand, where it is and with its zone', () => {
    for (const [country, name, latitude, longitude, zone, other] of ZONES) {
      const at = { latitude: Number(latitude), longitude: Number(longitude) }
      const found = cities
        .named(other ?? name)
        .find((city) => city.country === country && distanceKm(city, at) < 60)
      // A few of them only say where a zone is.
      if (found !== undefined) expect([name, found.timeZone]).toEqual([name, zone])
    }
    expect(ZONES.length).toBeGreaterThan(400)
  })

  it('has about 24,000 places, all on the globe', () => {
    expect(cities.size).toBeGreaterThan(24_000)
    expect(cities.size).toBeLessThan(26_000)
  })

  it('has zones that exist and that follow the sun within four hours', async () => {
    const { default: data } = await import('../../src/places/cities15k.json', { with: { type: 'json' } })
    const offsets = data.zones.map(offsetHours)
    for (const line of data.cities.split('\n')) {
      const [name = '', country, , latitude, longitude, zone] = line.split('|')
      expect(name !== '' && /^[A-Z]{2}$/.test(country ?? ''), line).toBe(true)
      expect(Math.abs(Number(latitude)) <= 90 && Math.abs(Number(longitude)) <= 180, line).toBe(true)
      // A swapped sign would show here; 24 hours apart is the date line.
      const apart = Math.abs((offsets[Number(zone)] ?? Number.NaN) - Number(longitude) / 15)
      expect(Math.min(apart, Math.abs(24 - apart)), line).toBeLessThan(4)
    }
  })

  it('keeps its table small, and out of every program until somebody asks', () => {
    expect(statSync('src/places/cities15k.json').size).toBeLessThan(1_100_000)
    const naming = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => readFileSync(`src/${name}`, 'utf8').split('\n'))
      .filter((line) => line.includes('cities15k.json') && /\b(import|from)\b/.test(line))
    expect(naming).toEqual([expect.stringContaining("await import('./cities15k.json'")])
  })

  it('reads a table of its own', () => {
    const { named } = citiesOf({ zones: ['Etc/UTC'], cities: 'Å-by|SE||60.00|15.00|0|Nyby' })
    const city = {
      name: 'Å-by',
      country: 'SE',
      region: null,
      latitude: 60,
      longitude: 15,
      timeZone: 'Etc/UTC',
    }
    expect([named('a by'), named('NYBY')]).toEqual([[city], [city]])
  })
})

/** Hours ahead of UTC on 15 January 2026; throws for a zone that does not exist. */
function offsetHours(timeZone: string): number {
  const at = Date.UTC(2026, 0, 15, 12)
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at)
  const part = (type: string) => Number(parts.find((entry) => entry.type === type)?.value)
  return (part('day') - 15) * 24 + part('hour') + part('minute') / 60 - 12
}
