import type { ResolverSpec, WorldSpec } from '../../src/local/world/spec.ts'
import { exitOf, internet, rangesOf, resolverOf } from '../worlds/parts.ts'

/** Where Optimize traffic goes. */
export const OPTIMIZE = rangesOf(1, 11, 31)

/** Head office, 7,700 km from London, by a WAN that is about as straight as fibre allows. */
export const BY_HEAD_OFFICE = {
  backhaul: { via: 'Seattle', rttMs: 80 },
  egress: [exitOf('Seattle')],
} as const

export const AT_HEAD_OFFICE = { ...BY_HEAD_OFFICE, resolvers: [resolverOf('Seattle')] } as const

/**
 * A resolver 5,500 km from London. It is led to the door of Dubai and to the Teams relay of London, so what it spoils
 * is the door alone.
 */
export const DUBAI = '192.0.2.210'

const DUBAI_POINT = { latitude: 25.2, longitude: 55.27 }

/** An Internet with a resolver in Dubai too. */
export const withDubai = (
  offices: Parameters<typeof internet>[0],
  changes: Partial<WorldSpec> = {},
  dubai: Partial<ResolverSpec> = {},
): WorldSpec => {
  const base = internet(offices)
  return {
    ...base,
    places: [...(base.places ?? []), { name: 'Dubai', ...DUBAI_POINT }],
    placeRows: [
      ...base.placeRows,
      { cidr: `${DUBAI}/32`, ...DUBAI_POINT, label: 'Dubai', owner: 'Gulf Hosting' },
    ],
    ...changes,
    resolvers: [...(changes.resolvers ?? base.resolvers), { address: DUBAI, place: 'Dubai', ...dubai }],
  }
}

/** The Internet's resolvers with one of them changed. */
export const resolversWith = (address: string, change: Partial<ResolverSpec>): readonly ResolverSpec[] =>
  internet([]).resolvers.map((one) => (one.address === address ? { ...one, ...change } : one))

/** One degree of latitude in km on the sphere that distances are taken on. */
const KM_PER_DEGREE = (6371 * Math.PI) / 180

/** The latitude so far north of another, for places at a given distance. */
export const northOf = (latitude: number, km: number): number =>
  Number((latitude + km / KM_PER_DEGREE).toFixed(5))
