import { WELL_KNOWN_PREFIX } from '../../../src/core/nat64.ts'
import type { NetworkSpec, OfficeSpec, WorldSpec } from '../../../src/local/world/spec.ts'
import {
  AT,
  BY_SEATTLE,
  type Case,
  exitOf,
  internet,
  NOTHING,
  office,
  rangeOf,
  resolverOf,
} from '../parts.ts'

/** London's and Seattle's IPv6, and the resolver that only speaks it. */
const LONDON6 = '2001:db8:51::2'
const OWN6 = '2001:db8:51::20'
const SEATTLE6 = '2001:db8:5ea::2'
const RESOLVER6 = 'fd00:51::53'
const ASKS_FROM6 = '2001:db8:51:53::5'

const REGISTERED6 = { egress: ['2001:db8:51::/64'], resolvers: ['2001:db8:51:53::/64'] } as const

const only6 = (changes: Partial<NetworkSpec> = {}, rest: Partial<OfficeSpec> = {}): OfficeSpec =>
  office(
    'London',
    {
      interfaces: [{ name: 'eth0', address: 'fd00:51::20' }],
      egress: [LONDON6],
      resolvers: [RESOLVER6],
      ...changes,
    },
    { registered: REGISTERED6, ...rest },
  )

const base = internet([])

/** Microsoft in both families, and a resolver of London's that speaks IPv6 alone. */
const dual = (offices: readonly OfficeSpec[], changes: Partial<WorldSpec> = {}): WorldSpec =>
  internet(offices, {
    ipv6: true,
    resolvers: [
      ...base.resolvers,
      { address: RESOLVER6, place: 'London', office: 'London', egress: [{ address: ASKS_FROM6 }] },
    ],
    placeRows: [
      ...base.placeRows,
      { cidr: '2001:db8:51::/48', ...AT.London, label: 'London', owner: 'London Internet' },
      { cidr: '2001:db8:5ea::/48', ...AT.Seattle, label: 'Seattle', owner: 'Seattle Internet' },
    ],
    ...changes,
  })

const BOTH = { egress: [exitOf('London'), LONDON6] } as const
const registeredBoth = {
  registered: {
    egress: ['203.0.113.0/28', ...REGISTERED6.egress],
    resolvers: ['198.51.100.0/28'],
  },
} as const

/** The office has an address of both families, and what it sends over IPv6 is never heard of again. */
export const IPV6_SILENT: Case = {
  slow: true,
  spec: dual([
    office(
      'London',
      {
        ...BOTH,
        interfaces: [
          { name: 'eth0', address: '10.0.0.20' },
          { name: 'eth0', address: OWN6 },
        ],
        routes: [{ to: ['2000::/3'], outcome: 'silence' }],
      },
      registeredBoth,
    ),
  ]),
  truth: { London: 'ppppppppp' },
  states: { 'ipv6-unanswered': { host: 'outlook.office365.com', source: OWN6 } },
}

/** An office of IPv6 alone, where a DNS64 clothes Microsoft, which has IPv4 alone, for a NAT64. */
const behindNat64 = (
  prefix: string,
  changes: Partial<NetworkSpec> = {},
  others: readonly OfficeSpec[] = [],
): WorldSpec => {
  const spec = dual(
    [
      ...others,
      only6(
        { nat64: { prefix, egress: [exitOf('London')] }, ...changes },
        { registered: { egress: [rangeOf('London')], resolvers: REGISTERED6.resolvers } },
      ),
    ],
    { ipv6: false },
  )
  const resolvers = spec.resolvers.map((one) => (one.address === RESOLVER6 ? { ...one, dns64: prefix } : one))
  return { ...spec, resolvers }
}

/** The office leaves by the NAT64 of its provider, which is near. */
export const NAT64: Case = {
  spec: behindNat64(WELL_KNOWN_PREFIX),
  truth: { London: 'ppppppppp' },
  states: {
    'nat64-prefix-seen': { prefixes: [WELL_KNOWN_PREFIX] },
    'outside-ranges': null,
    'private-answer': null,
    'port-53-intercepted': null,
    'doors-seen': {
      doors: [
        { named: 'LHR', header: 'LHR', addresses: ['52.97.3.2', '52.97.3.18', '52.97.3.34', '52.97.3.50'] },
      ],
    },
  },
}

const OWN_PREFIX = '2001:db8:64:ff00::/56'

