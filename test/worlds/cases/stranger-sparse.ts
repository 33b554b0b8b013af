import fc from 'fast-check'
import type { Stranger } from '../stranger.ts'
import type { StrangerRow } from '../stranger-rows.ts'

const NO_RANGES = { office: { egress: [] } } as const
const NO_BEACON = { file: { beacon: null } } as const
const HEALTHY = 'ppppppppp'

/** Required sets of category Default, as Microsoft's list has them, whose names a small world does not serve. */
const DEFAULT_NAMES = ['admin.microsoft.com', 'graph.microsoft.com', 'portal.office.com']
const DEFAULT_SETS = [
  {
    id: 46,
    serviceArea: 'Common',
    urls: DEFAULT_NAMES,
    ips: ['13.107.6.171/32', '13.107.18.15/32'],
    tcpPorts: '443',
    expressRoute: true,
    category: 'Default',
    required: true,
  },
  {
    id: 64,
    serviceArea: 'Common',
    urls: ['*.portal.cloud.microsoft', 'officecdn.microsoft.com'],
    tcpPorts: '80,443',
    expressRoute: false,
    category: 'Default',
    required: true,
  },
  {
    id: 9,
    serviceArea: 'Exchange',
    urls: ['*.protection.outlook.com'],
    tcpPorts: '25,443',
    expressRoute: false,
    category: 'Default',
    required: true,
  },
]
const further = (are: string) => ({ names: DEFAULT_NAMES, are })

/** Relays answer this long after they were asked, whatever else takes 5 ms. */
const relaysAt = (ms: number) => (address: string) => (address.startsWith('52.1') ? ms : 5)
/** The resolver of the plainest world is called 198.51.100.200. */
const resolverAt = (ms: number) => (address: string) => (address.startsWith('198.51.100.') ? ms : 5)

/**
 * Worlds that leave out what world.md leaves out, or refuse what no verdict of design 5 rests on. Names of category
 * Default are the probe `reach`'s: what fails there is told and held against no criterion. Letters in the order of
 * `CRITERIA`: egress, dns, door, hairpin, proxy, ready, plan, endpoints, tcp. Written before any run.
 */
