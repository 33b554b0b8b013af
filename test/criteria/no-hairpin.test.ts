import { expect, it } from 'vitest'
import type { Evidence } from '../../src/core/evidence.ts'
import type { DoorTimed, Located } from '../../src/core/finding.ts'
import { noHairpin } from '../../src/criteria/no-hairpin.ts'
import type { Said } from './build.ts'
import * as b from './build.ts'

const DOOR = `door:${b.HOST}`
const took = (...doors: Partial<DoorTimed>[]): Record<string, Said> => ({
  [`rtt:${b.HOST}`]: ['door-timed', b.times(...doors)],
})
const leaves = (...from: Partial<Located>[]): Record<string, Said> => ({
  'relay-egress': ['relay-egress-seen', b.flows(...from)],
})
/** One relay flow by an address that is said to be far away, answered in `rttMs`. */
const saidFar = (rttMs: number): Record<string, Said> => {
  const { flows, region } = b.flows({ km: 7700, address: '203.0.113.2' })
  return {
    'relay-egress': ['relay-egress-seen', { region, flows: flows.map((flow) => ({ ...flow, rttMs })) }],
  }
}
const byDefault = (km: number): Record<string, Said> => ({
  'default-egress': ['default-egress-seen', { from: b.located({ km }) }],
})
const edgeAt = (km: number | null): Record<string, Said> => ({
  [`edge:${b.EDGE}`]: ['edge-seen', b.edge({ km, minMs: 70 })],
})
const R = { office: b.registered() }
const EAT = { address: '52.96.2.1', code: 'EAT', km: 7700 }
const ledToEat: Record<string, Said> = { [DOOR]: ['doors-seen', b.doors([b.farDoor()])] }

