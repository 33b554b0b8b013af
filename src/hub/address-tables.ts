import { readFileSync } from 'node:fs'
import { ConfigError } from '../config/config-error.ts'
import type { HubConfig } from '../config/hub-config.ts'
import { NO_PLACES, type PlaceTable, placesFromCsv } from '../places/csv.ts'
import { placesFromMmdb } from '../places/mmdb-places.ts'
import { NO_OWNERS, type OwnerTable, ownersFrom } from '../places/owners.ts'
import type { DeskLog } from './check/check-desk.ts'

/** What the operator's own files say about addresses. */
export interface AddressTables {
  /** Ranges of the world that the hub serves, or of the real Internet when it serves none. */
  readonly places: PlaceTable
  /** City databases: about the real Internet, always. */
  readonly geo: PlaceTable
  /** Owners: about the real Internet, always. */
  readonly owners: OwnerTable
}

/** Reads the files that the configuration names. Throws a `ConfigError` for one that cannot be read or used. */
export function readAddressTables(
  config: Pick<HubConfig, 'places' | 'geo' | 'owners'>,
  log: DeskLog,
): AddressTables {
  return {
    places: readPlaces(config.places, log),
    geo: readGeo(config.geo, log),
    owners: readOwners(config.owners, log),
  }
}

function readPlaces(file: string | null, log: DeskLog): PlaceTable {
  if (file === null) return NO_PLACES
  const { table, rows, problems } = placesFromCsv(bytesOf('DOORSTEP_PLACES', file).toString('utf8'))
  for (const problem of problems) log.warn({ problem }, 'places')
  log.info({ rows }, 'places read')
  return table
}

function readGeo(files: readonly string[], log: DeskLog): PlaceTable {
  if (files.length === 0) return NO_PLACES
  const read = placesFromMmdb(files.map((file) => bytesOf('DOORSTEP_GEO', file)))
  if (!read.ok) throw new ConfigError([`DOORSTEP_GEO: ${read.problem}`])
  log.info({ databases: read.types }, 'city databases read')
  return read.table
}

function readOwners(file: string | null, log: DeskLog): OwnerTable {
  if (file === null) return NO_OWNERS
  const read = ownersFrom(bytesOf('DOORSTEP_OWNERS', file))
  if (!read.ok) throw new ConfigError([`DOORSTEP_OWNERS: ${read.problem}`])
  for (const problem of read.problems) log.warn({ problem }, 'owners')
  log.info({}, 'owners read')
  return read.table
}

/** A whole file: city databases are up to 150 MB, and reading one at a time by its pages would cost every look-up. */
function bytesOf(key: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new ConfigError([`${key}: the file cannot be read (${(error as NodeJS.ErrnoException).code})`])
  }
}
