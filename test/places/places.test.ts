import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distanceKm } from '../../src/core/geography.ts'
import { publishedList } from '../../src/endpoints/ranges.ts'
import { snapshotList } from '../../src/endpoints/snapshot.ts'
import { AIRPORT_CODES, RESOLVER_AIRPORTS } from '../../src/places/airport-codes.ts'
import { AIRPORTS } from '../../src/places/airports.ts'
import { ALIASES } from '../../src/places/aliases.ts'
import { makeAtlas } from '../../src/places/atlas.ts'
import { loadCities } from '../../src/places/cities.ts'
import { NO_PLACES, placesFromCsv } from '../../src/places/csv.ts'
import { EXCHANGE_DOORS } from '../../src/places/doors.ts'
import { EDGES } from '../../src/places/edges.ts'
import { regionNamed } from '../../src/places/regions.ts'

const HEADER = 'cidr,latitude,longitude,label,owner'
const read = (...lines: string[]) => placesFromCsv([HEADER, ...lines].join('\n'))
const atlas = makeAtlas({ places: NO_PLACES, list: publishedList(snapshotList()) })
const SEATTLE = { latitude: 47.61, longitude: -122.33 }

describe('places from a CSV', () => {
  it('takes the longest prefix, in both families', () => {
    const { table, rows, problems } = read(
      '203.0.113.0/24,51.51,-0.13,London,Thames Internet',
      '203.0.113.16/28,47.61,-122.33,Seattle,',
      '2001:db8::/32,45.76,4.84,Lyon,',
      '198.51.100.7,1,2,One,',
    )
    expect([rows, problems]).toEqual([4, []])
    const at = (address: string) => table.locate(address)?.label ?? null
    expect(
      ['203.0.113.1', '203.0.113.17', '203.0.113.32', '2001:db8::5', '198.51.100.7', '198.51.100.8', 'x'].map(
        at,
      ),
    ).toEqual(['London', 'Seattle', 'London', 'Lyon', 'One', null, null])
    expect(table.locate('203.0.113.1')).toEqual({
      latitude: 51.51,
      longitude: -0.13,
      label: 'London',
      owner: 'Thames Internet',
    })
  })

  it('reads carriage returns, blank lines, blanks around fields and a byte order mark', () => {
    const { rows, problems } = placesFromCsv(
      `\uFEFF${HEADER}\r\n 203.0.113.0/24 , 51.5 , -0.1 , London , \r\n\r\n`,
    )
    expect([rows, problems]).toEqual([1, []])
  })

  it('names a cloud security vendor by the label where nobody is named as owner', () => {
    const { table } = read('203.0.113.0/28,1,2,Zscaler Frankfurt,', '203.0.113.16/28,1,2,Zscaler,Contoso')
    expect([table.locate('203.0.113.1')?.owner, table.locate('203.0.113.17')?.owner]).toEqual([
      'Zscaler',
      'Contoso',
    ])
  })

  it('reports every problem with its line and keeps the rest', () => {
    const { rows, problems } = read(
      'nonsense,1,2,A,',
      '10.0.0.0/8,91,2,A,',
      '10.0.0.0/8,1,181,A,',
      '10.0.0.1/8,1,2,A,',
      '10.0.0.0/8,1,2,,',
      '10.0.0.0/8,1,2,A',
      '10.0.0.0/8,1,2,A,',
      '10.0.0.0/8,1,2,B,',
      '11.0.0.0/8,1;5,2,B,',
      '12.0.0.0/8,0x10,2,B,',
    )
    expect(rows).toBe(1)
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'line 2',
      'line 3',
      'line 4',
      'line 5',
      'line 6',
      'line 7',
      'line 9',
      'line 10',
      'line 11',
    ])
  })

  it.each(['', 'a,b,c', '203.0.113.0/24,1,2,A,B', 'cidr,longitude,latitude,label,owner'])(
    'refuses a file that begins with %j',
    (text) => {
      expect(placesFromCsv(text).problems).toEqual([expect.stringMatching(/^line 1: the header/)])
    },
  )

  it('never throws, and no row is both taken and reported', () => {
    const field = fc.oneof(fc.string(), fc.ipV4(), fc.constantFrom('10.0.0.0/8', '::/0', '51.5', '-0.1', ''))
    const line = fc.array(field, { maxLength: 6 }).map((fields) => fields.join(','))
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = [HEADER, ...lines].join('\n')
        const { rows, problems } = placesFromCsv(text)
        const filled = text
          .split(/\r\n|\n|\r/)
          .slice(1)
          .filter((one) => one.trim() !== '').length
        expect(rows + problems.length).toBe(filled)
      }),
    )
  })
})

