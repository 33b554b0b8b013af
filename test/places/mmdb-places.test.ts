import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeOf, placesFromMmdb } from '../../src/places/mmdb-places.ts'
import { mmdbOf, type Value } from '../support/mmdb-writer.ts'

/** A record as MaxMind and DB-IP write it. */
function record(city: string, latitude: number, longitude: number, country: string, radius = 20): Value {
  return {
    city: { names: { en: city, fr: `${city} (fr)` } },
    country: { iso_code: country, names: { en: 'A country' } },
    location: { accuracy_radius: radius, latitude, longitude, time_zone: 'Europe/London' },
  }
}

const KANSAS: Value = {
  country: { iso_code: 'US' },
  location: { accuracy_radius: 1000, latitude: 37.751, longitude: -97.822 },
}
const FOUR = mmdbOf({
  ipVersion: 4,
  type: 'Test-City',
  networks: [
    ['192.0.2.0/24', record('London', 51.51, -0.13, 'GB')],
    ['192.0.2.128/25', record('Reading', 51.45, -0.97, 'GB')],
    ['198.51.100.0/24', KANSAS],
    ['10.0.0.0/8', record('Nowhere', 1, 1, 'FR')],
    // What the first 32 bits of 2001:db8:: read as, as an IPv4 address.
    ['32.1.13.184/32', record('Garbage', 5, 5, 'FR')],
    ['203.0.113.0/24', { city: 'Lyon', country_code: 'FR', latitude: 45.76, longitude: 4.84, timezone: 'x' }],
  ],
})
const SIX = mmdbOf({
  ipVersion: 6,
  type: 'Test-City',
  networks: [
    ['2001:db8:1::/48', record('Tokyo', 35.69, 139.69, 'JP')],
    ['fd00::/8', record('Nowhere', 1, 1, 'FR')],
  ],
})
const BOTH = mmdbOf({
  ipVersion: 6,
  type: 'Test-City',
  networks: [
    ['2001:db8::/32', record('Osaka', 34.69, 135.5, 'JP')],
    ['192.0.2.0/24', record('Paris', 48.86, 2.35, 'FR')],
  ],
})

function tableOf(...files: readonly Uint8Array[]) {
  const read = placesFromMmdb(files)
  if (!read.ok) return expect.fail(read.problem)
  return (address: string) => read.table.locate(address)?.label ?? null
}

