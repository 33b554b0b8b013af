import { expect, it } from 'vitest'
import type { Evidence } from '../../src/core/evidence.ts'
import type { Located } from '../../src/core/finding.ts'
import { localEgress } from '../../src/criteria/local-egress.ts'
import type { Said } from './build.ts'
import * as b from './build.ts'

const OPEN = `edge:${b.EDGE}`
const RTT = `rtt:${b.HOST}`
const relay = (...from: readonly (Partial<Located> | null)[]): { 'relay-egress': Said } => ({
  'relay-egress': ['relay-egress-seen', b.flows(...from)],
})
const edgeAt = (km: number | null): Record<string, Said> => ({
  [OPEN]: ['edge-seen', b.edge({ km, minMs: 70 })],
})
const slow = (minMs: number): Record<string, Said> => ({ [RTT]: ['door-timed', b.times({ minMs })] })
const far = { km: 7700, address: '203.0.113.2' }
const elsewhere = (km: number) => [{ officeName: 'Seattle', km, addresses: ['203.0.113.18'] }]
const R = { office: b.registered() }

const ROWS: readonly [string, Evidence, string, RegExp][] = [
  // With ranges
  ['all inside', b.one(relay({ registered: true }), R), 'pass', /1 of 1 flows, all must/],
  [
    'optimize-only-breakout: the default path leaves far away',
    b.one(
      { ...relay({ registered: true }), 'default-egress': ['default-egress-seen', { from: b.located(far) }] },
      R,
    ),
    'pass',
    /registered/,
  ],
  [
    'inside, with a far edge: a far door is the matter of DNS',
    b.one({ ...relay({ registered: true, km: null }), ...edgeAt(7700) }, R),
    'pass',
    /registered/,
  ],
  ['one of two flows outside', b.one(relay({ registered: true }, far), R), 'unproven', /1 of 2 flows/],
  [
    "vpn-backhaul: outside, in another office's range",
    b.one(relay({ ...far, otherOffices: ['Seattle'] }), R),
    'fail',
    /another office/,
  ],
  [
    'outside, at a cloud security vendor',
    b.one(relay({ owner: 'Zscaler, Inc.' }), R),
    'fail',
    /security vendor/,
  ],
  [
    'outside, far, and the edge agrees',
    b.one({ ...relay(far), ...slow(70), ...edgeAt(7700) }, R),
    'fail',
    /7,700\u00a0km away, limit\u00a0800\u00a0km/,
  ],
  [
    'outside and far by place alone',
    b.one({ ...relay(far), ...slow(70), ...edgeAt(null) }, R),
    'unproven',
    /outside the registered/,
  ],
  ['outside and near', b.one(relay({}), R), 'unproven', /outside the registered/],
  [
    'outside in two places, one far',
    b.one({ ...relay(far, {}), ...slow(70), ...edgeAt(7700) }, R),
    'unproven',
    /outside/,
  ],
  ['relay not observed', b.one(relay(null), R), 'unproven', /Optimize path was not observed/],
  [
    'relay failed',
    b.one({ 'relay-egress': b.unmeasured('relay-egress') }, R),
    'unproven',
    /no answer in time/,
  ],
  ['owed-measurement-missing', b.one({ 'relay-egress': null }, R), 'unproven', /owed is missing/],
  // Without ranges
  ['near and the edge agrees', b.one(), 'pass', /10\u00a0km away, limit\u00a0800\u00a0km/],
  ['near by place alone', b.one(edgeAt(null)), 'unproven', /place alone/],
  ['near, bounded by 8 ms', b.one({ ...edgeAt(null), ...slow(8) }), 'pass', /10\u00a0km/],
  [
    'near, bounded by 8 ms, whoever ends the connections: a certificate is missing',
    b.one({ ...edgeAt(null), ...slow(8), [`tls:${b.TEAMS}`]: null }),
    'unproven',
    /owed is missing/,
  ],
  [
    'near, bounded by 8 ms, whoever ends the connections: the names reached are missing',
    b.one({ ...edgeAt(null), ...slow(8), 'reach:1': null }),
    'unproven',
    /owed is missing/,
  ],
  ['near by the edge, which no proxy shortens', b.one({ 'reach:1': null }), 'pass', /10\u00a0km/],
  ['near, 8.1 ms bound nothing', b.one({ ...edgeAt(null), ...slow(8.1) }), 'unproven', /place alone/],
  ['near, but the edge is far', b.one(edgeAt(801)), 'unproven', /edge says otherwise/],
  ['exactly 800 km, edge at 800 km', b.one({ ...relay({ km: 800 }), ...edgeAt(800) }), 'pass', /800/],
  ['801 km, edge at 801 km', b.one({ ...relay({ km: 801 }), ...edgeAt(801) }), 'fail', /801/],
  ['801 km alone', b.one({ ...relay({ km: 801 }), ...edgeAt(null) }), 'unproven', /place alone/],
  [
    'geoip-headquarters: far by registration, near by the edge',
    b.one(relay({ km: 1100 })),
    'unproven',
    /edge says otherwise/,
  ],
  [
    'far, but light could not go there',
    b.one({ ...relay(far), ...edgeAt(null), ...slow(9) }),
    'unproven',
    /round trip says otherwise/,
  ],
  [
    'far, and a round trip takes that long',
    b.one({ ...relay(far), ...edgeAt(null), ...slow(77) }),
    'fail',
    /7,700/,
  ],
  [
    'far, and a round trip too short for it',
    b.one({ ...relay(far), ...edgeAt(null), ...slow(76) }),
    'unproven',
    /place alone/,
  ],
  ['flows in two places', b.one(relay({}, far)), 'unproven', /disagree/],
  ['a flow without a place', b.one(relay({ km: null })), 'unproven', /not known/],
  [
    'two-offices-one-address',
    b.one({}, { seenElsewhere: elsewhere(7700) }),
    'unproven',
    /7,700\u00a0km away leaves by the same/,
  ],
  ['one address for two offices 100 km apart', b.one({}, { seenElsewhere: elsewhere(100) }), 'pass', /10/],
  [
    "near, in a distant office's range",
    b.one(relay({ otherOffices: ['Seattle'] }), { seenElsewhere: elsewhere(101) }),
    'fail',
    /another office/,
  ],
  [
    "near, in a neighbour's range",
    b.one(relay({ otherOffices: ['Reading'] }), {
      seenElsewhere: [{ officeName: 'Reading', km: 60, addresses: [] }],
    }),
    'pass',
    /10/,
  ],
  ['near, at a cloud security vendor', b.one(relay({ owner: 'Netskope' })), 'unproven', /security vendor/],
  [
    'an override of 300 km, 301 km away',
    b.one(
      { ...relay({ km: 301 }), ...edgeAt(400) },
      { office: b.office({ overrides: b.override('local-egress', 300) }) },
    ),
    'fail',
    /limit\u00a0300/,
  ],
  [
    'a bound by TCP alone without any look at proxies',
    b.one({ ...edgeAt(null), ...slow(5), [`tls:${b.TEAMS}`]: null }),
    'unproven',
    /missing/,
  ],
  [
    'a bound that a proxy answered',
    b.one({ ...edgeAt(null), ...slow(1), [`tls:${b.HOST}`]: ['tls-seen', b.tls({ chain: 'impostor' })] }),
    'unproven',
    /place alone/,
  ],
  [
    'owed-measurement-missing: the edge, while time bounds',
    b.one({ ...slow(5), [OPEN]: null }),
    'unproven',
    /missing/,
  ],
  // Runners
  [
    'two-runners-disagree',
    b.evidence({ 'lon-1': {}, 'lon-2': { ...relay(far), ...slow(70), ...edgeAt(7700) } }),
    'fail',
    /^Runner lon-2: /,
  ],
  ['runner-silent', b.evidence({ 'lon-1': {}, 'lon-2': b.silent() }), 'unproven', /lon-2 does not answer/],
  ['no runner', b.evidence({}), 'unproven', /No runner/],
]

