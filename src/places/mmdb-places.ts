import { holds, type Ip, parseIp, parseRange } from '../core/cidr.ts'
import type { Place } from '../core/probe.ts'
import { isCountryPoint } from './country-points.ts'
import type { PlaceTable } from './csv.ts'
import { openMmdb } from './mmdb-file.ts'
import { at, degreesOf, nameOf } from './record.ts'

/** What reading an operator's city databases gave. */
export type MmdbPlacesRead =
  | {
      readonly ok: true
      readonly table: PlaceTable
      /** What its maker calls each file, e.g. `GeoLite2-City`: it decides which attribution is owed. */
      readonly types: readonly string[]
    }
  | {
      readonly ok: false
      /** One sentence without its full stop; nothing of the files stands in it. */
      readonly problem: string
    }

/** A record that is no sharper than this is about a country (MaxMind's own default points carry it). */
const TOO_WIDE_KM = 1_000

/** IPv4 that no database can place: private, shared, local and the like. Documentation ranges are ordinary addresses. */
const NOWHERE_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
].map(parseRange)

/** The only IPv6 addresses that are in use on the Internet. */
const GLOBAL_V6 = parseRange('2000::/3')

/**
 * Places by city databases in MaxMind's format: MaxMind's own records, DB-IP's (the same, or flat ones as published by
 * ip-location-db) and IPinfo's. Several files may be given, say one per family; each address is looked up in the files
 * whose tree is for its family, those for IPv4 alone first, until one has a record.
 *
 * A record without a city, on the point that stands for a whole country, or no sharper than 1,000 km is no place; nor
 * is any record of a private address.
 */
export function placesFromMmdb(files: readonly Uint8Array[]): MmdbPlacesRead {
  const opened = []
  for (const [index, bytes] of files.entries()) {
    const read = openMmdb(bytes)
    const which = files.length === 1 ? 'the file' : `file ${index + 1}`
    if (!read.ok) return { ok: false, problem: `${which} is no database in MaxMind's format, or is damaged` }
    if (!read.file.sample.some(hasPosition)) {
      return { ok: false, problem: `${which} holds no positions of cities` }
    }
    opened.push(read.file)
  }
  const ordered = [...opened].sort((a, b) => a.family - b.family)
  return {
    ok: true,
    types: opened.map(({ type }) => type),
    table: {
      locate: (address) => {
        const ip = parseIp(address)
        if (ip === null || isNowhere(ip)) return null
        for (const file of ordered) {
          const record = file.record(ip)
          if (record !== null) return placeOf(record)
        }
        return null
      },
    },
  }
}

/** The place that a city database's record states; null where it states none that can be relied on. */
export function placeOf(record: unknown): Place | null {
  const city = nameOf(at(record, 'city', 'names', 'en') ?? at(record, 'city'))
  const position = positionOf(record)
  if (city === null || position === null) return null
  const country = nameOf(
    at(record, 'country', 'iso_code') ?? at(record, 'country_code') ?? at(record, 'country'),
  )
  const radius = at(record, 'location', 'accuracy_radius')
  if (typeof radius === 'number' && radius >= TOO_WIDE_KM) return null
  if (isCountryPoint(country, position)) return null
  return { ...position, label: country === null ? city : `${city}, ${country}`, owner: null }
}

function positionOf(record: unknown): { latitude: number; longitude: number } | null {
  const latitude = degreesOf(
    at(record, 'location', 'latitude') ?? at(record, 'latitude') ?? at(record, 'lat'),
    90,
  )
  const longitude = degreesOf(
    at(record, 'location', 'longitude') ?? at(record, 'longitude') ?? at(record, 'lng'),
    180,
  )
  // Zero and zero is how a missing position reads, in the Gulf of Guinea.
  if (latitude === null || longitude === null || (latitude === 0 && longitude === 0)) return null
  return { latitude, longitude }
}

function hasPosition(record: unknown): boolean {
  return positionOf(record) !== null
}

function isNowhere(ip: Ip): boolean {
  return ip.family === 4
    ? NOWHERE_V4.some((range) => range !== null && holds(range, ip))
    : GLOBAL_V6 !== null && !holds(GLOBAL_V6, ip)
}