describe('places from city databases', () => {
  it('are the records of the longest prefix', () => {
    const at = tableOf(FOUR)
    expect(['192.0.2.1', '192.0.2.129', '203.0.113.9', '203.0.112.9'].map(at)).toEqual([
      'London, GB',
      'Reading, GB',
      'Lyon, FR',
      null,
    ])
    const read = placesFromMmdb([FOUR])
    expect(read.ok && [read.types, read.table.locate('203.0.113.9')]).toEqual([
      ['Test-City'],
      { latitude: 45.76, longitude: 4.84, label: 'Lyon, FR', owner: null },
    ])
  })

  it('never asks a tree for IPv4 about an IPv6 address, whose first bits it would answer for', () => {
    expect(tableOf(FOUR)('2001:db8::1')).toBeNull()
    expect(tableOf(FOUR)('32.1.13.184')).toBe('Garbage, FR')
  })

  it.each([
    ['v4 first', [FOUR, SIX]],
    ['v6 first', [SIX, FOUR]],
  ])('asks the file of the family, %s', (_name, files) => {
    const at = tableOf(...files)
    expect(['192.0.2.1', '2001:db8:1::5', '2001:db8:2::5', '::ffff:192.0.2.1'].map(at)).toEqual([
      'London, GB',
      'Tokyo, JP',
      null,
      'London, GB',
    ])
  })

  it('reads both families from one file that holds both, and none from one that lacks it', () => {
    expect(['192.0.2.1', '2001:db8::1'].map(tableOf(BOTH))).toEqual(['Paris, FR', 'Osaka, JP'])
    expect(tableOf(SIX)('192.0.2.1')).toBeNull()
  })

  it.each([
    '10.1.2.3',
    'fd00::1',
    '127.0.0.1',
    '100.64.0.1',
    '::1',
    'fe80::1',
    '',
    'x',
    '192.0.2.1/24',
    '198.51.100.7',
  ])('knows no place of %j', (address) => {
    expect(tableOf(FOUR, SIX)(address)).toBeNull()
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a web page', Buffer.from('<!doctype html><title>Sign in</title>')],
    ['zeros', Buffer.alloc(4096)],
    ['the first half', FOUR.subarray(0, FOUR.length >> 1)],
    ['the second half', FOUR.subarray(FOUR.length >> 1)],
    ['a hole in the middle', Buffer.concat([FOUR.subarray(0, 300), FOUR.subarray(360)])],
    ['records overwritten', Buffer.from(FOUR).fill(0xff, FOUR.length - 700, FOUR.length - 300)],
  ])('refuse %s with one sentence', (_name, bytes) => {
    expect(placesFromMmdb([bytes])).toEqual({
      ok: false,
      problem: "the file is no database in MaxMind's format, or is damaged",
    })
  })

  it('refuse a database of something else, and say which of two files it is', () => {
    const asn = mmdbOf({
      ipVersion: 4,
      type: 'Test-ASN',
      networks: [['192.0.2.0/24', { autonomous_system_organization: 'Example' }]],
    })
    expect(placesFromMmdb([FOUR, asn])).toEqual({ ok: false, problem: 'file 2 holds no positions of cities' })
  })

  it('never throw and never leave the globe, whatever bytes are damaged', () => {
    const damage = fc.array(fc.tuple(fc.nat(FOUR.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 })
    const addresses = [
      '192.0.2.1',
      '192.0.2.200',
      '198.51.100.1',
      '203.0.113.1',
      '32.1.13.184',
      '2001:db8::1',
    ]
    fc.assert(
      fc.property(damage, (bytes) => {
        const broken = Buffer.from(FOUR)
        for (const [index, byte] of bytes) broken[index] = byte
        const read = placesFromMmdb([broken])
        if (!read.ok) return
        for (const address of addresses) {
          const place = read.table.locate(address)
          if (place === null) continue
          expect(Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180).toBe(true)
          expect(place.label.length).toBeLessThanOrEqual(170)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('a record is a place', () => {
  const flat = { city: 'Lyon', country_code: 'FR', latitude: 45.76, longitude: 4.84 }

  it.each([
    ['nested', record('Lyon', 45.76, 4.84, 'FR')],
    ['flat', flat],
    ['flat with digits as text', { city: 'Lyon', country: 'FR', lat: '45.76', lng: '4.84' }],
  ])('in the %s form', (_name, value) => {
    expect(placeOf(value)).toEqual({ latitude: 45.76, longitude: 4.84, label: 'Lyon, FR', owner: null })
  })

  it.each([
    ['no city', { ...flat, city: undefined }],
    ['an empty city', { ...flat, city: '' }],
    ['a dash for a city', { ...flat, city: '-' }],
    ['no position', { ...flat, latitude: undefined }],
    ['a position off the globe', { ...flat, latitude: 91 }],
    ['a position that is no number', { ...flat, latitude: Number.NaN }],
    ['zero and zero', { ...flat, latitude: 0, longitude: 0 }],
    ['a radius of 1,000 km', record('Lyon', 45.76, 4.84, 'FR', 1000)],
    ['the middle of the United States', record('Cheney', 37.751, -97.822, 'US')],
    ['the middle of the United States, rounded', record('Cheney', 37.75, -97.82, 'US')],
    ['the middle of a country without its code', { city: 'X', latitude: 35, longitude: 105 }],
    ['no record', null],
    ['a text', 'Lyon'],
    ['a list', [flat]],
  ])('but not with %s', (_name, value) => {
    expect(placeOf(value)).toBeNull()
  })

  it('where a city lies near the middle of another country', () => {
    expect(placeOf(record('A city', 37.751, -97.822, 'CA'))).not.toBeNull()
  })

  it('whose name is clean and short', () => {
    const label = placeOf({ ...flat, city: ` A\u0000\u202e\n${'b'.repeat(500)}` })?.label
    expect(label).toBe(`A ${'b'.repeat(78)}, FR`)
  })

  it('or null, never an exception', () => {
    fc.assert(
      fc.property(
        fc.object({
          key: fc.constantFrom('city', 'names', 'en', 'location', 'latitude', 'longitude', 'country'),
        }),
        (value) => {
          const place = placeOf(value)
          expect(place === null || Number.isFinite(place.latitude)).toBe(true)
        },
      ),
    )
  })
})
