import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Evidence, isOf, readOf } from '../../src/core/evidence.ts'
import type { Finding, FindingArgs } from '../../src/core/finding.ts'
import { ALL_CRITERIA } from '../../src/criteria/registry.ts'
import type { Said } from './build.ts'
import * as b from './build.ts'

/** Numbers crowd around the limits, where verdicts turn. */
const km = fc.constantFrom(null, 5, 23, 90, 300, 700, 800, 801, 1000, 2000, 7700)
const ms = fc.constantFrom(null, 1, 5, 8, 9, 20, 25, 26, 40, 80, 120, 200)
const server = fc.constantFrom('10.1.0.53', '10.1.0.54', '10.1.0.55')
const servers = fc.uniqueArray(server, { maxLength: 2 })
const code = fc.constantFrom(null, 'LHR', 'EAT', 'CDG')
const address = fc.constantFrom('203.0.113.18', '203.0.113.2', '198.51.100.53')

const located = fc.record({
  address,
  km,
  label: fc.constantFrom(null, 'London'),
  owner: fc.constantFrom(null, null, 'Zscaler', 'Thames Internet'),
  registered: fc.boolean(),
  otherOffices: fc.constantFrom([], [], ['Seattle'], ['Reading']),
})
const resolver = fc
  .tuple(
    located,
    fc.record({
      place: fc.constantFrom(
        'registered',
        'near',
        'near',
        'bounded',
        'far',
        'unlocated',
        'disputed' as const,
      ),
      servers,
      timeSaysFar: fc.boolean(),
      clientSubnet: fc.constantFrom(null, null, '203.0.113.0/24', '198.51.100.0/24'),
      subnetScope: fc.constantFrom(null, 0, 24),
    }),
  )
  .map(([at, more]) => b.resolver({ ...at, ...more }))
const door = fc
  .record({
    named: code,
    header: code,
    reached: fc.boolean(),
    servers,
    bySystem: fc.boolean(),
    namedKm: km,
    headerKm: km,
    addresses: fc.constantFrom(['52.96.1.1'], ['52.96.2.1']),
  })
  .map((over) => b.door(over))
const doorTimed = fc.record({
  address: fc.constantFrom('52.96.1.1', '52.96.2.1'),
  code,
  km,
  servers,
  bySystem: fc.boolean(),
  minMs: ms,
  medianMs: ms,
})
const tls = fc.record({
  chain: fc.constantFrom<FindingArgs['tls-seen']['chain'][]>(
    'clean',
    'clean',
    'clean',
    'clean-with-known-intermediate',
    'impostor',
    'unknown-authority',
    'incomplete',
    'unsettled',
  ),
  authorityKey: fc.constantFrom('x', 'y'),
  acceptedBySystem: fc.constantFrom(null, true, false),
  tcpMs: ms,
  tlsRoundTripMs: ms,
  tcpTooFast: fc.constantFrom(false, false, true),
  httpStatus: fc.constantFrom(200, 200, 403, 407),
  proxyServerHeader: fc.boolean(),
  smallHelloOnly: fc.boolean(),
})

const lost = fc.constantFrom(0, 0, 0, 1, 3, 4, 5, 500)
const trainSeen = fc
  .tuple(fc.constantFrom('52.112.0.1', '52.112.0.2'), fc.constantFrom(50, 500), lost, ms, ms)
  .map(([to, sent, gone, medianMs, jitterMs]) =>
    b.train({
      to,
      sent,
      lost: medianMs === null ? sent : Math.min(gone, sent - 1),
      medianMs,
      jitterMs: medianMs === null ? null : jitterMs,
    }),
  )
const notSent = fc.constantFrom('policy-refused', 'network-unreachable' as const)
const anyTrain = fc.oneof(
  { weight: 6, arbitrary: trainSeen },
  {
    weight: 1,
    arbitrary: notSent.map((failure) => b.train({ sent: 0, failure, medianMs: null, jitterMs: null })),
  },
)

const several = { minLength: 1, maxLength: 3 }
const nearest = fc.constantFrom(null, { code: 'LHR', km: 23 }, { code: 'CDG', km: 600 })

const speed = fc.constantFrom(0.04, 0.5, 0.99, 1, 1.5, 2, 12)

