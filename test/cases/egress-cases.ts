import { exitOf, internet, NOTHING, office, rangeOf, resolverOf } from '../worlds/parts.ts'
import { ofOffice } from './edits.ts'
import { AT_HEAD_OFFICE, BY_HEAD_OFFICE, OPTIMIZE } from './parts.ts'
import type { FixtureCase } from './record.ts'
import { NOW } from './recording.ts'

const HEADQUARTERS = '192.0.2.128/28'
const OF_HEADQUARTERS = '192.0.2.130'
const near = (cidr: string, owner: string) =>
  ({ cidr, latitude: 51.51, longitude: -0.13, label: 'London', owner }) as const
const BY_PARIS = { backhaul: { via: 'Paris', rttMs: 6 }, egress: [exitOf('Paris')] } as const
const BY_MANCHESTER = {
  egress: [exitOf('Manchester')],
  resolvers: [resolverOf('Manchester')],
  backhaul: { via: 'Manchester', rttMs: 2 },
} as const
const STUN_PORTS = [3478, 3479, 3480, 3481]

const limitOf300 = (expiresAt: number) =>
  ofOffice({
    overrides: [
      { criterion: 'local-egress', value: 300, author: 'Ana Diaz', reason: 'a small country', expiresAt },
    ],
  })

/** Where traffic leaves. */
export const EGRESS_CASES: Readonly<Record<string, FixtureCase>> = {
  'healthy-registered': {
    about: 'Leaves locally inside its registered ranges and asks its provider.',
    world: { spec: internet([office('London')]) },
  },
  'healthy-unregistered': {
    about: 'Leaves locally and asks its provider; nothing is registered.',
    world: { spec: internet([office('London', {}, { registered: NOTHING })]) },
  },
  'vpn-backhaul': {
    about: 'A VPN carries everything, DNS and media included, 140 ms to head office.',
    world: {
      spec: internet([
        office('Seattle'),
        office('London', { ...AT_HEAD_OFFICE, backhaul: { via: 'Seattle', rttMs: 140 } }),
      ]),
      slow: true,
    },
  },
  'backhaul-unregistered': {
    about: 'Everything is carried 80 ms to a place where no office is; nothing is registered.',
    world: { spec: internet([office('London', AT_HEAD_OFFICE, { registered: NOTHING })]), slow: true },
  },
  'optimize-only-breakout': {
    about: 'A split tunnel: Optimize and DNS leave locally, all else by head office.',
    world: {
      spec: internet([
        office('Seattle'),
        office('London', {
          ...BY_HEAD_OFFICE,
          routes: [{ to: [...OPTIMIZE, resolverOf('London')], backhaul: null, egress: [exitOf('London')] }],
        }),
      ]),
    },
  },
  'default-local-optimize-backhauled': {
    about: 'The default path leaves locally, Optimize goes by head office, 200 ms to the door and the relay.',
    world: {
      spec: internet([
        office('Seattle'),
        office('London', { routes: [{ to: OPTIMIZE, ...BY_HEAD_OFFICE }] }),
      ]),
      slow: true,
    },
  },
  'same-country-backhaul': {
    about: 'Leaves by an office 260 km away in the same country; neither has ranges registered.',
    world: {
      spec: internet([
        office('Manchester', {}, { registered: NOTHING }),
        office('London', BY_MANCHESTER, { registered: NOTHING }),
      ]),
    },
  },
  'other-offices-range': {
    about: 'Leaves by an office 260 km away, and both have their ranges registered.',
    world: { spec: internet([office('Manchester'), office('London', BY_MANCHESTER)]) },
  },
  'two-offices-one-address': {
    about: 'Two offices 57 km apart share one way out of their city.',
    world: {
      spec: internet([
        office('London', {}, { registered: NOTHING }),
        office('Reading', { egress: [exitOf('London')] }, { registered: NOTHING }),
      ]),
    },
  },
  'split-egress': {
    about: 'Flows take turns between a registered address and one that nobody registered.',
    world: { spec: internet([office('London', { egress: [exitOf('London'), '192.0.2.200'] })]) },
  },
  'pool-with-a-far-address': {
    about: 'Flows leave locally, but one of the two addresses is written down 7,700 km away.',
    world: {
      spec: internet([
        office('London', { egress: [exitOf('London'), exitOf('Seattle')] }, { registered: NOTHING }),
      ]),
    },
  },
  'geoip-headquarters': {
    about: 'Leaves locally by addresses that databases put at headquarters, 7,700 km away.',
    world: {
      spec: internet([office('London', { egress: [OF_HEADQUARTERS] }, { registered: NOTHING })], {
        placeRows: [
          { cidr: HEADQUARTERS, latitude: 47.61, longitude: -122.33, label: 'HQ', owner: 'Contoso' },
          near('198.51.100.0/28', 'ISP'),
        ],
      }),
    },
  },
  'security-vendor-egress': {
    about:
      'Everything goes through a cloud security vendor with a node in the city; the ranges are registered.',
    world: {
      spec: internet([office('London', { egress: [OF_HEADQUARTERS] })], {
        placeRows: [near(HEADQUARTERS, 'Zscaler Inc'), near('198.51.100.0/28', 'ISP')],
      }),
    },
  },
  'unknown-egress-place': {
    about: 'Leaves locally by an address whose place nobody knows; nothing is registered.',
    world: { spec: internet([office('London', { egress: ['192.0.2.200'] }, { registered: NOTHING })]) },
  },
  cgnat: {
    about: "The office is behind its provider's carrier-grade NAT, which leaves locally.",
    world: {
      spec: internet([
        office(
          'London',
          { interfaces: [{ name: 'wan0', address: '100.64.7.20' }], egress: [exitOf('London', 7)] },
          { registered: NOTHING },
        ),
      ]),
    },
  },
  'two-isps': {
    about: 'Two providers share the load, both local and both registered.',
    world: {
      spec: internet(
        [
          office(
            'London',
            { egress: [exitOf('London'), OF_HEADQUARTERS] },
            { registered: { egress: [rangeOf('London'), HEADQUARTERS], resolvers: [] } },
          ),
        ],
        {
          placeRows: [
            near(rangeOf('London'), 'ISP A'),
            near(HEADQUARTERS, 'ISP B'),
            near('198.51.100.0/28', 'ISP A'),
          ],
        },
      ),
    },
  },
  'slow-access-line': {
    about: 'A satellite-like line adds 40 ms to everything, and everything leaves locally.',
    world: { spec: internet([office('London', { accessMs: 41 }, { registered: NOTHING })]) },
  },
  'far-from-any-door': {
    about: 'An island: the nearest door is 3,900 km away and is the one that is reached.',
    office: 'Honolulu',
    world: { spec: internet([office('Honolulu')]) },
  },
  'target-met-far': {
    about: 'The island has a target of its own, 90 ms, and meets it.',
    office: 'Honolulu',
    from: 'far-from-any-door',
    edit: ofOffice({ targets: { rttMs: 90 } }),
  },
  'target-missed': {
    about: 'The island has a target of its own, 20 ms, and misses it.',
    office: 'Honolulu',
    from: 'far-from-any-door',
    edit: ofOffice({ targets: { rttMs: 20 } }),
  },
  'udp-blocked': {
    about: 'The firewall drops UDP to the Teams relay.',
    world: {
      spec: internet([
        office('London', { routes: [{ protocol: 'udp', ports: STUN_PORTS, outcome: 'silence' }] }),
      ]),
      slow: true,
    },
  },
  'ipv6-only': {
    about: 'The office has IPv6 alone, and Exchange and the relay answer on IPv4 alone.',
    world: {
      spec: internet(
        [
          office(
            'London',
            {
              interfaces: [{ name: 'eth0', address: '2001:db8:1::20' }],
              egress: ['2001:db8:1::2'],
              resolvers: ['2001:db8:53::53'],
            },
            { registered: { egress: ['2001:db8:1::/64'], resolvers: ['2001:db8:53::/64'] } },
          ),
        ],
        { resolvers: [...internet([]).resolvers, { address: '2001:db8:53::53', place: 'London' }] },
      ),
      slow: true,
    },
  },
  'two-runners-disagree': {
    about: 'One runner leaves locally; the other, on a VPN, is carried to head office.',
    world: {
      spec: internet([
        office('Seattle'),
        office(
          'London',
          {},
          { runners: [{ name: 'london-1' }, { name: 'london-2', network: AT_HEAD_OFFICE }] },
        ),
      ]),
      slow: true,
    },
  },
  'override-limit': {
    about: 'Leaves by Paris, 340 km away, where an admin allows 300 km.',
    world: { spec: internet([office('London', BY_PARIS, { registered: NOTHING })]) },
    edit: limitOf300(NOW + 86_400_000),
  },
  'expired-override': {
    about: "Leaves by Paris, 340 km away; an admin's limit of 300 km is no longer in force.",
    from: 'override-limit',
    edit: limitOf300(NOW - 86_400_000),
  },
}