describe('codes', () => {
  it("have all of Microsoft's published edges", () => {
    const published = readFileSync(new URL('./edges.txt', import.meta.url), 'utf8')
      .trim()
      .split('\n')
    expect(EDGES.map(([code]) => code)).toEqual(published)
  })

  it('have sane positions and no doubles', () => {
    for (const table of [EXCHANGE_DOORS, EDGES, AIRPORTS]) {
      expect(new Set(table.map(([code]) => code)).size).toBe(table.length)
      for (const [code, latitude, longitude, label] of table) {
        expect(code).toMatch(/^[A-Z]{2,5}$/)
        expect(Math.abs(latitude) <= 70 && Math.abs(longitude) <= 180 && label.length > 2).toBe(true)
      }
    }
  })

  it('agree where two tables have the same airport', () => {
    // Microsoft's table uses these for another place than the airport code says.
    const other = new Set(['SAN'])
    for (const [code, latitude, longitude] of [...EDGES, ...EXCHANGE_DOORS]) {
      const airport = AIRPORTS.find((row) => row[0] === code)
      if (airport === undefined || other.has(code)) continue
      expect(
        distanceKm({ latitude, longitude }, { latitude: airport[1], longitude: airport[2] }),
        code,
      ).toBeLessThan(100)
    }
    for (const [code, latitude, longitude] of EXCHANGE_DOORS) {
      const edge = EDGES.find((row) => row[0] === code)
      if (edge !== undefined)
        expect(
          distanceKm({ latitude, longitude }, { latitude: edge[1], longitude: edge[2] }),
          code,
        ).toBeLessThan(100)
    }
  })

  it.each([
    ['SAN', 'San Diego', 'San Antonio'],
    ['mex', 'Mexico City', 'Queretaro'],
  ])('of %s mean %s as an airport, and %s to Microsoft', (code, airport, edge) => {
    expect(atlas.airport?.(code)?.label).toBe(airport)
    expect(atlas.door(code)?.label).toBe(edge)
  })

  it.each([
    ['TUL', 'Tulsa'],
    ['LHR', 'London Heathrow'],
    ['EAT', 'Wenatchee, Washington'],
    ['JNB', 'Johannesburg'],
    ['SEA', 'Seattle'],
  ])('of %s are known as an airport', (code, label) => {
    expect(atlas.airport?.(code)?.label).toBe(label)
  })

  it.each(['STB', 'WST', 'ASH', 'CHG', 'BL', 'HK2', 'westus2', ''])('of "%s" are no airport here', (code) => {
    expect(atlas.airport?.(code)).toBeNull()
  })

  it('of airports have sane positions, and agree wherever two tables know one', () => {
    const first = new Map<string, (typeof AIRPORT_CODES)[number]>()
    for (const row of AIRPORT_CODES) {
      const [code, latitude, longitude, label] = row
      expect(code).toMatch(/^[A-Z]{3}$/)
      expect(Math.abs(latitude) <= 70 && Math.abs(longitude) <= 180 && label.length > 2).toBe(true)
      const [, lat, lon] = first.get(code) ?? row
      expect(distanceKm({ latitude, longitude }, { latitude: lat, longitude: lon }), code).toBeLessThan(100)
      first.set(code, first.get(code) ?? row)
    }
  })

  it('of airports that no other table knows stand by the city that they are named for', async () => {
    const { named } = await loadCities()
    const known = new Set([...AIRPORTS, ...EXCHANGE_DOORS].map(([code]) => code))
    for (const [code, latitude, longitude, label] of RESOLVER_AIRPORTS) {
      expect(known.has(code), code).toBe(false)
      const km = named(label).map((city) => distanceKm({ latitude, longitude }, city))
      // The farthest is Lanzhou's, in the next valley.
      expect(Math.min(...km), `${code} ${label}`).toBeLessThan(60)
    }
  })

  it('lead from every alias to a place', () => {
    for (const alias of Object.keys(ALIASES)) expect(atlas.door(alias), alias).not.toBeNull()
  })

  it.each([
    ['eat', 161],
    ['CO', 191],
    ['CO1', 191],
    ['YVR', 187],
    ['PDX', 226],
    ['SJC', 1140],
    ['PHX', 1798],
    ['LYH', 3664],
    ['MNZ', 3710],
    ['STB', 0],
    ['WST', 0],
    ['LHR', 7700],
  ])('%s is about %i km from Seattle', (code, km) => {
    const door = atlas.door(code) ?? expect.fail(code)
    expect(Math.abs(distanceKm(SEATTLE, door) - km)).toBeLessThan(30)
  })

  it.each([
    'LON',
    'LON04',
    'HK2',
    'HKG',
    'CO1',
    'PAO',
    'BL',
    'BL2',
    'SN1',
    'DM2',
    'STB',
    'WST',
    'BOM02',
    'JNB',
    'AM3',
    'DB4',
    'westeurope',
    'ukwest',
    'MDW',
    'CYS',
  ])('knows %s', (code) => {
    expect(atlas.door(code)).not.toBeNull()
  })

  it.each(['', 'QQQ', 'toString', '__proto__', 'constructor', '04'])('does not know %j', (code) => {
    expect(atlas.door(code)).toBeNull()
  })

  it('name Azure regions however they are written', () => {
    expect(regionNamed('East US 2')).toEqual(regionNamed('eastus2'))
    expect(regionNamed('marsnorth')).toBeNull()
  })
})

describe('the atlas', () => {
  it('gives the nearest Exchange door that was observed, not any airport', async () => {
    const cities = await loadCities()
    const near = (name: string) => atlas.nearestDoor(cities.named(name)[0] ?? expect.fail(name)).code
    expect(['Seattle', 'London', 'Lyon', 'Sydney', 'Tokyo', 'Chicago', 'Bangkok'].map(near)).toEqual([
      'EAT',
      'LHR',
      'CDG',
      'SYD',
      'HKG',
      'MDW',
      'KUL',
    ])
  })

  it('locates by the CSV alone and passes the list through', () => {
    const { table } = read('203.0.113.0/24,51.51,-0.13,London,')
    const own = makeAtlas({ places: table, list: publishedList(snapshotList()) })
    expect([
      own.locate('203.0.113.9')?.label,
      own.locate('198.51.100.1'),
      atlas.locate('203.0.113.9'),
    ]).toEqual(['London', null, null])
    expect([own.category(11), own.inPublishedRanges(11, '52.112.0.1')]).toEqual(['Optimize', true])
  })
})
