import type { DoorSpec, EdgeSpec, PlaceRow, RelaySpec, ResolverSpec } from '../world/spec.ts'

/** Exchange doors with codes that were recorded; positions are the airports' that the codes name. */
export const DEMO_DOORS: readonly DoorSpec[] = [
  { code: 'EAT', latitude: 47.4, longitude: -120.21 },
  { code: 'LHR', latitude: 51.47, longitude: -0.45 },
  { code: 'CDG', latitude: 49.01, longitude: 2.55 },
  { code: 'SYD', latitude: -33.95, longitude: 151.18 },
  { code: 'SIN', latitude: 1.36, longitude: 103.99 },
]

/** Azure Front Door edges from Microsoft's table of abbreviations. */
export const DEMO_EDGES: readonly EdgeSpec[] = [
  { code: 'STB', latitude: 47.61, longitude: -122.33 },
  { code: 'LON', latitude: 51.51, longitude: -0.13 },
  { code: 'GVA', latitude: 46.2, longitude: 6.14 },
  { code: 'SYD', latitude: -33.87, longitude: 151.21 },
  { code: 'TYO', latitude: 35.68, longitude: 139.69 },
  { code: 'SIN', latitude: 1.29, longitude: 103.85 },
]

/** Teams relays, named by Azure region. */
export const DEMO_RELAYS: readonly RelaySpec[] = [
  { region: 'westus2', label: 'usw2-02', latitude: 47.23, longitude: -119.85 },
  { region: 'uksouth', label: 'ukso-04', latitude: 50.94, longitude: -0.8 },
  { region: 'westeurope', label: 'euwe-02', latitude: 52.37, longitude: 4.9 },
  { region: 'australiaeast', label: 'auea-01', latitude: -33.86, longitude: 151.21 },
  { region: 'japaneast', label: 'jpea-01', latitude: 35.68, longitude: 139.77 },
  { region: 'southeastasia', label: 'asse-03', latitude: 1.28, longitude: 103.83 },
]

/** Tokyo's own resolver is a forwarder in the office; what it forwards to stands in Singapore. */
export const TOKYO_FORWARDER = '10.8.0.53'

export const RESOLVER = {
  seattle: '198.51.100.5',
  lyon: '198.51.100.21',
  sydney: '198.51.100.37',
  singapore: '198.51.100.53',
} as const

export const DEMO_RESOLVERS: readonly ResolverSpec[] = [
  { address: RESOLVER.seattle, place: 'Seattle', id: 'sea1' },
  { address: RESOLVER.lyon, place: 'Lyon', id: 'lyo1' },
  { address: RESOLVER.sydney, place: 'Sydney', id: 'syd1' },
  { address: RESOLVER.singapore, place: 'SIN', id: 'sin1' },
  {
    address: TOKYO_FORWARDER,
    place: 'Tokyo',
    office: 'Tokyo',
    forwardsTo: RESOLVER.singapore,
    id: 'tok-fwd',
  },
]

/** Egress ranges, a /28 of documentation space (RFC 5737) each. */
export const EGRESS_RANGE = {
  Seattle: '203.0.113.0/28',
  London: '203.0.113.16/28',
  Sydney: '203.0.113.32/28',
  Tokyo: '203.0.113.48/28',
  Lyon: '203.0.113.64/28',
} as const

const row = (cidr: string, latitude: number, longitude: number, label: string, owner: string): PlaceRow => ({
  cidr,
  latitude,
  longitude,
  label,
  owner,
})

/** What a company knows about its own and its providers' ranges. */
export const DEMO_PLACE_ROWS: readonly PlaceRow[] = [
  row(EGRESS_RANGE.Seattle, 47.61, -122.33, 'Seattle', 'Cascade Internet'),
  row(EGRESS_RANGE.London, 51.51, -0.13, 'London', 'Thames Internet'),
  row(EGRESS_RANGE.Sydney, -33.87, 151.21, 'Sydney', 'Harbour Internet'),
  row(EGRESS_RANGE.Tokyo, 35.68, 139.69, 'Tokyo', 'Sumida Internet'),
  row(EGRESS_RANGE.Lyon, 45.76, 4.84, 'Lyon', 'Internet du Rhone'),
  row('198.51.100.0/28', 47.61, -122.33, 'Seattle', 'Cascade Internet'),
  row('198.51.100.16/28', 45.76, 4.84, 'Lyon', 'Internet du Rhone'),
  row('198.51.100.32/28', -33.87, 151.21, 'Sydney', 'Harbour Internet'),
  row('198.51.100.48/28', 1.29, 103.85, 'Singapore', 'Straits Hosting'),
]
