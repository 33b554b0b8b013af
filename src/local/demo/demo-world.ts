import recorded from '../../endpoints/snapshot-worldwide.json' with { type: 'json' }
import type { NetworkSpec, OfficeSpec, Point, WorldSpec } from '../world/spec.ts'
import {
  DEMO_DOORS,
  DEMO_EDGES,
  DEMO_PLACE_ROWS,
  DEMO_RELAYS,
  DEMO_RESOLVERS,
  EGRESS_RANGE,
  RESOLVER,
  TOKYO_FORWARDER,
} from './demo-places.ts'
import { type DemoOffice, truthOf } from './truth.ts'

const SEATTLE_EGRESS = '203.0.113.2'

const SEATTLE: NetworkSpec = {
  interfaces: [{ name: 'eth0', address: '10.4.0.20' }],
  egress: [SEATTLE_EGRESS],
  resolvers: [RESOLVER.seattle],
}

/** Everything goes through head office, 140 ms away, and its firewalls, which cost 41 ms more: 186 ms to the door. */
const LONDON: NetworkSpec = {
  interfaces: [{ name: 'eth0', address: '10.5.0.20' }],
  egress: [SEATTLE_EGRESS],
  resolvers: [RESOLVER.seattle],
  backhaul: { via: 'Seattle', rttMs: 140, exitMs: 41 },
  // Voice has a circuit of its own, about as straight as fibre allows (77 ms), so that calls stay below Microsoft's
  // 100 ms: London's verdict on media is good while everything else there is not.
  routes: [{ protocol: 'udp', ports: [3478, 3479, 3480, 3481], rttMs: { westus2: 84 } }],
}

const SYDNEY: NetworkSpec = {
  interfaces: [{ name: 'eth0', address: '10.6.0.20' }],
  egress: ['203.0.113.34'],
  resolvers: [RESOLVER.sydney],
  proxy: {
    kind: 'inspecting',
    rttMs: 1,
    ports: [443],
    ca: { name: 'Contoso Secure Web Gateway CA', organization: 'Contoso' },
  },
}

const TOKYO: NetworkSpec = {
  interfaces: [{ name: 'eth0', address: '10.8.0.20' }],
  egress: ['203.0.113.50'],
  resolvers: [TOKYO_FORWARDER],
}

const LYON: NetworkSpec = {
  interfaces: [{ name: 'eth0', address: '10.7.0.20' }],
  egress: ['203.0.113.66'],
  resolvers: [RESOLVER.lyon],
}

const office = (
  name: DemoOffice,
  at: Point,
  timeZone: string,
  network: NetworkSpec,
  registered: OfficeSpec['registered'],
): OfficeSpec => ({
  name,
  ...at,
  timeZone,
  registered,
  acceptedDoors: [],
  attested: ['network-plan', 'tcp-tuned'],
  network,
  runners: [{ name: `${name.toLowerCase()}-1` }],
  truth: truthOf(name),
})

/** Sydney and Tokyo have no ranges registered, so that the rule for such offices is exercised. */
const DEMO_OFFICES: readonly OfficeSpec[] = [
  office('Seattle', { latitude: 47.61, longitude: -122.33 }, 'America/Los_Angeles', SEATTLE, {
    egress: [EGRESS_RANGE.Seattle],
    resolvers: ['198.51.100.0/28'],
  }),
  office('London', { latitude: 51.51, longitude: -0.13 }, 'Europe/London', LONDON, {
    egress: [EGRESS_RANGE.London],
    resolvers: [],
  }),
  office('Sydney', { latitude: -33.87, longitude: 151.21 }, 'Australia/Sydney', SYDNEY, {
    egress: [],
    resolvers: [],
  }),
  office('Tokyo', { latitude: 35.68, longitude: 139.69 }, 'Asia/Tokyo', TOKYO, { egress: [], resolvers: [] }),
  office('Lyon', { latitude: 45.76, longitude: 4.84 }, 'Europe/Paris', LYON, {
    egress: [EGRESS_RANGE.Lyon],
    resolvers: ['198.51.100.16/28'],
  }),
]

/**
 * The demo world: five offices with a known truth, on documentation addresses and Microsoft's published ranges.
 * Its endpoint web service serves the recorded list.
 */
export const demoWorld = (): WorldSpec => ({
  name: 'demo',
  tenant: 'contoso',
  offices: DEMO_OFFICES,
  resolvers: DEMO_RESOLVERS,
  doors: DEMO_DOORS,
  edges: DEMO_EDGES,
  relays: DEMO_RELAYS,
  rtt: [
    ['Tokyo', 'SIN', 75],
    ['Tokyo', 'southeastasia', 72],
  ],
  beacon: { zone: 'b.world.example', address: '192.0.2.53', silent: '192.0.2.54', place: 'anycast' },
  echo: { address: '192.0.2.90', place: 'anycast' },
  endpoints: { address: '192.0.2.80', place: 'anycast', version: recorded.version, list: recorded.endpoints },
  placeRows: DEMO_PLACE_ROWS,
  seed: 365,
})
