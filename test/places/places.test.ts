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
      '10.0.0.0/33,1,2,A,',
      '10.0.0.0/8,,2,A,',
      '10.0.0.0/8,1,2,A,B,C',
      '10.0.0.0/8,1,2,A,',
      '10.0.0.0/8,1,2,B,',
      '11.0.0.0/8,1;5,2,B,',
      '12.0.0.0/8,0x10,2,B,',
      '13.0.0.0/8,1e999,2,B,',
      '14.0.0.0/8,NaN,2,B,',
      '15.0.0.0/8',
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
      'line 12',
      'line 13',
      'line 14',
    ])
  })

  it('takes numbers as programs print them, host bits, and rows that lack a label or an owner', () => {
    const { table, rows, problems } = read(
      '203.0.113.1/28,51.517399999999995,-1e-05,London,',
      '198.51.100.0/24,+.5,-7.,,Contoso',
      '192.0.2.0/24,1,2,Lyon',
      '2001:db8::1/32,1,2',
    )
    expect([rows, problems]).toEqual([4, []])
    const london = { latitude: 51.517399999999995, longitude: -1e-5, label: 'London', owner: null }
    expect(table.locate('203.0.113.15')).toEqual(london)
    expect(table.locate('203.0.113.16')).toBe(null)
    expect(table.locate('198.51.100.1')).toMatchObject({ latitude: 0.5, label: '198.51.100.0/24' })
    expect(table.locate('192.0.2.1')).toMatchObject({ label: 'Lyon', owner: null })
    expect(table.locate('2001:db8::5')?.label).toBe('2001:db8::1/32')
  })

  it('shortens a text that no card has room for', () => {
    const { table } = read(`203.0.113.0/24,1,2,${'x'.repeat(100)},${'y'.repeat(100)}`)
    expect(table.locate('203.0.113.1')).toMatchObject({ label: 'x'.repeat(80), owner: 'y'.repeat(80) })
  })

  it.each([
    ['other words', 'range,lat,lon,name,who', '203.0.113.0/24,1,2,A,B'],
    ['words that nobody knows', 'a,b,c,d,e', '203.0.113.0/24,1,2,A,B'],
    ['another order', 'cidr,longitude,latitude,label,owner', '203.0.113.0/24,2,1,A,B'],
    ['another order in other words', 'lat,lng,prefix,org,city', '1,2,203.0.113.0/24,B,A'],
    ['no header at all', '203.0.113.0/24,1,2,A,B', ''],
  ])('reads a file with %s', (_, header, line) => {
    const { table, problems } = placesFromCsv(`${header}\n${line}\n`)
    expect(problems).toEqual([])
    expect(table.locate('203.0.113.9')).toEqual({ latitude: 1, longitude: 2, label: 'A', owner: 'B' })
  })

  it.each(['', 'a,b,c', 'a,b,c,d,e,f', 'cidr;latitude;longitude;label;owner', 'a,lat,b,cidr,c'])(
    'refuses a file that begins with %j',
    (text) => {
      expect(placesFromCsv(`${text}\n203.0.113.0/24,1,2,A,B`).problems).toEqual([
        expect.stringMatching(/^line 1: the header/),
      ])
    },
  )

  it('reads every place that a program prints, and believes none beyond the poles', () => {
    const coordinate = fc.double({ min: -400, max: 400, noNaN: true })
    fc.assert(
      fc.property(
        fc.ipV4(),
        fc.integer({ min: 0, max: 32 }),
        coordinate,
        coordinate,
        (address, bits, north, east) => {
          const { table, rows } = read(`${address}/${bits},${north},${east},A,B`)
          const isPlace = Math.abs(north) <= 90 && Math.abs(east) <= 180
          expect(rows).toBe(isPlace ? 1 : 0)
          const place = { latitude: Number(`${north}`), longitude: Number(`${east}`), label: 'A', owner: 'B' }
          expect(table.locate(address)).toEqual(isPlace ? place : null)
        },
      ),
    )
  })

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