export const SPARSE_WORLDS: readonly StrangerRow[] = [
  ['Default names that do not exist', { sets: DEFAULT_SETS }, HEALTHY],
  ['Default names that are refused', { sets: DEFAULT_SETS, further: further('refused') }, HEALTHY],
  ['Default names whose lookup fails', { sets: DEFAULT_SETS, further: further('servfail') }, HEALTHY],
  ['Default names that go unanswered', { sets: DEFAULT_SETS, further: further('silence') }, HEALTHY],
  [
    'Default names at an address nobody leads to',
    { sets: DEFAULT_SETS, further: further('13.107.6.171') },
    HEALTHY,
  ],
  ['Default names at an address of a door', { sets: DEFAULT_SETS, further: further('40.99.9.146') }, HEALTHY],
  ['Default names at a private address', { sets: DEFAULT_SETS, further: further('10.9.9.9') }, HEALTHY],
  [
    'Default names, four names served, nothing registered',
    { sets: DEFAULT_SETS, fewNames: true, ...NO_RANGES },
    HEALTHY,
  ],
  ['no IPv6 address is ever told: refused', { ipv6: 'refused' }, HEALTHY],
  ['no IPv6 address is ever told: failing', { ipv6: 'servfail' }, HEALTHY],
  ['no IPv6 address is ever told: silence', { ipv6: 'silence' }, HEALTHY],
  ['no IPv6 address is ever told: no such name', { ipv6: 'nxdomain' }, HEALTHY],
  [
    'a host with an IPv6 address in a world without',
    {
      file: {
        interfaces: [
          { name: 'eth0', address: '10.4.0.20' },
          { name: 'eth0', address: '2001:db8::20' },
        ],
      },
    },
    HEALTHY,
  ],
  ['a relay of one address without a region', { relays: ['52.114.7.7'], relayChain: [] }, HEALTHY],
  ['a relay of one port', { relay: { ports: [3478] } }, HEALTHY, ['media', 'reach']],
  ['no tenant', { file: { tenant: undefined } }, HEALTHY],
  ['no tenant, nothing registered', { file: { tenant: undefined }, ...NO_RANGES }, HEALTHY],
  ['no tenant, no SharePoint in the list', { file: { tenant: undefined }, without: [31] }, HEALTHY],
  ['a list without Allow', { without: [56] }, HEALTHY],
  ['an echo that fails', { echo: { status: 500, type: 'text/plain', body: 'no' } }, HEALTHY],
  [
    'an echo of somebody else',
    { echo: { status: 200, type: 'text/html', body: '<html>welcome</html>' } },
    HEALTHY,
  ],
  ['an echo that says nothing', { echo: { status: 204, type: 'text/plain', body: '' } }, HEALTHY],
  [
    'an office of as few words as may be',
    {
      office: {
        egress: undefined,
        resolvers: undefined,
        doors: undefined,
        attested: undefined,
        timeZone: undefined,
      },
    },
    'ppppppupu',
  ],
  [
    'no table of places, everything registered',
    { folderFile: { places: undefined }, office: { resolvers: ['198.51.100.192/26'] } },
    HEALTHY,
  ],
  [
    'a table of places that is null, everything registered',
    { folderFile: { places: null }, office: { resolvers: ['198.51.100.192/26'] } },
    HEALTHY,
  ],
  ['a proxy setting that says nothing', { file: { proxy: { url: null, bypass: [], pac: null } } }, HEALTHY],
  [
    'null wherever it may be',
    {
      file: {
        systemRoots: null,
        proxy: null,
        echo: null,
        systemLookup: null,
        interfaces: null,
        clockOffsetMs: null,
      },
    },
    HEALTHY,
  ],
  ['a resolver that answers late', { rttMs: resolverAt(300) }, HEALTHY],
  ['no beacon, whoami names by text alone', { whoamiText: true, ...NO_BEACON }, HEALTHY],
  [
    'no beacon, whoami by text, names refused',
    { whoamiText: true, unknown: 'refused', ...NO_BEACON },
    HEALTHY,
  ],
  // Which of the two serves the system is not learned.
  [
    'no beacon, whoami by text, two resolvers',
    { whoamiText: true, resolvers: ['198.51.100.200', '198.51.100.210'], ...NO_BEACON },
    'puppppppp',
  ],
  ['no beacon, no whoami names', NO_BEACON, 'puppppppp'],
  // Nothing can be asked without UDP: no name, no relay. That is "not learned", and never a fail.
  ['a gateway without associations', { quirks: { noAssociations: 7 } }, 'uuuuuuppp'],
  ['a gateway that refuses associations', { quirks: { noAssociations: 2 } }, 'uuuuuuppp'],
  // It is reached, so media is not blocked; how media fares was not learned.
  ['a relay that tells no address, but answers', { relay: { allocateOnly: true } }, 'uppppuppp', ['media']],
  ['a relay 120 ms away', { rttMs: relaysAt(120) }, 'pppppfppp', ['media']],
  ['a relay 60 ms away', { rttMs: relaysAt(60) }, HEALTHY, ['media']],
  [
    'a relay that loses one datagram in nine',
    { relay: { drops: 9 }, mediaSeconds: 4 },
    'pppppfppp',
    ['media'],
  ],
]

/** Oddities that change no verdict, each alone in some table; here they meet. */
const HARMLESS: readonly Stranger[] = [
  { sets: DEFAULT_SETS, further: further('refused') },
  { sets: DEFAULT_SETS, further: further('13.107.6.171') },
  { ipv6: 'refused' },
  { relayChain: [], relays: ['52.123.1.9'] },
  { file: { tenant: undefined } },
  { file: { echo: undefined } },
  { oneString: true },
  { edgeHeaders: {} },
  { doorStatus: 302 },
  { echo: { status: 404, type: 'text/plain', body: 'nothing here' } },
  { quirks: { crumbs: true } },
  { quirks: { unnamedRelay: 'v4', curt: true } },
  { quirks: { endsControl: 'after-answer' } },
  { quirks: { greetingMs: 20 } },
  { resolvers: ['10.1.2.3', '198.51.100.200'] },
  NO_RANGES,
  { office: { resolvers: ['198.51.100.192/26'] } },
  { without: [56] },
]

/** Parts of a world that are themselves made of keys: both changes hold. */
const NESTED = ['file', 'office', 'quirks', 'folderFile'] as const

const together = (parts: readonly Stranger[]): Stranger => {
  const all: Record<string, unknown> = Object.assign({}, ...parts)
  for (const key of NESTED) {
    const own = parts.flatMap((part) => part[key] ?? [])
    if (own.length > 0) all[key] = Object.assign({}, ...own)
  }
  return all
}

/** Any of them together: drawn anew by whoever changes the seed, the same for everybody else. */
export const HARMLESS_TOGETHER: readonly StrangerRow[] = fc
  .sample(fc.subarray([...HARMLESS.keys()], { minLength: 3, maxLength: 7 }), { numRuns: 14, seed: 20261126 })
  .map((chosen) => [
    `oddities ${chosen.join(', ')}`,
    together(chosen.flatMap((index) => HARMLESS[index] ?? [])),
    HEALTHY,
  ])
