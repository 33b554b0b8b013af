import { FAR_RESOLVER6, IDLE_FAR_RESOLVER6 } from '../worlds/cases/family.ts'
import { internet, NOTHING, office, rangeOf, resolverOf } from '../worlds/parts.ts'
import { lookupsTake } from './edits.ts'
import { DUBAI, resolversWith, withDubai } from './parts.ts'
import type { FixtureCase } from './record.ts'

const [NEAR, PARIS] = [resolverOf('London'), resolverOf('Paris')]
const FORWARDER = '10.3.0.53'
/** Inside the range of the provider of Paris. */
const SECOND = '198.51.100.54'
const DEAD = '192.0.2.66'
const UNKNOWN = '192.0.2.200'
const { resolvers: RESOLVERS, placeRows: ROWS } = internet([])

const forwarder = (forwardsTo: string) =>
  ({ address: FORWARDER, place: 'Paris', office: 'Paris', forwardsTo }) as const

/** Who asks for names. */
export const DNS_CASES: Readonly<Record<string, FixtureCase>> = {
  'remote-resolver': {
    about: 'Asks a resolver 5,500 km away, and is led to a door there.',
    world: { spec: withDubai([office('London', { resolvers: [DUBAI] })]) },
  },
  'local-forwarder': {
    about: 'Asks a forwarder in the building, which asks a resolver 5,200 km away.',
    office: 'Paris',
    world: {
      spec: withDubai([office('Paris', { resolvers: [FORWARDER] }, { registered: NOTHING })], {
        resolvers: [...RESOLVERS, forwarder(DUBAI)],
      }),
    },
  },
  'local-forwarder-to-provider': {
    about: 'Asks a forwarder in the building, which asks the local provider.',
    office: 'Paris',
    world: {
      spec: internet([office('Paris', { resolvers: [FORWARDER] })], {
        resolvers: [...RESOLVERS, forwarder(PARIS)],
      }),
    },
  },
  'remote-secondary-resolver': {
    about: 'The second resolver is 5,500 km away and serves one lookup in four.',
    world: {
      spec: withDubai([
        office('London', { resolvers: [NEAR, DUBAI], systemLookup: [NEAR, NEAR, NEAR, DUBAI] }),
      ]),
    },
  },
  'idle-remote-secondary': {
    about: 'The second resolver is 5,500 km away and serves nothing.',
    world: { spec: withDubai([office('London', { resolvers: [NEAR, DUBAI], systemLookup: [NEAR] })]) },
  },
  'far-ipv6-resolver': {
    about:
      'The resolver by IPv4 is local, the one by IPv6 is 1,430 km away, and applications get both in turns.',
    world: FAR_RESOLVER6,
  },
  'idle-far-ipv6-resolver': {
    about: 'The resolver by IPv4 is local, and the one by IPv6, 1,430 km away, serves nothing.',
    world: IDLE_FAR_RESOLVER6,
  },
  'conditional-forwarder': {
    about: "The local resolver hands Microsoft's names to another that is led to a door 5,500 km away.",
    world: { spec: internet([office('London')], { resolvers: resolversWith(NEAR, { doors: ['DXB'] }) }) },
  },
  'ecs-leak': {
    about: "A resolver 5,500 km away tells authorities the office's subnet, and Microsoft does not heed it.",
    world: { spec: withDubai([office('London', { resolvers: [DUBAI] })], {}, { ecs: 'add' }) },
  },
  'ecs-honoured': {
    about: "A resolver 5,500 km away tells Microsoft the office's subnet, and the door follows it.",
    world: {
      spec: withDubai(
        [office('London', { resolvers: [DUBAI] })],
        { authorityHonoursEcs: true },
        { ecs: 'add' },
      ),
    },
  },
  'dns-hijack': {
    about: 'Whatever the office sends to port 53 is answered by a resolver 5,500 km away.',
    world: { spec: withDubai([office('London', { hijackedBy: DUBAI })]) },
  },
  'dns-hijack-by-provider': {
    about: 'A far resolver is configured, but the local provider answers all that goes to port 53.',
    world: { spec: withDubai([office('London', { resolvers: [DUBAI], hijackedBy: NEAR })]) },
  },
  'mute-resolver': {
    about: 'The second resolver never answers; nobody needs it.',
    world: {
      spec: internet([office('London', { resolvers: [NEAR, DEAD] })], {
        resolvers: [...RESOLVERS, { address: DEAD, place: 'London', behaviour: 'silent' }],
      }),
      slow: true,
    },
  },
  'resolver-refuses-all': {
    about: 'The only resolver refuses every question.',
    world: {
      spec: internet([office('London', { resolvers: [DEAD] })], {
        resolvers: [...RESOLVERS, { address: DEAD, place: 'London', behaviour: 'refuses' }],
      }),
    },
  },
  'whoami-only': {
    about: 'All is well, and there is no beacon: public whoami names serve.',
    world: { spec: internet([office('London')], { beacon: null }) },
  },
  'whoami-only-remote-resolver': {
    about: 'Asks a resolver 5,500 km away, and there is no beacon.',
    world: { spec: withDubai([office('London', { resolvers: [DUBAI] })], { beacon: null }) },
  },
  'resolver-bounded-by-time': {
    about: 'Nobody knows where the resolver is, but it answers too soon to be far.',
    world: {
      spec: internet([office('London', { resolvers: [UNKNOWN] })], {
        anycastMs: 1,
        resolvers: [...RESOLVERS, { address: UNKNOWN, place: 'London' }],
      }),
    },
  },
  'resolver-just-bounded': {
    about: 'Nobody knows where the resolver is; 7.9 ms bound it to 790 km.',
    from: 'resolver-bounded-by-time',
    edit: lookupsTake(1, 7.9),
  },
  'resolver-not-quite-bounded': {
    about: 'Nobody knows where the resolver is; 8.1 ms bound it to 810 km.',
    from: 'resolver-bounded-by-time',
    edit: lookupsTake(1, 8.1),
  },
  'disputed-place': {
    about: 'The provider next door is written down 7,700 km away, where light could not have been.',
    world: {
      spec: internet([office('London', {}, { registered: { egress: [rangeOf('London')], resolvers: [] } })], {
        anycastMs: 20,
        placeRows: ROWS.map((row) =>
          row.cidr === '198.51.100.0/28' ? { ...row, latitude: 47.61, longitude: -122.33, label: 'HQ' } : row,
        ),
      }),
    },
  },
  'far-resolver-alone-unproven': {
    about: 'Asks a resolver 5,500 km away, and is led to the door at home all the same.',
    world: { spec: withDubai([office('London', { resolvers: [DUBAI] })], {}, { doors: ['LHR'] }) },
  },
  'far-resolver-time-short': {
    about: 'As before, and the resolver takes 52 ms to ask the authority: the far place needs 55.',
    from: 'far-resolver-alone-unproven',
    edit: lookupsTake(86, 138),
  },
  'far-resolver-time-agrees': {
    about: 'As before, but the resolver takes 58 ms to ask the authority, so its place and its time agree.',
    from: 'far-resolver-alone-unproven',
    edit: lookupsTake(86, 144),
  },
  'far-resolver-light-forbids': {
    about: 'A far door and a far place, but light alone would need 35.8 ms there and back: 35 are too few.',
    from: 'remote-resolver',
    edit: lookupsTake(1, 35),
  },
  'far-resolver-light-allows': {
    about: 'A far door and a far place, and 37 ms are enough for light.',
    from: 'remote-resolver',
    edit: lookupsTake(1, 37),
  },
  'private-answer-two-names': {
    about: "The resolver leads Microsoft's names of two services into the office's own network.",
    world: {
      spec: internet([office('London')], {
        resolvers: resolversWith(NEAR, {
          invents: {
            'outlook.office365.com': '10.9.9.9',
            'outlook.office.com': '10.9.9.9',
            'outlook.cloud.microsoft': '10.9.9.9',
            'contoso.sharepoint.com': '10.9.9.10',
          },
        }),
      }),
    },
  },
  'private-answer-one-name': {
    about: 'The resolver leads one of Microsoft\u2019s names into carrier-grade NAT.',
    world: {
      spec: internet([office('London')], {
        resolvers: resolversWith(NEAR, { invents: { 'outlook.office365.com': '100.64.1.1' } }),
      }),
    },
  },
  'accepted-door': {
    about: 'Led to the door of the neighbouring country, which an admin accepted.',
    world: {
      spec: internet([office('London', {}, { acceptedDoors: ['CDG'] })], {
        resolvers: resolversWith(NEAR, { doors: ['CDG'] }),
      }),
    },
  },
  'neighbours-door': {
    about: 'Led to the door of the neighbouring country, 340 km away; one at home is 23 km away.',
    world: { spec: internet([office('London')], { resolvers: resolversWith(NEAR, { doors: ['CDG'] }) }) },
  },
  'two-doors-in-turns': {
    about:
      'Two local resolvers take turns; one is led to the door at home, one to that of the neighbouring country.',
    office: 'Paris',
    world: {
      spec: internet([office('Paris', { resolvers: [PARIS, SECOND], systemLookup: [PARIS, SECOND] })], {
        resolvers: [...RESOLVERS, { address: SECOND, place: 'Paris', doors: ['LHR'] }],
      }),
    },
  },
}
