import { anyHolds } from '../core/cidr.ts'
import type { Category, EndpointList } from './list.ts'
import { setOf } from './list.ts'
import { categoryOf, highest } from './match.ts'

/** Reports whether an address is inside the published ranges of a set; null when the set publishes none. */
export function inRanges(list: EndpointList, setId: number, address: string): boolean | null {
  const ips = setOf(list, setId)?.ips ?? []
  return ips.length === 0 ? null : anyHolds(ips, address)
}

/** Reports whether an address is inside the published ranges of any set. */
export function inAnyRanges(list: EndpointList, address: string): boolean {
  return list.sets.some((set) => anyHolds(set.ips, address))
}

/** The category of an address: the highest of all the sets whose ranges hold it; null when none does. */
export function categoryOfAddress(list: EndpointList, address: string): Category | null {
  return highest(list.sets.filter((set) => anyHolds(set.ips, address)))
}

/** What an atlas needs of a list. */
export interface PublishedList {
  /** As {@link inRanges}; a set without ranges of its own: true inside another set's ranges, else null. */
  inPublishedRanges(setId: number, address: string): boolean | null
  /** `Optimize`, `Allow` or `Default`; `Default` for a set that does not exist. */
  category(setId: number): string
}

export function publishedList(list: EndpointList): PublishedList {
  return {
    inPublishedRanges: (setId, address) =>
      inRanges(list, setId, address) ?? (inAnyRanges(list, address) ? true : null),
    category: (setId) => categoryOf(list, setId) ?? 'Default',
  }
}
