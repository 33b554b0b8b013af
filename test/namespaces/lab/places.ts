import type { PlaceRow } from '../../../src/local/world/spec.ts'

export const PLACES = {
  Seattle: { latitude: 47.61, longitude: -122.33 },
  London: { latitude: 51.51, longitude: -0.13 },
} as const

/** What the company knows of its own ranges; the lab's authority and edges judge by the same. */
export const RANGES = {
  Seattle: { egress: ['203.0.113.0/28'], resolvers: ['198.51.100.0/28'] },
  London: { egress: ['203.0.113.16/28', '2001:db8:5::/48'], resolvers: ['198.51.100.16/28'] },
} as const

const OWNERS = { Seattle: 'Cascade Internet', London: 'Thames Internet' } as const

export const PLACE_ROWS: readonly PlaceRow[] = (['Seattle', 'London'] as const).flatMap((label) =>
  [...RANGES[label].egress, ...RANGES[label].resolvers].map((cidr) => ({
    cidr,
    ...PLACES[label],
    label,
    owner: OWNERS[label],
  })),
)
