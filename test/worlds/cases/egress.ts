import {
  BY_SEATTLE,
  type Case,
  exitOf,
  internet,
  NOTHING,
  office,
  rangeOf,
  rangesOf,
  resolverOf,
} from '../parts.ts'

const OPTIMIZE = rangesOf(1, 11, 31)

/** Another provider in London. */
const SECOND_ISP = {
  exit: '192.0.2.146',
  range: '192.0.2.144/28',
  row: { cidr: '192.0.2.144/28', latitude: 51.51, longitude: -0.13, label: 'London', owner: 'Second ISP' },
} as const

/**
 * Worlds that differ in where traffic leaves. Where media goes by way of Seattle it takes more than Microsoft's 100 ms.
 * Letters in the order of `CRITERIA`: egress, dns, door, hairpin, proxy, ready, plan, endpoints, tcp.
 */
export const EGRESS_WORLDS: Readonly<Record<string, Case>> = {
  'a healthy office with registered ranges': {
    spec: internet([office('London')]),
    truth: { London: 'ppppppppp' },
  },
  'a healthy office without ranges': {
    spec: internet([office('London', {}, { registered: NOTHING })]),
    truth: { London: 'ppppppppp' },
  },
  'everything carried to head office': {
    slow: true,
    spec: internet([
      office('Seattle'),
      office('London', { ...BY_SEATTLE, resolvers: [resolverOf('Seattle')] }),
    ]),
    truth: { Seattle: 'ppppppppp', London: 'ffffpfppp' },
  },
  'everything carried to a place where no office is, nothing registered': {
    slow: true,
    spec: internet([
      office('London', { ...BY_SEATTLE, resolvers: [resolverOf('Seattle')] }, { registered: NOTHING }),
    ]),
    truth: { London: 'ffffpfppp' },
  },
  'optimize-only-breakout: Optimize broken out locally, all else carried away': {
    spec: internet([
      office('Seattle'),
      office('London', {
        ...BY_SEATTLE,
        routes: [{ to: [...OPTIMIZE, resolverOf('London')], backhaul: null, egress: [exitOf('London')] }],
      }),
    ]),
    truth: { London: 'ppppppppp' },
    // The beacon is no traffic of Microsoft's: its view is shown and fails nobody.
    states: { 'beacon-egress-seen': { from: [{ address: exitOf('Seattle') }] } },
  },
  'Optimize broken out locally, nothing registered': {
    spec: internet([
      office(
        'London',
        {
          ...BY_SEATTLE,
          routes: [{ to: [...OPTIMIZE, resolverOf('London')], backhaul: null, egress: [exitOf('London')] }],
        },
        { registered: NOTHING },
      ),
    ]),
    truth: { London: 'ppppppppp' },
  },
  'default-local-optimize-backhauled: Optimize carried away, all else local': {
    slow: true,
    spec: internet([office('Seattle'), office('London', { routes: [{ to: OPTIMIZE, ...BY_SEATTLE }] })]),
    truth: { London: 'fppfpfppp' },
  },
  'Optimize carried away, nothing registered': {
    slow: true,
    spec: internet([
      office('London', { routes: [{ to: OPTIMIZE, ...BY_SEATTLE }] }, { registered: NOTHING }),
    ]),
    truth: { London: 'fppfpfppp' },
  },
  // 262 km: below the limit of 800 km, so only the two offices on one address tell, and they are 262 km apart.
  'carried to an office of the same country, nothing registered': {
    spec: internet([
      office('Manchester', {}, { registered: NOTHING }),
      office(
        'London',
        {
          egress: [exitOf('Manchester')],
          resolvers: [resolverOf('Manchester')],
          backhaul: { via: 'Manchester', rttMs: 2 },
        },
        { registered: NOTHING },
      ),
    ]),
    truth: { Manchester: 'upppppppp', London: 'upppppppp' },
  },
  'carried to a place of the same country that is not registered, own ranges are': {
    spec: internet([
      office('London', {
        egress: [exitOf('Manchester')],
        resolvers: [resolverOf('Manchester')],
        backhaul: { via: 'Manchester', rttMs: 2 },
      }),
    ]),
    truth: { London: 'upppppppp' },
  },
  'same-country-backhaul: carried to an office of the same country, both registered': {
    spec: internet([
      office('Manchester'),
      office('London', {
        egress: [exitOf('Manchester')],
        resolvers: [resolverOf('Manchester')],
        backhaul: { via: 'Manchester', rttMs: 2 },
      }),
    ]),
    truth: { Manchester: 'ppppppppp', London: 'fppfppppp' },
  },
  'two offices of one city behind one address': {
    spec: internet([
      office('London', {}, { registered: NOTHING }),
      office('Reading', { egress: [exitOf('London')] }, { registered: NOTHING }),
    ]),
    truth: { London: 'ppppppppp', Reading: 'ppppppppp' },
  },
  'a pool of two addresses, one outside the ranges': {
    spec: internet([office('London', { egress: [exitOf('London'), '192.0.2.200'] })]),
    truth: { London: 'upppppppp' },
  },
  'a pool of which one address is in a far place, nothing registered': {
    spec: internet([
      office('London', { egress: [exitOf('London'), exitOf('Seattle')] }, { registered: NOTHING }),
    ]),
    truth: { London: 'upppppppp' },
  },
  'geoip-headquarters: addresses that databases put at headquarters': {
    spec: internet([office('London', { egress: ['192.0.2.130'] }, { registered: NOTHING })], {
      placeRows: [
        { cidr: '192.0.2.128/28', latitude: 47.61, longitude: -122.33, label: 'HQ', owner: 'Contoso' },
        { cidr: '198.51.100.0/28', latitude: 51.51, longitude: -0.13, label: 'London', owner: 'ISP' },
      ],
    }),
    truth: { London: 'upppppppp' },
  },
  'addresses of a cloud security vendor with a node in the city': {
    spec: internet([office('London', { egress: ['192.0.2.130'] })], {
      placeRows: [
        { cidr: '192.0.2.128/28', latitude: 51.51, longitude: -0.13, label: 'London', owner: 'Zscaler Inc' },
        { cidr: '198.51.100.0/28', latitude: 51.51, longitude: -0.13, label: 'London', owner: 'ISP' },
      ],
    }),
    truth: { London: 'fpppppppp' },
  },
  'an egress whose place nobody knows': {
    spec: internet([office('London', { egress: ['192.0.2.130'] }, { registered: NOTHING })]),
    truth: { London: 'upppppppp' },
  },
  // What a carrier shares shows to nobody outside: the address that counts is the one it leaves by.
  'cgnat: behind a carrier’s shared address space, nothing registered': {
    spec: internet([
      office('London', { interfaces: [{ name: 'wwan0', address: '100.64.7.20' }] }, { registered: NOTHING }),
    ]),
    truth: { London: 'ppppppppp' },
  },
  'two-isps: flows take turns between two providers, both registered': {
    spec: internet(
      [
        office(
          'London',
          { egress: [exitOf('London'), SECOND_ISP.exit] },
          { registered: { egress: [rangeOf('London'), SECOND_ISP.range], resolvers: [] } },
        ),
      ],
      { placeRows: [...internet([]).placeRows, SECOND_ISP.row] },
    ),
    truth: { London: 'ppppppppp' },
  },
  'two-isps: flows take turns between two providers of the city, nothing registered': {
    spec: internet(
      [office('London', { egress: [exitOf('London'), SECOND_ISP.exit] }, { registered: NOTHING })],
      { placeRows: [...internet([]).placeRows, SECOND_ISP.row] },
    ),
    truth: { London: 'ppppppppp' },
  },
  'split-egress: UDP leaves by a second provider of the city that is not registered': {
    spec: internet(
      [office('London', { routes: [{ protocol: 'udp', to: OPTIMIZE, egress: [SECOND_ISP.exit] }] })],
      { placeRows: [...internet([]).placeRows, SECOND_ISP.row] },
    ),
    truth: { London: 'upppppppp' },
  },
  'UDP to the relay goes unanswered': {
    slow: true,
    spec: internet([
      office('London', {
        routes: [{ protocol: 'udp', ports: [3478, 3479, 3480, 3481], outcome: 'silence' }],
      }),
    ]),
    truth: { London: 'uppppfppp' },
  },
  'a slow access line': {
    spec: internet([office('London', { accessMs: 41 }, { registered: NOTHING })]),
    truth: { London: 'pppupuppp' },
  },
  'a slow access line, ranges registered': {
    spec: internet([office('London', { accessMs: 41 })]),
    truth: { London: 'pppupuppp' },
  },
  'two runners, one of them carried away': {
    slow: true,
    spec: internet([
      office('Seattle'),
      office(
        'London',
        {},
        {
          runners: [
            { name: 'london-1' },
            { name: 'london-2', network: { ...BY_SEATTLE, resolvers: [resolverOf('Seattle')] } },
          ],
        },
      ),
    ]),
    truth: { London: 'ffffpfppp' },
  },
  'an island far from any door': {
    spec: internet([office('Honolulu')]),
    truth: { Honolulu: 'pppppuppp' },
  },
  'an island with a target that fits it': {
    spec: internet([office('Honolulu')]),
    offices: { Honolulu: { targets: { rttMs: 90 } } },
    truth: { Honolulu: 'ppppppppp' },
  },
  'an island with a target that no light can meet': {
    spec: internet([office('Honolulu')]),
    offices: { Honolulu: { targets: { rttMs: 20 } } },
    truth: { Honolulu: 'pppppfppp' },
  },
  'ranges of everybody': {
    spec: internet([
      office('London', {}, { registered: { egress: [rangeOf('London'), rangeOf('Paris')], resolvers: [] } }),
    ]),
    truth: { London: 'ppppppppp' },
  },
}
