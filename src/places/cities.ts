import type { Position } from '../core/geography.ts'
import { CITIES } from './cities-table.ts'

/** A city that `--here` can name. */
export interface City extends Position {
  readonly name: string
  /** IANA name. */
  readonly timeZone: string
}

/** The city of a name, whatever its case, accents, hyphens and dots; null when the table has none. */
export function cityNamed(name: string): City | null {
  const plain = plainOf(name)
  const found = CITIES.find(([city]) => plainOf(city) === plain)
  return found === undefined
    ? null
    : { name: found[0], latitude: found[1], longitude: found[2], timeZone: found[3] }
}

/** The names of all cities, to suggest from. */
export function cityNames(): readonly string[] {
  return CITIES.map(([name]) => name)
}

function plainOf(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim()
}
