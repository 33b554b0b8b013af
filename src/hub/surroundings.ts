import type { Target } from '../core/measurement.ts'
import type { Office } from '../core/office.ts'
import type { Atlas } from '../core/probe.ts'
import { concreteHosts, reachTargets } from '../endpoints/hosts.ts'
import type { EndpointList } from '../endpoints/list.ts'
import { publishedList } from '../endpoints/ranges.ts'
import { type AtlasParts, makeAtlas } from '../places/atlas.ts'
import { NO_PLACES } from '../places/csv.ts'
import type { AddressTables } from './address-tables.ts'
import type { Surroundings } from './check/check-context.ts'
import type { EndpointLists } from './endpoint-lists.ts'

/** Where the parts of an office's surroundings come from. */
export interface SurroundingsSource extends Pick<AtlasParts, 'places' | 'geo' | 'owners'> {
  readonly list: () => EndpointList
  /** When the list was last known to be the newest, epoch ms; null: never. */
  readonly refreshedAt: () => number | null
}

/** The surroundings of offices of one world, made anew only when the endpoint list changes. */
export function surroundingsFrom(source: SurroundingsSource): (office: Office) => Surroundings {
  let made: Omit<Surroundings, 'listRefreshedAt'> | null = null
  return (office) => {
    const list = source.list()
    if (made?.list !== list) {
      made = {
        list,
        atlas: makeAtlas({ ...source, list: publishedList(list) }),
        tlsTargets: tlsTargets(list),
        reach: reachTargets(list),
      }
    }
    const atlas = office.placed ? made.atlas : placeless(made.atlas)
    return { ...made, atlas, listRefreshedAt: source.refreshedAt() }
  }
}

/**
 * Which surroundings an office has: those of the world that this hub serves, or those of the real Internet. Places that
 * were configured for a world say nothing about real addresses, and databases of real addresses nothing about a world's.
 */
export function surroundingsByWorld(
  world: string | null,
  lists: EndpointLists,
  { places, geo, owners }: AddressTables,
): (office: Office) => Surroundings {
  const inside = surroundingsFrom({
    list: () => lists.listFor(world),
    refreshedAt: () => lists.refreshedAtFor(world),
    places,
  })
  const real = surroundingsFrom({
    list: () => lists.listFor(null),
    refreshedAt: () => lists.refreshedAtFor(null),
    places: world === null ? places : NO_PLACES,
    geo,
    owners,
  })
  return (office) => (office.world !== null && office.world === world ? inside(office) : real(office))
}

/** Hosts whose TLS path is looked at: one measurement per runner holds them all. */
function tlsTargets(list: EndpointList): readonly Target[] {
  return concreteHosts(list)
    .filter(({ transport }) => transport === 'tcp')
    .map(({ set, host }) => ({ set, host }))
}

/** For an office whose own place is not known no distance means anything, so nothing has a place. */
function placeless(atlas: Atlas): Atlas {
  return { ...atlas, locate: () => null, door: () => null }
}