it.each(ROWS)('%s', (_name, evidence, verdict, because) => {
  const ruling = localEgress.judge(evidence)
  expect([ruling.verdict, ruling.because]).toEqual([verdict, expect.stringMatching(because)])
  if (verdict !== 'pass') expect(ruling.remedy).toBeDefined()
})

it('names the runner that failed and who replaced the limit', () => {
  const said = { ...relay({ km: 301 }), ...edgeAt(400) }
  const ruling = localEgress.judge(
    b.one(said, { office: b.office({ overrides: b.override('local-egress', 300) }) }),
  )
  expect(ruling.runnerId).toBe('lon-1')
  expect(ruling.limit).toEqual({ text: '300\u00a0km', source: 'set for this office', overriddenBy: 'Ana' })
})

it.each([
  [50, 'disputed', 'unproven'],
  [51, 'far', 'fail'],
])('takes a place 7,700 km away that answers in %i ms for %s', (rttMs, word, verdict) => {
  const { flows, region } = b.flows(far)
  const said: Record<string, Said> = {
    'relay-egress': ['relay-egress-seen', { region, flows: flows.map((flow) => ({ ...flow, rttMs })) }],
    ...edgeAt(7700),
    ...slow(80),
  }
  const ruling = localEgress.judge(b.one(said))
  expect(ruling.signals.find(({ name }) => name === 'Place')?.word).toBe(word)
  expect(ruling.verdict).toBe(verdict)
})

it('lets no outside text into the sentence', () => {
  const said = relay({ label: '**Evil**', owner: 'Zscaler [x](http://e)' })
  const ruling = localEgress.judge(b.one(said, R))
  expect(ruling.because).not.toMatch(/Evil|http/)
})