/** A real answer to each question. */
const REAL: Readonly<Record<string, fc.Arbitrary<Said>>> = {
  resolver: fc
    .tuple(fc.array(resolver, { maxLength: 3 }), fc.array(resolver, { maxLength: 2 }))
    .map(([serving, idle]): Said => ['resolvers-seen', b.resolvers(serving, idle)]),
  'relay-egress': fc.array(fc.tuple(fc.option(located), ms), several).map(
    (all): Said => [
      'relay-egress-seen',
      {
        region: null,
        flows: all.map(([from, rttMs]) => ({ to: '52.112.0.1', from, failure: null, rttMs })),
      },
    ],
  ),
  'default-egress': located.map((from): Said => ['default-egress-seen', { from }]),
  [`door:${b.HOST}`]: fc
    .tuple(fc.array(door, { maxLength: 3 }), nearest)
    .map(([seen, known]): Said => ['doors-seen', b.doors(seen, known)]),
  [`edge:${b.EDGE}`]: fc
    .record({ code: fc.constantFrom(null, 'LON', 'STB'), km, minMs: ms })
    .map((over): Said => ['edge-seen', b.edge(over)]),
  [`rtt:${b.HOST}`]: fc
    .array(doorTimed, { maxLength: 3 })
    .map((seen): Said => ['door-timed', b.times(...seen)]),
  media: fc
    .array(anyTrain, { maxLength: 2 })
    .map((destinations): Said => ['media-seen', { host: b.RELAY, destinations, hops: null }]),
  throughput: fc
    .record({ wholeMBps: speed, secondHalfMBps: fc.option(speed) })
    .map((over): Said => b.download(over)),
  [`tls:${b.HOST}`]: tlsOf(b.HOST, 1, 'Optimize'),
  [`tls:${b.EDGE}`]: tlsOf(b.EDGE, 31, 'Optimize'),
  [`tls:${b.TEAMS}`]: tlsOf(b.TEAMS, 12, 'Allow'),
  'reach:1': reachOf(1, 'Optimize'),
  'reach:8': reachOf(8, 'Default'),
  host: fc.constant<Said>(['host-seen', b.host()]),
  proxy: fc
    .record({
      from: fc.constantFrom('system', 'environment' as const),
      takes: fc.constantFrom([], [b.HOST]),
      connectStatus: fc.constantFrom(null, 200, 403, 407),
      via: fc.constantFrom(null, b.proxied().via, { failure: 'timeout' as const }),
    })
    .map((over): Said => ['proxy-compared', b.proxied(over)]),
}

function reachOf(set: number, category: string): fc.Arbitrary<Said> {
  const host = fc.record({
    failure: fc.constantFrom(null, null, 'timeout' as const),
    proxy: fc.constantFrom(null, null, 'asks-sign-in', 'refuses' as const),
  })
  return host.map((over): Said => ['reach-seen', b.reach({ set, category }, over)])
}

function tlsOf(host: string, set: number, category: string): fc.Arbitrary<Said> {
  return fc.oneof(
    { weight: 8, arbitrary: tls.map((over): Said => ['tls-seen', b.tls({ ...over, host, set, category })]) },
    { weight: 1, arbitrary: fc.constant<Said>(['host-absent', { host }]) },
    {
      weight: 1,
      arbitrary: fc.constant<Said>(['private-answer', { host, address: '10.0.0.1', kind: 'private' }]),
    },
    { weight: 1, arbitrary: fc.constant<Said>(['outside-ranges', { host, address: '192.0.2.1' }]) },
  )
}

const failure = fc.constantFrom(
  'timeout',
  'refused',
  'runner-silent',
  'not-configured',
  'deadline-passed' as const,
)

/** A runner: most answers are a healthy one's, so that verdicts other than unproven come up often. */
const runner = fc.record(
  Object.fromEntries(
    Object.entries(REAL).map(([question, real]) => [
      question,
      fc.oneof(
        {
          weight: 5,
          arbitrary: fc.constant<Said | null>(b.healthy()[question] ?? b.download()),
        },
        { weight: 5, arbitrary: real },
        { weight: 1, arbitrary: failure.map((word): Said => b.unmeasured(question, word)) },
        { weight: 1, arbitrary: fc.constant(null) },
      ),
    ]),
  ),
  // What nobody asked for is not there.
  { requiredKeys: Object.keys(REAL).filter((question) => question !== 'throughput') },
)

const office = fc
  .record({
    egress: fc.constantFrom([], ['203.0.113.16/28']),
    doors: fc.constantFrom([], ['EAT']),
    targets: fc.constantFrom({}, { rttMs: 30 }, { downloadMBps: 2 }),
    overrides: fc.constantFrom(
      [],
      b.override('local-egress', 300),
      b.override('local-dns', 2000),
      b.override('no-hairpin', 60),
    ),
  })
  .map((over) => b.office(over))

const anyEvidence: fc.Arbitrary<Evidence> = fc
  .tuple(
    fc.array(runner, { minLength: 1, maxLength: 2 }),
    fc.record({
      office,
      seenElsewhere: fc.constantFrom(
        [],
        [{ officeName: 'Seattle', km: 7700, addresses: ['203.0.113.18'] }],
        [{ officeName: 'Reading', km: 60, addresses: ['203.0.113.18'] }],
      ),
      chainsElsewhere: fc.constantFrom(
        [],
        [{ officeId: 'paris', host: b.HOST, authorityKey: 'x', clean: true }],
      ),
    }),
  )
  .map(([runners, over]) =>
    b.evidence(Object.fromEntries(runners.map((said, index) => [`lon-${index + 1}`, said])), over),
  )

