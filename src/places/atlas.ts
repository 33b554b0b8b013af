import { distanceKm, type Position } from '../core/geography.ts'
import type { Atlas, Door } from '../core/probe.ts'
import { AIRPORT_CODES } from './airport-codes.ts'
import { AIRPORTS } from './airports.ts'
import { ALIASES } from './aliases.ts'
import { NO_PLACES, type PlaceTable } from './csv.ts'
import { EXCHANGE_DOORS } from './doors.ts'
import { EDGES } from './edges.ts'
import { NO_OWNERS, type OwnerTable } from './owners.ts'
import { REGION_PLACES, regionNamed } from './regions.ts'
import { doorsOf, type Row } from './row.ts'

/** What an atlas is put together from. */
export interface AtlasParts {
  /** The operator's own ranges, which win. */
  readonly places: PlaceTable
  /** City databases, asked where `places` does not know the address. */
  readonly geo?: PlaceTable
  /** Asked where neither names an owner. */
  readonly owners?: OwnerTable
  /** Exchange front doors that are known to exist; must not be empty. */
  readonly doors?: readonly Row[]
  /** What Microsoft's endpoint list says. */
  readonly list: Pick<Atlas, 'inPublishedRanges' | 'category'>
}

/**
 * The tables in one: addresses by `places`, then `geo`, their owners by `places`, then `owners`, codes by Exchange doors, Microsoft's edges, airports, aliases and Azure
 * regions, in this order; airports, too, by themselves.
 */
export function makeAtlas({
  places,
  geo = NO_PLACES,
  owners = NO_OWNERS,
  doors = EXCHANGE_DOORS,
  list,
}: AtlasParts): Atlas {
  const known = [...doorsOf(doors).values()]
  const codes = doorsOf([...doors, ...EDGES, ...AIRPORTS])
  const airports = doorsOf(AIRPORT_CODES)
  return {
    locate: (address) => places.locate(address) ?? geo.locate(address),
    owner: (address) => places.locate(address)?.owner ?? owners.ownerOf(address),
    door: (code) => doorNamed(codes, code),
    airport: (code) => airports.get(code.toUpperCase()) ?? null,
    nearestDoor: (at) => nearest(known, at),
    nearestRegion: (at) => nearest(REGION_PLACES, at),
    inPublishedRanges: (set, address) => list.inPublishedRanges(set, address),
    category: (set) => list.category(set),
  }
}

/** `hk2` is looked up as HK2, then HK, then by the aliases; the answer keeps the code that was asked, upper case. */
function doorNamed(codes: ReadonlyMap<string, Door>, code: string): Door | null {
  const asked = code.trim().toUpperCase()
  const bare = asked.replace(/\d+$/, '')
  const alias = Object.hasOwn(ALIASES, bare) ? (ALIASES[bare] ?? '') : ''
  const found = codes.get(asked) ?? codes.get(bare) ?? codes.get(alias)
  return found === undefined ? regionNamed(code.trim()) : { ...found, code: asked }
}

function nearest(doors: readonly Door[], at: Position): Door {
  const [first, ...rest] = doors
  if (first === undefined) throw new Error('an atlas needs at least one front door')
  return rest.reduce((best, door) => (distanceKm(at, door) < distanceKm(at, best) ? door : best), first)
}
