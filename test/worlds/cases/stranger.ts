import type { StrangerRow } from '../stranger-rows.ts'

const NO_RANGES = { office: { egress: [] } } as const
const FAR_DOOR = (address: string): number => (/^(40|52\.98)\./.test(address) ? 170 : 4)

/** Worlds that somebody else wrote. Letters in the order of `CRITERIA`: egress, dns, door, hairpin, proxy, ready, plan, endpoints, tcp. */
export const STRANGER_WORLDS: readonly StrangerRow[] = [
  ['the plainest', {}, 'ppppppppp'],
  ['nothing registered', NO_RANGES, 'ppppppppp'],
  ['resolvers on a private address', { resolvers: ['10.1.2.3'] }, 'ppppppppp'],
  ['three resolvers', { resolvers: ['10.1.2.3', '192.168.1.1', '198.51.100.200'] }, 'ppppppppp'],
  [
    'a front door named in a way that is not known',
    { chain: ['outlook.new.cloud.microsoft', 'afd-lhr7.exo.example'] },
    'ppupppppp',
  ],
  ['a front door without any alias', { chain: [] }, 'ppupppppp'],
  [
    'a chain of 2017 in other letters',
    { chain: ['outlook.ha.office365.com', 'lhr-EFZ.MS-ACDC.office.com'] },
    'ppppppppp',
  ],
  ['a relay without a region', { relayChain: [] }, 'ppppppppp'],
  ['a relay without a region, nothing registered', { relayChain: [], ...NO_RANGES }, 'ppppppppp'],
  ['doors that answer 200', { doorStatus: 200 }, 'ppppppppp'],
  [
    'doors that answer 302',
    { doorStatus: 302, doorHeaders: { 'X-FirstHopCafeEFZ': 'LHR', location: '/owa/' } },
    'ppppppppp',
  ],
  ['doors that answer 403', { doorStatus: 403 }, 'ppppppppp'],
  ['doors that answer 500', { doorStatus: 500 }, 'ppppppppp'],
  ['doors that keep their code to themselves', { doorHeaders: {} }, 'ppppppppp'],
  ['an edge that keeps its code to itself', { edgeHeaders: {} }, 'ppppppppp'],
  [
    'an edge that keeps its code to itself, nothing registered',
    { edgeHeaders: {}, ...NO_RANGES },
    'ppppppppp',
  ],
  [
    'an edge of the newer form',
    { edgeHeaders: { 'x-msedge-ref': 'Ref A: 1 Ref B: LON212050702025 Ref C: 2' }, ...NO_RANGES },
    'ppppppppp',
  ],
  ['an authority of four names, the rest does not exist', { fewNames: true }, 'ppppppppp'],
  // A name that could not be looked up was not seen to connect directly: pass needs every answer (design 5).
  ['an authority of four names, the rest refused', { fewNames: true, unknown: 'refused' }, 'ppppupppp'],
  ['an authority of four names, the rest fails', { fewNames: true, unknown: 'servfail' }, 'ppppupppp'],
  ['an authority of four names, the rest unanswered', { fewNames: true, unknown: 'silence' }, 'ppppupppp'],
  ['a beacon that says nothing', { silentBeacon: true }, 'puppppppp'],
  ["a beacon's record in one string", { oneString: true }, 'ppppppppp'],
  // A far door that answers in 5 ms: something nearer answers for it, or the name lies. One sign alone proves neither.
  [
    'a door far away by name and near by time',
    { chain: ['SIN-efz.ms-acdc.office.com'], doorHeaders: {} },
    'puuuupppp',
  ],
  [
    'a door far away by its name alone',
    { chain: ['SIN-efz.ms-acdc.office.com'], doorHeaders: {}, rttMs: FAR_DOOR },
    'puuppuppp',
  ],
  [
    'a door far away by its name and its own word',
    { chain: ['SIN-efz.ms-acdc.office.com'], doorHeaders: { 'x-firsthopcafeefz': 'SIN' }, rttMs: FAR_DOOR },
    'pufppuppp',
  ],
  ['no echo, no tenant', { file: { echo: undefined, tenant: undefined } }, 'ppppppppp'],
  ['keys that mean nothing here', { file: { comment: 'mine', dns: [] } }, 'ppppppppp'],
  ['a gateway slow to greet', { quirks: { greetingMs: 60 } }, 'ppppppppp'],
  ['a gateway that replies in crumbs', { quirks: { crumbs: true } }, 'ppppppppp'],
  ['a relay called 0.0.0.0', { quirks: { unnamedRelay: 'v4' } }, 'ppppppppp'],
  ['a relay called ::', { quirks: { unnamedRelay: 'v6' } }, 'ppppppppp'],
  [
    'a gateway of fifty connections',
    { quirks: { most: 50 }, resolvers: ['10.1.2.3', '10.1.2.4', '10.1.2.5', '10.1.2.6'] },
    'ppppppppp',
  ],
  ['a relay called by a name', { quirks: { unnamedRelay: 'name' } }, 'ppppppppp'],
  [
    'a gateway that ends an association after its answer',
    { quirks: { endsControl: 'after-answer' } },
    'ppppppppp',
  ],
  ['a gateway that ends the control connection at once', { quirks: { endsControl: 'at-once' } }, 'ppppppppp'],
  ['a gateway that ends idle associations', { quirks: { idleMs: 300 } }, 'ppppppppp'],
  ['a gateway of few words', { quirks: { curt: true } }, 'ppppppppp'],
]
