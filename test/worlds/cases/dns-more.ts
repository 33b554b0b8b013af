import type { ResolverSpec } from '../../../src/local/world/spec.ts'
import { AT, type Case, exitOf, internet, office, rangeOf, resolverOf } from '../parts.ts'

const [NEAR, FAR] = [resolverOf('London'), resolverOf('Seattle')]
const INSIDE = '10.0.0.53'
const base = internet([])

/** The resolver at one address, changed; all others as they are. */
const changed = (address: string, changes: Partial<ResolverSpec>, ...more: readonly ResolverSpec[]) => [
  ...base.resolvers.map((one) => (one.address === address ? { ...one, ...changes } : one)),
  ...more,
]

/** A forwarder in London's office that hands clients' subnets on to the resolver in Seattle. */
const FORWARDER: ResolverSpec = {
  address: INSIDE,
  place: 'London',
  office: 'London',
  forwardsTo: FAR,
  egress: [{ address: exitOf('London', 3) }],
  ecs: 'pass',
}

const row = (cidr: string, city: 'London' | 'Seattle') => ({
  cidr,
  ...AT[city],
  label: city,
  owner: `${city} Internet`,
})

/**
 * Letters in the order of `CRITERIA`: egress, dns, door, hairpin, proxy, ready, plan, endpoints, tcp. The three that rest
 * on round trips alone are compared in the other tables of worlds.
 */
export const DNS_MORE_WORLDS: Readonly<Record<string, Case>> = {
  'a resolver in the office that leaks its private prefix, and an authority that heeds it': {
    spec: internet([office('Seattle', { resolvers: ['10.4.0.53'] })], {
      authorityHonoursEcs: true,
      resolvers: changed(
        NEAR,
        {},
        {
          address: '10.4.0.53',
          place: 'Seattle',
          office: 'Seattle',
          egress: [{ address: exitOf('Seattle', 3) }],
          ecs: 'add',
        },
      ),
    }),
    truth: { Seattle: 'puf???ppp' },
    states: { 'client-subnet-leaked': { resolvers: [{ subnet: '10.4.0.0/24' }] } },
  },
  'a far recursive that sends the office subnet on, and an authority that heeds it': {
    slow: true,
    spec: internet([office('London', { resolvers: [INSIDE] })], {
      authorityHonoursEcs: true,
      resolvers: changed(FAR, { ecs: 'add' }, FORWARDER),
    }),
    truth: { London: 'pup???ppp' },
    states: { 'resolvers-seen': { serving: [{ clientSubnet: '203.0.113.0/24', subnetScope: 24 }] } },
  },
  'a far recursive that sends the office subnet on, and an authority that does not heed it': {
    slow: true,
    spec: internet([office('London', { resolvers: [INSIDE] })], {
      resolvers: changed(FAR, { ecs: 'add', doors: ['LHR'] }, FORWARDER),
    }),
    truth: { London: 'pfp???ppp' },
    states: { 'resolvers-seen': { serving: [{ clientSubnet: '203.0.113.0/24', subnetScope: 0 }] } },
  },
  'port 53 hijacked by the provider, which is near': {
    spec: internet([office('London', { resolvers: [FAR], hijackedBy: NEAR })], {
      resolvers: changed(NEAR, { id: 'ub-lon' }),
    }),
    truth: { London: 'ppp???ppp' },
    states: {
      'port-53-intercepted': {
        shownBy: ['not-authoritative', 'recursive', 'silent-answers'],
        by: NEAR,
        node: 'ub-lon',
      },
    },
  },
  'port 53 hijacked by a far resolver that says nothing about itself': {
    slow: true,
    spec: internet([office('London', { hijackedBy: FAR })]),
    truth: { London: 'pff???ppp' },
    states: { 'port-53-intercepted': { by: FAR, node: null } },
  },
  'a resolver that gives an address for what does not exist': {
    spec: internet([office('London')], { resolvers: changed(NEAR, { rewritesNxdomain: '198.51.100.250' }) }),
    truth: { London: 'ppp???ppp' },
    states: { 'nxdomain-rewritten': { servers: [{ server: NEAR, addresses: ['198.51.100.250'] }] } },
  },
  'a public resolver whose node is far': {
    slow: true,
    spec: internet([office('London', { resolvers: ['9.9.9.9'] })], {
      resolvers: changed(
        NEAR,
        {},
        {
          address: '9.9.9.9',
          place: 'Seattle',
          egress: [{ address: '198.51.100.70' }],
          tells: { 'id.server.on.quad9.net': ['res120.qsea1.on.quad9.net'] },
        },
      ),
    }),
    truth: { London: 'pff???ppp' },
    states: { 'resolver-nodes-seen': { nodes: [{ server: '9.9.9.9', service: 'quad9', code: 'SEA' }] } },
  },
  'a public resolver whose node is near': {
    spec: internet([office('London', { resolvers: ['1.1.1.1'] })], {
      resolvers: changed(
        NEAR,
        {},
        {
          address: '1.1.1.1',
          place: 'London',
          egress: [{ address: '198.51.100.6' }],
          id: 'LHR',
        },
      ),
    }),
    truth: { London: 'ppp???ppp' },
    states: { 'resolver-nodes-seen': { nodes: [{ server: '1.1.1.1', node: 'LHR', code: 'LHR' }] } },
  },
  'a resolver that answers over TCP only': {
    spec: internet([office('London')], { resolvers: changed(NEAR, { onlyOverTcp: true }) }),
    truth: { London: 'ppp???ppp' },
    states: { 'resolvers-seen': { serving: [{ address: NEAR, overTcpOnly: true }] } },
  },
  'a resolver of both families, both of them near': {
    spec: internet([office('London')], {
      resolvers: changed(NEAR, { egress: [{ address: NEAR }, { address: '2001:db8:1::53' }] }),
      placeRows: [...base.placeRows, row('2001:db8:1::/48', 'London')],
    }),
    truth: { London: 'ppp???ppp' },
    states: { 'resolvers-seen': { method: 'beacon' } },
  },
  'a resolver of both families, and nobody knows the place of one': {
    spec: internet([office('London')], {
      // Far enough that no time bounds the place.
      anycastMs: 12,
      resolvers: changed(NEAR, { egress: [{ address: NEAR }, { address: '2001:db8:1::53' }] }),
    }),
    truth: { London: 'pup???ppp' },
    states: { 'resolvers-seen': { method: 'beacon' } },
  },
  'a far secondary that serves one lookup in eight, without a beacon': {
    slow: true,
    spec: internet(
      [
        office(
          'London',
          { resolvers: [NEAR, FAR], systemLookup: [NEAR, NEAR, NEAR, NEAR, NEAR, NEAR, NEAR, FAR] },
          { registered: { egress: [rangeOf('London')], resolvers: [] } },
        ),
      ],
      { beacon: null },
    ),
    truth: { London: 'pf????ppp' },
    states: { 'resolvers-seen': { method: 'whoami' } },
  },
}
