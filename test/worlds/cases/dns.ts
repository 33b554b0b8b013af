import { BY_SEATTLE, type Case, internet, NOTHING, office, rangeOf, resolverOf } from '../parts.ts'

const [NEAR, FAR] = [resolverOf('London'), resolverOf('Seattle')]
const DEAD = '192.0.2.66'
const base = internet([])

/** The provider's resolvers of London and Paris, led to these doors in turns. */
const withDoors = (...doors: readonly string[]) =>
  base.resolvers.map((one) => ([NEAR, resolverOf('Paris')].includes(one.address) ? { ...one, doors } : one))

/**
 * Worlds that differ in who asks for names. A far resolver leads to a far Teams relay as well, more than Microsoft's
 * 100 ms away. Letters in the order of `CRITERIA`: egress, dns, door, hairpin, proxy, ready, plan, endpoints, tcp.
 */
export const DNS_WORLDS: Readonly<Record<string, Case>> = {
  'a forwarder in the office before a far recursive': {
    slow: true,
    spec: internet([office('Paris', { resolvers: ['10.2.0.53'] }, { registered: NOTHING })], {
      resolvers: [
        ...base.resolvers,
        { address: '10.2.0.53', place: 'Paris', office: 'Paris', forwardsTo: resolverOf('Singapore') },
      ],
    }),
    truth: { Paris: 'pffppfppp' },
  },
  'a forwarder in the office before the provider': {
    spec: internet([office('Paris', { resolvers: ['10.2.0.53'] })], {
      resolvers: [
        ...base.resolvers,
        { address: '10.2.0.53', place: 'Paris', office: 'Paris', forwardsTo: resolverOf('Paris') },
      ],
    }),
    truth: { Paris: 'ppppppppp' },
  },
  'a far secondary that serves one lookup in four': {
    slow: true,
    spec: internet([office('London', { resolvers: [NEAR, FAR], systemLookup: [NEAR, NEAR, NEAR, FAR] })]),
    truth: { London: 'pffppuppp' },
  },
  'a far secondary that serves nothing': {
    slow: true,
    spec: internet([office('London', { resolvers: [NEAR, FAR], systemLookup: [NEAR] })]),
    truth: { London: 'ppppppppp' },
  },
  "a resolver that asks another for Microsoft's names": {
    spec: internet([office('London')], {
      resolvers: base.resolvers.map((one) => (one.address === NEAR ? { ...one, doors: ['EAT'] } : one)),
    }),
    truth: { London: 'pufppuppp' },
  },
  'a door of the neighbouring country that nobody accepted': {
    spec: internet([office('London')], { resolvers: withDoors('CDG') }),
    truth: { London: 'ppupppppp' },
  },
  'a door of the neighbouring country that is accepted': {
    spec: internet([office('London', {}, { acceptedDoors: ['CDG'] })], { resolvers: withDoors('CDG') }),
    truth: { London: 'ppppppppp' },
  },
  'two doors in turns, both near enough': {
    spec: internet([office('Paris')], { resolvers: withDoors('CDG', 'LHR') }),
    truth: { Paris: 'pp' + '?' + 'pppppp' },
  },
  'a resolver that is registered wherever it stands': {
    spec: internet([
      office(
        'London',
        { resolvers: [FAR] },
        {
          registered: { egress: [rangeOf('London')], resolvers: ['198.51.100.64/28'] },
        },
      ),
    ]),
    truth: { London: 'pufppfppp' },
  },
  'port 53 hijacked by the provider': {
    spec: internet([office('London', { resolvers: [FAR], hijackedBy: NEAR })]),
    truth: { London: 'ppppppppp' },
  },
  'port 53 hijacked by a far resolver': {
    slow: true,
    spec: internet([office('London', { hijackedBy: FAR })]),
    truth: { London: 'pffppfppp' },
  },
  'one Microsoft name led to carrier-grade NAT': {
    spec: internet([office('London')], {
      resolvers: base.resolvers.map((one) =>
        one.address === NEAR ? { ...one, invents: { 'outlook.office365.com': '100.64.1.1' } } : one,
      ),
    }),
    truth: { London: 'ppuuuuppp' },
  },
  'Microsoft names led to private addresses': {
    spec: internet([office('London')], {
      resolvers: base.resolvers.map((one) =>
        one.address === NEAR
          ? {
              ...one,
              invents: {
                'outlook.office365.com': '10.9.9.9',
                'outlook.office.com': '10.9.9.9',
                'outlook.cloud.microsoft': '10.9.9.9',
                'contoso.sharepoint.com': '10.9.9.10',
              },
            }
          : one,
      ),
    }),
    truth: { London: 'ppuufuppp' },
  },
  'a dead resolver before a good one': {
    slow: true,
    spec: internet([office('London', { resolvers: [DEAD, NEAR], systemLookup: [DEAD, NEAR] })], {
      resolvers: [...base.resolvers, { address: DEAD, place: 'London', behaviour: 'silent' }],
    }),
    truth: { London: 'ppppppppp' },
  },
  'a dead resolver after a good one': {
    slow: true,
    spec: internet([office('London', { resolvers: [NEAR, DEAD] })], {
      resolvers: [...base.resolvers, { address: DEAD, place: 'London', behaviour: 'silent' }],
    }),
    truth: { London: 'ppppppppp' },
  },
  'no resolver that answers': {
    slow: true,
    spec: internet([office('London', { resolvers: [DEAD] })], {
      resolvers: [...base.resolvers, { address: DEAD, place: 'London', behaviour: 'silent' }],
    }),
    truth: { London: 'uuuuuuppp' },
  },
  'a resolver that refuses everything': {
    spec: internet([office('London', { resolvers: [DEAD] })], {
      resolvers: [...base.resolvers, { address: DEAD, place: 'London', behaviour: 'refuses' }],
    }),
    truth: { London: 'uuuuuuppp' },
  },
  'no beacon, whoami serves': {
    spec: internet([office('London')], { beacon: null }),
    truth: { London: 'ppppppppp' },
  },
  'no beacon, everything carried away': {
    slow: true,
    spec: internet([office('Seattle'), office('London', { ...BY_SEATTLE, resolvers: [FAR] })], {
      beacon: null,
    }),
    truth: { London: 'ffffpfppp' },
  },
  'no word about a beacon': {
    spec: internet([office('London')]),
    runnerFile: { beacon: undefined },
    truth: { London: 'ppppppppp' },
  },
  'a beacon that does not exist': {
    spec: internet([office('London')]),
    runnerFile: { beacon: 'b.gone.example' },
    truth: { London: 'puppppppp' },
  },
  'a resolver that passes the office subnet on, and a door that follows it': {
    spec: internet([office('London', { resolvers: [FAR] })], {
      authorityHonoursEcs: true,
      resolvers: base.resolvers.map((one) => (one.address === FAR ? { ...one, ecs: 'add' as const } : one)),
    }),
    truth: { London: 'puppppppp' },
  },
  'a resolver whose place nobody knows, far away': {
    spec: internet([office('London', { resolvers: ['192.0.2.200'] })], {
      resolvers: [...base.resolvers, { address: '192.0.2.200', place: 'Seattle' }],
    }),
    truth: { London: 'pufppfppp' },
  },
  'a resolver whose place nobody knows, next door': {
    spec: internet([office('London', { resolvers: ['192.0.2.200'] })], {
      anycastMs: 1,
      resolvers: [...base.resolvers, { address: '192.0.2.200', place: 'London' }],
    }),
    truth: { London: 'ppppppppp' },
  },
}
