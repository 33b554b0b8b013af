/** Microsoft's categories; what is in several takes the highest (IP and URL web service, 8 Jan 2025). */
export type Category = 'Optimize' | 'Allow' | 'Default'

/** A run of ports, both ends included. */
export interface PortRange {
  readonly from: number
  readonly to: number
}

/** One endpoint set. Microsoft leaves out what is blank: here it is an empty list. */
export interface EndpointSet {
  /** Never changes its meaning and is never used again. */
  readonly id: number
  /** `Common`, `Exchange`, `SharePoint` or `Skype` (which is Teams). */
  readonly serviceArea: string
  readonly category: Category
  readonly required: boolean
  /** Host patterns, lower case: a `*` may stand at the start without a dot and in the middle. */
  readonly urls: readonly string[]
  /** CIDRs of both families. */
  readonly ips: readonly string[]
  readonly tcp: readonly PortRange[]
  readonly udp: readonly PortRange[]
}

/** The endpoint list of one instance. */
export interface EndpointList {
  /** Ten digits `YYYYMMDDNN`; they compare as text. */
  readonly version: string
  readonly sets: readonly EndpointSet[]
}

/** The set of an id; undefined when the list has none. */
export function setOf(list: EndpointList, setId: number): EndpointSet | undefined {
  return list.sets.find((set) => set.id === setId)
}
