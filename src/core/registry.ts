import type { Position } from './geography.ts'
import type { Office } from './office.ts'

/** An office as its row holds it now. */
export interface OfficeRow {
  readonly office: Office
  /** Opaque; changes with every write. */
  readonly etag: string
}

/** Writing to the registry: every change names the row that it was made from, so that of two admins the later is told. */
export interface OfficeRows {
  /** The row as it is stored now, past any copy in memory; null: there is none (any more). */
  row(id: string): Promise<OfficeRow | null>
  /** Stores a new office; `taken` where its id was ever used, also by an office that is gone. */
  add(office: Office): Promise<OfficeRow | 'taken'>
  /** Stores an office in place of the row of that ETag; `stale` where somebody changed or removed it meanwhile. */
  change(office: Office, etag: string): Promise<OfficeRow | 'stale'>
  /** Takes an office out of the registry and keeps its id from being used again; `at` epoch ms. False: stale. */
  retire(id: string, etag: string, at: number): Promise<boolean>
  /**
   * Does many changes, all of them or none, also when the store fails in the middle or this program is killed. `name` is
   * a word of `[A-Za-z0-9-]` that no other call was given.
   */
  apply(name: string, changes: readonly RegistryChange[]): Promise<Applied>
}

/**
 * One of many changes that are done together. A new office takes the first of `ids` that was never used, unless the holder
 * of an earlier one is the same office to people (`isSame`): then somebody else has just added it.
 */
export type RegistryChange =
  | {
      readonly what: 'add'
      readonly office: Office
      readonly ids: readonly string[]
      isSame(holder: Office): boolean
    }
  | { readonly what: 'change'; readonly office: Office; readonly etag: string }
  | { readonly what: 'retire'; readonly id: string; readonly etag: string; readonly at: number }

/**
 * What became of many changes: `done` all of them; `stale` none, for somebody changed a row meanwhile or no id was free;
 * `failed` none, for the store failed; `unknown` all or none, for the store failed where that is decided.
 */
export type Applied = 'done' | 'stale' | 'failed' | 'unknown'

/** A city of the table, for people to confirm. */
export interface CityFound extends Position {
  readonly name: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly region: string | null
  /** A guess near borders of zones: to be confirmed. */
  readonly timeZone: string
}

/** What the tables of places say; all of it is to be confirmed by a person. */
export interface Geography {
  /** Cities of that name, the most populous first. */
  cities(text: string): Promise<readonly CityFound[]>
  /** Where a front door's code is, e.g. `London Heathrow`; null for a code that no table has. */
  door(office: Office, code: string): string | null
  /** Where an address is said to be, and how far from the office (km; null: the office has no place). */
  placeOf(office: Office, address: string): { readonly label: string; readonly km: number | null } | null
}