const ROWS: readonly [string, Evidence, string, RegExp][] = [
  ['a short way', b.one(), 'pass', /10\u00a0ms to LHR at best, limit\u00a015.5\u00a0ms for 23\u00a0km/],
  [
    'exactly d/50 + 15 ms',
    b.one(took({ km: 500, minMs: 25, address: '52.96.9.9' })),
    'pass',
    /limit\u00a025\u00a0ms/,
  ],
  [
    'above it alone',
    b.one(took({ km: 500, minMs: 25.1, address: '52.96.9.9' })),
    'unproven',
    /slow access line or hairpin/,
  ],
  [
    "above it, by a security vendor's egress",
    b.one({ ...took({ minMs: 40 }), ...leaves({ owner: 'Zscaler' }) }),
    'fail',
    /40\u00a0ms/,
  ],
  [
    'above it, relay and default path 101 km apart',
    b.one({ ...took({ minMs: 40 }), ...byDefault(111) }),
    'fail',
    /40/,
  ],
  [
    'above it, relay and default path 100 km apart',
    b.one({ ...took({ minMs: 40 }), ...byDefault(110) }),
    'unproven',
    /slow access/,
  ],
  [
    'above it, relay and default path far apart, as light allows',
    b.one({ ...took({ minMs: 60 }), ...saidFar(51) }),
    'fail',
    /60\u00a0ms/,
  ],
  [
    "geoip-headquarters: above it, the relay's place disputed by its own round trip",
    b.one({ ...took({ minMs: 60 }), ...saidFar(50) }),
    'unproven',
    /slow access/,
  ],
  [
    'above it, flows inside and outside',
    b.one({ ...took({ minMs: 40 }), ...leaves({ registered: true }, { km: 7700 }) }, R),
    'fail',
    /40/,
  ],
  [
    'above it, a flow that nobody registered leaves nearby too',
    b.one({ ...took({ minMs: 40 }), ...leaves({ registered: true }, {}) }, R),
    'unproven',
    /slow access line/,
  ],
  [
    'above it, relay flows leave at the office, yet an edge far away took the rest in',
    b.one(
      {
        ...took({ minMs: 143 }),
        ...leaves({ registered: true }),
        [`edge:${b.EDGE}`]: ['edge-seen', b.edge({ km: 7700 })],
      },
      R,
    ),
    'fail',
    /143/,
  ],
  [
    'within it, a proxy answers for the very door, and nobody saw its certificate',
    b.one({
      [`tls:${b.HOST}`]: b.unmeasured(`tls:${b.HOST}`, 'reset'),
      'reach:1': [
        'reach-seen',
        b.reach({ set: 1, category: 'Optimize' }, { host: b.HOST, proxy: 'asks-sign-in' }),
      ],
    }),
    'unproven',
    /proxy ends/,
  ],
  [
    'above it, the door farther than a local egress needs',
    b.one({ ...took({ ...EAT, minMs: 170 }), ...ledToEat }),
    'fail',
    /170\u00a0ms to EAT/,
  ],
  [
    'a far door as fast as it can be',
    b.one({ ...took({ ...EAT, minMs: 120 }), ...ledToEat }),
    'pass',
    /limit\u00a0169\u00a0ms for 7,700\u00a0km/,
  ],
  [
    'vpn-backhaul: the egress far, whatever the round trip',
    b.one({ ...took({ minMs: 60, ...EAT }), ...ledToEat, ...leaves({ km: 7700 }), ...edgeAt(7700) }),
    'fail',
    /itself a hairpin: it leaves/,
  ],
  [
    "the egress in another office's range",
    b.one(leaves({ otherOffices: ['Seattle'] }), R),
    'fail',
    /another office/,
  ],
  [
    "a security vendor's node nearby, outside the registered ranges, on a short way",
    b.one(leaves({ owner: 'Zscaler' }), R),
    'pass',
    /10\u00a0ms to LHR at best/,
  ],
  [
    "a security vendor's node far away, outside the registered ranges",
    b.one(
      {
        ...took({ minMs: 60, ...EAT }),
        ...ledToEat,
        ...leaves({ owner: 'Zscaler', km: 7700 }),
        ...edgeAt(7700),
      },
      R,
    ),
    'fail',
    /itself a hairpin: it leaves/,
  ],
  [
    'the egress far by place alone',
    b.one({ ...took({ ...EAT, minMs: 120 }), ...ledToEat, ...leaves({ km: 7700 }), ...edgeAt(null) }),
    'pass',
    /120/,
  ],
  [
    'transparent-proxy: round trips are to it',
    b.one({ [`tls:${b.HOST}`]: ['tls-seen', b.tls({ chain: 'impostor' })] }),
    'unproven',
    /proxy ends/,
  ],
  [
    'a proxy and a far egress',
    b.one({
      [`tls:${b.HOST}`]: ['tls-seen', b.tls({ chain: 'impostor' })],
      ...leaves({ km: 7700 }),
      ...edgeAt(7700),
    }),
    'fail',
    /hairpin/,
  ],
  [
    'name and header disagree: the nearer counts',
    b.one({
      ...took({ km: 7700, minMs: 60 }),
      [DOOR]: ['doors-seen', b.doors([b.door({ named: 'EAT', namedKm: 7700 })])],
    }),
    'unproven',
    /limit\u00a015.5/,
  ],
  [
    'time excludes the far one',
    b.one({
      ...took({ km: 7700, minMs: 10 }),
      [DOOR]: ['doors-seen', b.doors([b.door({ named: 'EAT', namedKm: 7700 })])],
    }),
    'pass',
    /for 23\u00a0km/,
  ],
  [
    'time excludes them all',
    b.one({ ...took({ ...EAT, minMs: 10 }), ...ledToEat }),
    'unproven',
    /less than light needs/,
  ],
  [
    'a door at an unknown place',
    b.one(took({ code: null, km: null, address: '52.96.9.9' })),
    'unproven',
    /not known/,
  ],
  [
    'a door that was not timed',
    b.one(took({ minMs: null, failure: 'timeout' })),
    'unproven',
    /No round trip to LHR/,
  ],
  ['the worse of two doors counts', b.one(took({}, { minMs: 40 })), 'unproven', /40/],
  ['no door timed', b.one(took()), 'unproven', /No front door/],
  [
    'an override of 50 ms',
    b.one(took({ minMs: 45 }), { office: b.office({ overrides: b.override('no-hairpin', 50) }) }),
    'pass',
    /limit\u00a050/,
  ],
  ['relay not observed', b.one({ 'relay-egress': b.unmeasured('relay-egress') }), 'pass', /10/],
  ['owed-measurement-missing: relay', b.one({ 'relay-egress': null }), 'unproven', /missing/],
  ['owed-measurement-missing: tls', b.one({ [`tls:${b.EDGE}`]: null }), 'unproven', /missing/],
  ['owed-measurement-missing: edge', b.one({ [`edge:${b.EDGE}`]: null }), 'unproven', /missing/],
  [
    'two-runners-disagree',
    b.evidence({ 'lon-1': {}, 'lon-2': { ...took({ minMs: 40 }), ...byDefault(500) } }),
    'fail',
    /^Runner lon-2/,
  ],
  ['runner-silent', b.one(b.silent()), 'unproven', /does not answer/],
]

it.each(ROWS)('%s', (_name, evidence, verdict, because) => {
  const ruling = noHairpin.judge(evidence)
  expect([ruling.verdict, ruling.because]).toEqual([verdict, expect.stringMatching(because)])
})