const without = (
  evidence: Evidence,
  drop: (measurementId: string, question: string) => boolean,
): Evidence => ({
  ...evidence,
  findings: evidence.findings.filter((found) => !drop(found.measurementId, found.question)),
})

const NO_MEASUREMENT = ['runner-silent', 'no-runner', 'deadline-passed'] as const

/** What is found in the place of one measurement that never took place. */
const unmade =
  (measurementId: string, failure: (typeof NO_MEASUREMENT)[number]) =>
  (found: Finding): Finding =>
    found.measurementId === measurementId
      ? { ...found, code: 'unmeasured', args: { question: found.question, failure } }
      : found

describe.each(ALL_CRITERIA.map((criterion) => [criterion.id, criterion] as const))('%s', (_id, criterion) => {
  it('never turns into a pass when a finding or a measurement is taken away', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        if (criterion.judge(evidence).verdict === 'pass') return
        for (const lost of evidence.findings) {
          const { measurementId, question } = lost
          const oneLess = without(evidence, (id, asked) => id === measurementId && asked === question)
          expect(criterion.judge(oneLess).verdict, `without ${measurementId} ${question}`).not.toBe('pass')
          const noMeasurement = without(evidence, (id) => id === measurementId)
          expect(criterion.judge(noMeasurement).verdict, `without ${measurementId}`).not.toBe('pass')
        }
      }),
      { numRuns: 1500 },
    )
  })

  it('never turns into a pass when a measurement did not take place', () => {
    fc.assert(
      fc.property(anyEvidence, fc.constantFrom(...NO_MEASUREMENT), (evidence, word) => {
        if (criterion.judge(evidence).verdict === 'pass') return
        for (const { measurementId, probe } of evidence.owed) {
          // A download that was not measured is told and changes nothing, whatever the reason.
          if (probe === 'throughput') continue
          const instead = { ...evidence, findings: evidence.findings.map(unmade(measurementId, word)) }
          expect(criterion.judge(instead).verdict, `${word} ${measurementId}`).not.toBe('pass')
        }
      }),
      { numRuns: 1500 },
    )
  })

  it('reads nothing but what it names, so that its row is settled once that is in', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        if (criterion.restsOn.length === 0) return
        const named = without(evidence, (_, question) => !isOf(question, readOf(criterion)))
        const [whole, shown] = [criterion.judge(evidence), criterion.judge(named)]
        expect([shown.verdict, shown.because]).toEqual([whole.verdict, whole.because])
      }),
      { numRuns: 1500 },
    )
  })

  it('passes nothing when everything that it rests on is taken away', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        if (criterion.restsOn.length === 0) return
        expect(criterion.judge({ ...evidence, findings: [] }).verdict).toBe('unproven')
      }),
      { numRuns: 100 },
    )
  })

  it('says one line of plain words whatever it is given', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        const ruling = criterion.judge(evidence)
        expect(ruling.because).toMatch(/^[A-Za-z0-9].*\.$/)
        expect(ruling.because).not.toMatch(/NaN|Infinity|undefined|null|Thames|\n/)
        if (ruling.verdict !== 'pass') expect(ruling.remedy).toBeDefined()
      }),
      { numRuns: 300 },
    )
  })
})

const EARLY = ALL_CRITERIA.flatMap(({ id, early, judge }) =>
  early === undefined ? [] : [{ id, early, judge }],
)

it.each(EARLY)('$id says the same once it is decided and when all is in', ({ early, judge }) => {
  let decided = 0
  fc.assert(
    fc.property(anyEvidence, (evidence) => {
      const soFar = without(evidence, (_, question) => !early.restsOn.includes(question))
      if (!early.isDecided(soFar)) return
      decided += 1
      const [then, now] = [judge(evidence), judge(soFar)]
      expect([now.verdict, now.because]).toEqual([then.verdict, then.because])
    }),
    { numRuns: 2000 },
  )
  expect(decided).toBeGreaterThan(100)
})

it('the evidence is rich enough to give every verdict to every criterion that probes decide', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(anyEvidence, (evidence) => {
      for (const criterion of ALL_CRITERIA) seen.add(`${criterion.id} ${criterion.judge(evidence).verdict}`)
    }),
    { numRuns: 2000, seed: 1 },
  )
  const probed = ALL_CRITERIA.filter(
    (criterion) => criterion.restsOn.length > 0 && criterion.id !== 'endpoint-changes',
  )
  for (const { id } of probed) {
    for (const verdict of ['pass', 'fail', 'unproven']) expect([...seen]).toContain(`${id} ${verdict}`)
  }
})
