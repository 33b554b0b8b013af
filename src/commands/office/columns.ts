import { outside } from '../../cards/text.ts'
import { listText } from '../../cards/wording.ts'
import { parseRange } from '../../core/cidr.ts'
import type { Office } from '../../core/office.ts'
import { t } from '../../core/t.ts'
import { fold } from '../words.ts'
import { type CsvRow, csvLine, guarded, type LineProblem, unguarded } from './csv.ts'
import { type Draft, decimal, draftOf } from './draft.ts'

/** Ways out that the admin centre's file has columns for. */
const CIRCUITS = 5

/** Ranges in one of those columns: five of them hold the twenty that an office may have. */
const PER_CIRCUIT = 4

/** The columns of the admin centre's file ("Network connectivity", "Locations"), in its order, and after them our own. */
export const COLUMNS = [
  'userEntered',
  'Name',
  'Address',
  'Latitude',
  'Longitude',
  ...Array.from({ length: CIRCUITS }, (_, index) => `Egress IP Address ranges ${index + 1}`),
  'LanIps',
  'Id',
  'TimeZone',
  'Aliases',
  'Tags',
  'Resolvers',
  'FrontDoors',
  'TargetRttMs',
  'TargetDownloadMBps',
] as const

/** A column by what its title says, however it is spelt. */
type Column = string

/** Titles that mean the same: the admin centre's pages and files differ in them. */
function columnOf(title: string): Column {
  return fold(unguarded(title))
    .replace(/[^a-z0-9]/g, '')
    .replace(/^egressipaddressranges?/, 'egress')
    .replace(/^resolverip(s|addresses)?$/, 'resolvers')
    .replace(/^timezones?$/, 'timezone')
}

/** Columns that we know by {@link columnOf}; `address` finds a city, `lanips` and `userentered` say nothing to us. */
const KNOWN = new Set(COLUMNS.map(columnOf))

/** One row of a file, by column; a column that the file lacks is missing, an empty cell is empty. */
export interface RowRead {
  readonly line: number
  readonly cells: ReadonlyMap<Column, string>
}

/** What the file's header makes of its rows. */
export interface TableRead {
  readonly rows: readonly RowRead[]
  readonly problems: readonly LineProblem[]
  /** Titles of columns that are left aside. Outside text. */
  readonly aside: readonly string[]
}

/** Reads the header, which must name the columns in any order, and the rows below it. */
export function readTable(all: readonly CsvRow[]): TableRead {
  const [header, ...rows] = all
  const nothing = { rows: [], aside: [] }
  if (header === undefined) return { ...nothing, problems: [{ line: 1, says: t`the file is empty` }] }
  const columns = header.cells.map(columnOf)
  if (!columns.includes('name')) {
    const says = t`the first line must name the columns; Name is missing. Say office export to see all of them`
    return { ...nothing, problems: [{ line: header.line, says }] }
  }
  const twice = columns.find((column, index) => column !== '' && columns.indexOf(column) !== index)
  if (twice !== undefined) {
    const says = t`the column ${outside(header.cells[columns.indexOf(twice)] ?? '')} stands twice`
    return { ...nothing, problems: [{ line: header.line, says }] }
  }
  if (rows.length === 0) {
    return { ...nothing, problems: [{ line: header.line, says: t`below the header there are no offices` }] }
  }
  const problems = rows.flatMap(({ line, cells }): LineProblem[] => {
    const more = cells.slice(columns.length).some((cell) => cell !== '')
    return more ? [{ line, says: t`has ${cells.length} cells; the header has ${columns.length}` }] : []
  })
  const read = rows.map(({ line, cells }) => ({
    line,
    cells: new Map(
      columns.flatMap((column, index) =>
        KNOWN.has(column) ? [[column, unguarded(cells[index] ?? '')] as const] : [],
      ),
    ),
  }))
  const aside = header.cells.filter((title, index) => title !== '' && !KNOWN.has(columns[index] ?? ''))
  return { rows: read, problems, aside }
}

/** The draft that a row makes of what is registered (or of nothing): columns that the file lacks change nothing. */
export function draftFrom(
  row: RowRead,
  base: Draft,
): { readonly draft: Draft; readonly problems: readonly string[] } {
  const { cells } = row
  const cell = (column: Column, otherwise: string) => cells.get(column) ?? otherwise
  const problems: string[] = []
  const [north, east] = [cell('latitude', '').trim(), cell('longitude', '').trim()]
  const hasPlace = north !== '' || east !== ''
  if (hasPlace) problems.push(...degreesProblems(north, east))
  const circuits = Array.from({ length: CIRCUITS }, (_, index) => cells.get(`egress${index + 1}`))
  const draft: Draft = {
    name: cell('name', base.name),
    // Without coordinates the place stays; an office that had none may be found by its address.
    place: hasPlace ? `${north}, ${east}` : base.place === '' ? cell('address', '') : base.place,
    zone: cell('timezone', '').trim() === '' ? base.zone : cell('timezone', base.zone),
    aliases: cell('aliases', base.aliases),
    tags: cell('tags', base.tags),
    egress: circuits.every((text) => text === undefined)
      ? base.egress
      : circuits.map(circuitRanges).join(' '),
    resolvers: cell('resolvers', base.resolvers),
    doors: cell('frontdoors', base.doors),
    rtt: cell('targetrttms', base.rtt),
    download: cell('targetdownloadmbps', base.download),
  }
  return { draft, problems }
}

function degreesProblems(north: string, east: string): readonly string[] {
  if (north === '' || east === '') return [t`latitude and longitude must both be there, or neither`]
  const wrong = [north, east].filter((text) => !/^[+-]?\d{1,3}(\.\d{1,20})?$/.test(text))
  if (wrong.length === 0) return []
  return [t`${listText(wrong.map(outside))} is no number of degrees: write it with a dot, as 45.76`]
}

/** `Main circuit 203.0.113.0/24 198.51.100.0/24`: words before the first range name the circuit and are left aside. */
function circuitRanges(text: string | undefined): string {
  const parts = (text ?? '').split(/[\s,;]+/u).filter((part) => part !== '')
  const first = parts.findIndex((part) => parseRange(part.toLowerCase()) !== null)
  // A cell without any range is read whole, so that what is wrong with it is said.
  return (first < 0 ? parts : parts.slice(first)).join(' ')
}

/** The header line of an export. */
export const HEADER = csvLine(COLUMNS)

/** An office as a line of an export; reading it again changes nothing. */
export function lineOf(office: Office): string {
  const draft = draftOf(office)
  const circuits = Array.from({ length: CIRCUITS }, (_, index) => {
    const ranges = office.egress.slice(index * PER_CIRCUIT, (index + 1) * PER_CIRCUIT)
    return ranges.length === 0 ? '' : t`circuit${index + 1} ${ranges.join(' ')}`
  })
  const { rttMs, downloadMBps } = office.targets
  return csvLine([
    '1',
    guarded(office.name),
    '',
    office.placed ? decimal(office.at.latitude) : '',
    office.placed ? decimal(office.at.longitude) : '',
    ...circuits,
    '',
    office.id,
    guarded(draft.zone),
    guarded(draft.aliases),
    guarded(draft.tags),
    draft.resolvers,
    guarded(draft.doors),
    rttMs === undefined ? '' : decimal(rttMs),
    downloadMBps === undefined ? '' : decimal(downloadMBps),
  ])
}