/** The NAT64, with a prefix of the company's own, stands at head office: all that is behind it is a hairpin. Slow, so a fixture alone. */
export const NAT64_FAR: Case = {
  slow: true,
  spec: behindNat64(OWN_PREFIX, { routes: [{ to: [OWN_PREFIX], ...BY_SEATTLE }] }, [office('Seattle')]),
  truth: { London: 'fppfpfppp' },
  states: { 'nat64-prefix-seen': { prefixes: [OWN_PREFIX] }, 'outside-ranges': null, 'private-answer': null },
}

/**
 * London's own resolver by IPv4, and one 1,430 km away by IPv6, which is led to the door of Paris: 348 km from London, where
 * the nearest is 23 km away. The way to the authority is longer than light needs to Rome.
 */
const FAR6 = '2001:db8:70::53'
const ROME = { latitude: 41.9, longitude: 12.5 }
const farResolver6 = (systemLookup: readonly string[]): WorldSpec => {
  const near = resolverOf('London')
  const spec = dual([office('London', { ...BOTH, resolvers: [near, FAR6], systemLookup }, registeredBoth)], {
    ipv6: false,
    anycastMs: 20,
  })
  return {
    ...spec,
    places: [...(spec.places ?? []), { name: 'Rome', ...ROME }],
    resolvers: [...spec.resolvers, { address: FAR6, place: 'Rome' }],
    placeRows: [
      ...spec.placeRows,
      { cidr: '2001:db8:70::/48', ...ROME, label: 'Rome', owner: 'Rome Internet' },
    ],
  }
}

/** Applications get both resolvers in turns: the far one fails the office, by its place and by its times. */
export const FAR_RESOLVER6: Case = {
  spec: farResolver6([resolverOf('London'), FAR6]),
  truth: { London: 'pfupppppp' },
  // Which of the two comes first is by turns.
  states: { 'resolvers-seen': { method: 'beacon', idle: [], mute: [] } },
}

/** Applications get the near one alone: the far one is told of, and fails nothing. A fixture alone. */
export const IDLE_FAR_RESOLVER6: Case = {
  spec: farResolver6([resolverOf('London')]),
  truth: { London: 'ppppppppp' },
  states: {
    'resolvers-seen': {
      serving: [{ address: resolverOf('London'), place: 'registered' }],
      idle: [{ address: FAR6, place: 'far' }],
    },
  },
}

/** Letters in the order of `CRITERIA`: egress, dns, door, hairpin, proxy, ready, plan, endpoints, tcp. */
export const FAMILY_WORLDS: Readonly<Record<string, Case>> = {
  'ipv6-only: an office without any IPv4': {
    spec: dual([only6()]),
    truth: { London: 'ppppppppp' },
  },
  'ipv6-only, nothing registered': {
    spec: dual([only6({}, { registered: NOTHING })]),
    truth: { London: 'ppppppppp' },
  },
  'ipv6-only, where Microsoft’s names have no IPv6': {
    spec: dual([only6()], { ipv6: false }),
    truth: { London: 'upuuuuppp' },
  },
  'an office without IPv6, where Microsoft’s names have it': {
    spec: dual([office('London')]),
    truth: { London: 'ppppppppp' },
  },
  'ipv6-only behind a NAT64': NAT64,
  'a near resolver by IPv4 and a far one by IPv6, in turns': FAR_RESOLVER6,
  'both families, both local': {
    spec: dual([office('London', BOTH, registeredBoth)]),
    truth: { London: 'ppppppppp' },
    states: { 'ipv6-unanswered': null },
  },
  'both families, and IPv6 leads nowhere': IPV6_SILENT,
  'both families, and IPv6 is carried to head office': {
    slow: true,
    spec: dual([
      office('Seattle'),
      office(
        'London',
        { ...BOTH, routes: [{ to: ['2000::/3'], ...BY_SEATTLE, egress: [SEATTLE6] }] },
        registeredBoth,
      ),
    ]),
    truth: { London: 'uppfpuppp' },
  },
  // The far resolver leads to a far Teams relay too, more than Microsoft's 100 ms away.
  'both families, and the resolver leads IPv6 as IPv4 to a far door': {
    slow: true,
    spec: dual([office('London', { ...BOTH, resolvers: [resolverOf('Seattle')] }, registeredBoth)]),
    truth: { London: '?ffp?fppp' },
  },
}
