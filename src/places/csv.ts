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
  /** One sentence each, `line 3: ...`. */
  readonly problems: readonly string[]
}

/** No table: every place is unknown. */
export const NO_PLACES: PlaceTable = { locate: () => null }

/** The columns in the order that they have unless a header says otherwise, and how else headers name them. */
const COLUMNS = [
  ['cidr', /^(cidr|range|prefix|network|subnet)$/],
  ['latitude', /^lat/],
  ['longitude', /^(lon|lng)/],
  ['label', /^(label|name|place|city)$/],
  ['owner', /^(owner|org|organi[sz]ation|isp|provider)$/],
] as const
const HEADER = COLUMNS.map(([name]) => name).join(',')

/** A row without a label and an owner is a place all the same. */
const LEAST_FIELDS = 3

/** As programs print numbers: `51.517399999999995`, `-1e-05`; never hexadecimal, blanks or words. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i
/** What a card shows of an outside name, characters. */
const TEXT_LIMIT = 80

interface Row {
  readonly range: Range
  readonly place: Place
}

/** Where each of the columns stands in a line. */
type Order = readonly number[]

/**
 * Reads `cidr,latitude,longitude,label,owner`: the first line is the header, fields are not quoted, blank lines and a
 * byte order mark are skipped, `label` and `owner` may be empty or missing, bits beyond a prefix do not count. A header
 * in other words is taken for these columns in this order, but for those that it names to stand elsewhere; a first line
 * that is a row counts as one. Where the owner names no one but the label names a cloud security vendor, the vendor is
 * the owner.
 */
export function placesFromCsv(text: string): PlacesRead {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const first = lines[0] ?? ''
  const hasHeader = typeof rowOf(first, IN_ORDER) === 'string'
  const order = hasHeader ? orderOf(first) : IN_ORDER
  if (order === null) {
    return { table: NO_PLACES, rows: 0, problems: [`line 1: the header is not ${HEADER}`] }
  }
  const rows = prefixRows<Place>()
  const problems: string[] = []
  for (const [index, line] of lines.entries()) {
    if ((index === 0 && hasHeader) || line.trim() === '') continue
    const read = rowOf(line, order)
    if (typeof read === 'string') problems.push(`line ${index + 1}: ${read}`)
    else if (!rows.add(read.range, read.place))
      problems.push(`line ${index + 1}: the range stands in the file twice`)
  }
  const table = rows.table()
  return { table: { locate: (address) => table.find(address) }, rows: table.size, problems }
}

const IN_ORDER: Order = COLUMNS.map((_, index) => index)

/** The order that a header tells; null when it tells of another number of columns, or gives two the same place. */
function orderOf(header: string): Order | null {
  const names = fieldsOf(header).map((name) => name.toLowerCase())
  if (names.length !== COLUMNS.length) return null
  const order = COLUMNS.map(([, words], index) => {
    const named = names.findIndex((name) => words.test(name))
    return named < 0 ? index : named
  })
  return new Set(order).size === order.length ? order : null
}

function fieldsOf(line: string): string[] {
  return line.split(',').map((field) => field.trim())
}

function rowOf(line: string, order: Order): Row | string {
  const fields = fieldsOf(line)
  if (fields.length < LEAST_FIELDS || fields.length > COLUMNS.length)
    return `has ${fields.length} fields, not ${COLUMNS.length}`
  const [cidr = '', north = '', east = '', label = '', owner = ''] = order.map((at) => fields[at])
  const range = parseRange(cidr)
  if (range === null) return 'the cidr is no range of addresses'
  const latitude = degrees(north, 90)
  if (latitude === null) return 'the latitude is no number from -90 to 90'
  const longitude = degrees(east, 180)
  if (longitude === null) return 'the longitude is no number from -180 to 180'
  return {
    range,
    place: {
      latitude,
      longitude,
      label: cut(label === '' ? cidr : label),
      owner: owner === '' ? securityVendorOf(label) : cut(owner),
    },
  }
}

function cut(text: string): string {
  return [...text].slice(0, TEXT_LIMIT).join('')
}

function degrees(text: string, most: number): number | null {
  const value = Number(text)
  return DECIMAL.test(text) && Math.abs(value) <= most ? value : null
}
