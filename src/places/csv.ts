import { parseRange, type Range } from '../core/cidr.ts'
import type { Place } from '../core/probe.ts'
import { securityVendorOf } from '../core/vendors.ts'
import { prefixRows } from './prefix-table.ts'

/** Ranges of addresses with known places. */
export interface PlaceTable {
  /** The place of the longest prefix that holds the address; null when none does or the text is no address. */
  locate(address: string): Place | null
}

/** What reading a CSV gave. Rows that are wrong are left out of the table, and each is a problem with its line. */
export interface PlacesRead {
  readonly table: PlaceTable
  readonly rows: number
  /** One sentence each, `line 3: ...`; line 1 is the header. */
  readonly problems: readonly string[]
}

/** No table: every place is unknown. */
export const NO_PLACES: PlaceTable = { locate: () => null }

const COLUMNS = ['cidr', 'latitude', 'longitude', 'label', 'owner']
const DEGREES = /^[+-]?\d{1,3}(\.\d{1,12})?$/
/** What a card shows of an outside name. */
const TEXT_LIMIT = 80

interface Row {
  readonly range: Range
  readonly place: Place
}

/**
 * Reads `cidr,latitude,longitude,label,owner`: the first line is the header, fields are not quoted, blank lines and a
 * byte order mark are skipped, `owner` may be empty. Where the owner names no one but the label names a cloud security
 * vendor, the vendor is the owner.
 */
export function placesFromCsv(text: string): PlacesRead {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const header = (lines[0] ?? '').split(',').map((name) => name.trim().toLowerCase())
  if (header.join() !== COLUMNS.join()) {
    return { table: NO_PLACES, rows: 0, problems: [`line 1: the header is not ${COLUMNS.join(',')}`] }
  }
  const rows = prefixRows<Place>()
  const problems: string[] = []
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue
    const read = rowOf(line)
    if (typeof read === 'string') problems.push(`line ${index + 1}: ${read}`)
    else if (!rows.add(read.range, read.place))
      problems.push(`line ${index + 1}: the range stands in the file twice`)
  }
  const table = rows.table()
  return { table: { locate: (address) => table.find(address) }, rows: table.size, problems }
}

function rowOf(line: string): Row | string {
  const fields = line.split(',').map((field) => field.trim())
  if (fields.length !== COLUMNS.length) return `has ${fields.length} fields, not ${COLUMNS.length}`
  const [cidr = '', north = '', east = '', label = '', owner = ''] = fields
  const range = parseRange(cidr)
  if (range === null) return 'the cidr is no range of addresses'
  if (!range.exact) return 'the cidr has bits set beyond its length'
  const latitude = degrees(north, 90)
  if (latitude === null) return 'the latitude is no number from -90 to 90'
  const longitude = degrees(east, 180)
  if (longitude === null) return 'the longitude is no number from -180 to 180'
  if (label === '') return 'the label is empty'
  if (label.length > TEXT_LIMIT || owner.length > TEXT_LIMIT)
    return `a text is longer than ${TEXT_LIMIT} characters`
  return {
    range,
    place: { latitude, longitude, label, owner: owner === '' ? securityVendorOf(label) : owner },
  }
}

function degrees(text: string, most: number): number | null {
  const value = Number(text)
  return DEGREES.test(text) && Math.abs(value) <= most ? value : null
}
