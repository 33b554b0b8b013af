import type { RunnerShown } from '../../../src/cards/band.ts'
import type { ResultView } from '../../../src/cards/result-card.ts'
import { USUAL_LEVELS } from '../../../src/cards/wording.ts'
import type { Finding } from '../../../src/core/finding.ts'
import type { Ruling } from '../../../src/core/ruling.ts'
import { CRITERIA, type CriterionId, verdictOf } from '../../../src/core/verdict.ts'

/** Friday 20 November 2026, 14:02 in London. */
export const AT = Date.UTC(2026, 10, 20, 14, 2)
export const LIST = '2026110200'
const MINUTE = 60_000

export const OFFICES = {
  seattle: { name: 'Seattle', timeZone: 'America/Los_Angeles', world: 'demo' },
  london: { name: 'London', timeZone: 'Europe/London', world: 'demo' },
  sydney: { name: 'Sydney', timeZone: 'Australia/Sydney', world: 'demo' },
  tokyo: { name: 'Tokyo', timeZone: 'Asia/Tokyo', world: 'demo' },
  lyon: { name: 'Lyon', timeZone: 'Europe/Paris', world: 'demo' },
} as const
export type DemoOffice = keyof typeof OFFICES

/** The truth of the demo world, one letter per criterion (design 10). */
const LETTERS: Readonly<Record<DemoOffice, string>> = {
  seattle: 'ppppppppp',
  london: 'ffffpuppp',
  sydney: 'pppufuppp',
  tokyo: 'pffppuppp',
  lyon: 'uuuuuupup',
}

const ATTESTED = 'Vouched for by Ana Silva until 1 Jun 2027.'
const LISTED = 'Newest list, 2026110200, and every required set was measured.'
const SILENT = 'Runner lyon-1 is silent, so nothing was measured.'
const INSPECTED = 'A proxy answers in place of Microsoft, so its round trip says nothing.'

const BECAUSE: Readonly<Record<DemoOffice, Readonly<Record<CriterionId, string>>>> = {
  seattle: {
    'local-egress': 'Teams traffic leaves inside the registered range, 10 km away.',
    'local-dns': 'The resolver leaves 10 km away, limit 800 km.',
    'nearest-front-door': 'Reaches SEA, 17 km away, the nearest known door.',
    'no-hairpin': '4.3 ms to SEA at best, limit 15.3 ms for 17 km.',
    'no-proxy-or-inspection': '14 of 14 Microsoft names connect directly, all must.',
    'network-ready': '4.4 ms to SEA, limit 25 ms.',
    'network-plan': ATTESTED,
    'endpoint-changes': LISTED,
    'tcp-tuned': ATTESTED,
  },
  london: {
    'local-egress': 'Teams traffic leaves 7,700 km away, limit 800 km.',
    'local-dns': 'The resolver leaves 7,700 km away, limit 800 km.',
    'nearest-front-door': 'Reaches SEA, 7,713 km away, limit 800 km. LHR is 23 km away.',
    'no-hairpin': 'Teams traffic leaves 7,700 km away, limit 800 km.',
    'no-proxy-or-inspection': '14 of 14 Microsoft names connect directly, all must.',
    'network-ready': '158 ms to SEA, more than 25 ms, and no target of its own is set.',
    'network-plan': ATTESTED,
    'endpoint-changes': LISTED,
    'tcp-tuned': ATTESTED,
  },
  sydney: {
    'local-egress': 'Teams traffic leaves inside the registered range, 4 km away.',
    'local-dns': 'The resolver leaves 4 km away, limit 800 km.',
    'nearest-front-door': 'Reaches SYD, 8 km away, the nearest known door.',
    'no-hairpin': INSPECTED,
    'no-proxy-or-inspection': '11 of 14 Microsoft names are inspected, none may be.',
    'network-ready': INSPECTED,
    'network-plan': ATTESTED,
    'endpoint-changes': LISTED,
    'tcp-tuned': ATTESTED,
  },
  tokyo: {
    'local-egress': 'Teams traffic leaves inside the registered range, 6 km away.',
    'local-dns': 'The resolver leaves 5,311 km away, limit 800 km.',
    'nearest-front-door': 'Reaches SIN, 5,325 km away, limit 800 km. TYO is 12 km away.',
    'no-hairpin': '74.1 ms to SIN at best, limit 121.5 ms for 5,325 km.',
    'no-proxy-or-inspection': '14 of 14 Microsoft names connect directly, all must.',
    'network-ready': '74.3 ms to SIN, more than 25 ms, and no target of its own is set.',
    'network-plan': ATTESTED,
    'endpoint-changes': LISTED,
    'tcp-tuned': ATTESTED,
  },
  lyon: {
    'local-egress': SILENT,
    'local-dns': SILENT,
    'nearest-front-door': SILENT,
    'no-hairpin': SILENT,
    'no-proxy-or-inspection': SILENT,
    'network-ready': SILENT,
    'network-plan': ATTESTED,
    'endpoint-changes': 'Nothing was measured against list 2026110200.',
    'tcp-tuned': ATTESTED,
  },
}

type Remedies = Readonly<Partial<Record<CriterionId, NonNullable<Ruling['remedy']>>>>

const LOOK_AT_RUNNER = {
  order: 4,
  act: 'Look at the machine of lyon-1',
  how: 'Is it on? Can it reach the hub on port 443? Then restart the service doorstep-runner.',
}
const REMEDIES: Readonly<Record<DemoOffice, Remedies>> = {
  seattle: {},
  london: {
    'local-egress': {
      order: 1,
      act: 'Give the office its own way out',
      how: 'Send Microsoft 365 Optimize traffic to the local Internet provider, not to Seattle.',
    },
    'local-dns': {
      order: 1,
      act: 'Resolve names in the office',
      how: 'Use a resolver that leaves through that provider, in the same change.',
    },
    'nearest-front-door': {
      order: 1,
      act: 'Resolve names in the office',
      how: 'The front door follows the resolver.',
    },
    'no-hairpin': {
      order: 1,
      act: 'Give the office its own way out',
      how: 'The detour ends with it.',
    },
    'network-ready': {
      order: 4,
      act: 'Set a target for the office',
      how: 'Do this after the way out is local: 25 ms or less needs none.',
    },
  },
  sydney: {
    'no-proxy-or-inspection': {
      order: 2,
      act: 'Let Optimize and Allow names bypass the proxy',
      how: 'Exempt them from inspection in the proxy’s own rules or in the PAC file.',
    },
  },
  tokyo: {
    'local-dns': {
      order: 1,
      act: 'Point the forwarder to a resolver in Tokyo',
      how: 'It hands every question to Singapore, 5,311 km away.',
    },
  },
  lyon: { 'local-egress': LOOK_AT_RUNNER, 'local-dns': LOOK_AT_RUNNER, 'no-hairpin': LOOK_AT_RUNNER },
}

/** The nine rulings of a demo office. */
export function rulingsOf(office: DemoOffice): readonly Ruling[] {
  return CRITERIA.map((criterion, index) => {
    const remedy = REMEDIES[office][criterion]
    return {
      criterion,
      level: USUAL_LEVELS[criterion],
      verdict: verdictOf(LETTERS[office].charAt(index)),
      because: BECAUSE[office][criterion].replace(/(\d) (km|ms)/g, '$1\u00A0$2'),
      signals: [],
      findings: [],
      ...(remedy === undefined ? {} : { remedy }),
    }
  })
}

export const RUNNERS: Readonly<Record<DemoOffice, readonly RunnerShown[]>> = {
  seattle: [
    { name: 'seattle-1', status: 'online' },
    { name: 'seattle-2', status: 'online' },
  ],
  london: [{ name: 'london-1', status: 'online' }],
  sydney: [{ name: 'sydney-1', status: 'online' }],
  tokyo: [{ name: 'tokyo-1', status: 'busy' }],
  lyon: [{ name: 'lyon-1', status: 'silent' }],
}

export const buttonsOf = (...titles: readonly string[]) =>
  titles.map((title, index) => ({ title, actionId: `act-${index + 1}` }))

export function resultOf(office: DemoOffice, checkId: string): ResultView {
  return {
    office: OFFICES[office],
    rulings: rulingsOf(office),
    judgedAt: AT,
    runners: RUNNERS[office],
    listVersion: LIST,
    rulesVersion: '1',
    checkId,
    buttons: office === 'seattle' ? buttonsOf('Check again') : buttonsOf('Check again', 'Why'),
  }
}

export const earlier = (minutes: number): number => AT - minutes * MINUTE

const place = {
  otherOffices: [],
  owner: null,
  registered: false,
}

/** What London's resolver probe and front-door probe found. */
export const LONDON_DNS_FINDINGS: readonly Finding[] = [
  {
    code: 'resolvers-seen',
    question: 'resolver',
    runnerId: 'r1',
    measurementId: 'm1',
    args: {
      method: 'beacon',
      serving: [
        {
          ...place,
          address: '198.51.100.53',
          km: 7700,
          label: 'Seattle',
          place: 'far',
          nonces: 8,
          servers: ['10.2.0.53'],
          cachedMs: 1.2,
          uncachedMs: 159.4,
          timeSaysFar: true,
          clientSubnet: null,
          subnetScope: null,
          alsoFrom: [],
          overTcpOnly: false,
        },
      ],
      idle: [],
      mute: [{ server: '10.2.0.54', failure: 'dns-timeout' }],
    },
  },
  {
    code: 'doors-seen',
    question: 'door:outlook.office365.com',
    runnerId: 'r1',
    measurementId: 'm2',
    args: {
      host: 'outlook.office365.com',
      doors: [
        {
          named: 'SEA',
          header: 'SEA',
          reached: true,
          failure: null,
          addresses: ['52.96.1.1'],
          servers: ['10.2.0.53'],
          bySystem: true,
          namedKm: 7713,
          headerKm: 7713,
        },
      ],
      nearest: { code: 'LHR', km: 23 },
    },
  },
]
