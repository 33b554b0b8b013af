import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../src/core/evidence.ts'
import type { DoorSeen, FindingArgs } from '../../src/core/finding.ts'
import { nearestFrontDoor } from '../../src/criteria/nearest-front-door.ts'
import type { Said } from './build.ts'
import * as b from './build.ts'

type Nearest = FindingArgs['doors-seen']['nearest']
const to = (doors: DoorSeen[], nearest: Nearest = { code: 'LHR', km: 400 }): Record<string, Said> => ({
  [`door:${b.HOST}`]: ['doors-seen', b.doors(doors, nearest)],
})
const at = (km: number, over: Partial<DoorSeen> = {}) =>
  b.door({ named: 'CDG', header: 'CDG', namedKm: km, headerKm: km, ...over })
const ofAnother = (doors: DoorSeen[]): Record<string, Said> => ({
  [`door:${b.HOST}`]: ['doors-seen', { ...b.doors(doors), host: 'outlook.office365.us' }],
})
const answersIn = (ms: number, tlsMs: number | null = ms): Record<string, Said> => ({
  [`rtt:${b.HOST}`]: ['door-timed', b.times({ minMs: ms, tlsRoundTripMs: tlsMs })],
})
const second = '10.1.0.54'
const noResolver = { resolver: b.unmeasured('resolver') }

const ROWS: readonly [string, Evidence, string, RegExp][] = [
  ['the nearest door', b.one(), 'pass', /Reaches LHR, 23\u00a0km away, limit\u00a0800\u00a0km/],
  ['1.5 times the nearest', b.one(to([at(600)])), 'pass', /600/],
  [
    'more than 1.5 times the nearest, within 800 km',
    b.one(to([at(601)])),
    'unproven',
    /but LHR is 400\u00a0km away/,
  ],
  ['800 km', b.one(to([at(800)])), 'unproven', /LHR is/],
  ['801 km with two signals', b.one(to([at(801)])), 'fail', /limit\u00a0800\u00a0km/],
  ['801 km, where the nearest is 534 km away', b.one(to([at(801)], { code: 'LHR', km: 534 })), 'pass', /801/],
  ['far by name alone', b.one(to([at(801, { header: null, headerKm: null })])), 'unproven', /name alone/],
  ['near by name alone', b.one(to([at(500, { header: null, headerKm: null })])), 'pass', /500/],
  [
    'the nearest known door, whatever its distance',
    b.one(to([at(3000)], { code: 'CDG', km: 1000 })),
    'pass',
    /3,000/,
  ],
  [
    'accepted for the office',
    b.one(to([at(3000)]), { office: b.office({ doors: ['CDG'] }) }),
    'pass',
    /accepted/,
  ],
  [
    'another instance’s, whose doors nobody published',
    b.one(ofAnother([at(3000)])),
    'unproven',
    /Which front doors outlook.office365.us has is not published/,
  ],
  [
    'another instance’s, and accepted for the office',
    b.one(ofAnother([at(3000)]), { office: b.office({ doors: ['CDG'] }) }),
    'pass',
    /accepted/,
  ],
  [
    'accepted is another one',
    b.one({ ...to([at(3000)]), ...answersIn(60) }, { office: b.office({ doors: ['AMS'] }) }),
    'fail',
    /3,000/,
  ],
  [
    'name and header disagree',
    b.one(to([at(23, { header: 'DUB', headerKm: 450 })])),
    'unproven',
    /DNS names CDG, but the door says DUB/,
  ],
  [
    'named and not reached',
    b.one(to([at(23, { reached: false, header: null, failure: 'timeout' })])),
    'unproven',
    /not reached: no answer in time/,
  ],
  [
    'disputed: 7,700 km away, in less time than light needs',
    b.one({ ...to([at(7700)]), ...answersIn(50) }),
    'unproven',
    /7,700\u00a0km away, and answers in 50\u00a0ms, sooner than light/,
  ],
  ['7,700 km away, in just enough time', b.one({ ...to([at(7700)]), ...answersIn(50.3) }), 'fail', /7,700/],
  [
    'a connect that something nearer answered, TLS from afar',
    b.one({ ...to([at(7700)]), ...answersIn(1, 145) }),
    'fail',
    /7,700/,
  ],
  [
    'times that end at a proxy that is proved',
    b.one({
      ...to([at(7700)]),
      ...answersIn(1),
      [`tls:${b.HOST}`]: ['tls-seen', b.tls({ chain: 'impostor' })],
    }),
    'fail',
    /7,700/,
  ],
  ['unknown naming', b.one(to([at(23, { named: null, namedKm: null })])), 'unproven', /not known/],
  ['unknown code', b.one(to([at(0, { namedKm: null, headerKm: null })])), 'unproven', /place is not known/],
  ['no table of doors', b.one(to([at(23)], null)), 'unproven', /no nearest/],
  [
    'remote-secondary-resolver: one far door with two signals',
    b.one({
      resolver: ['resolvers-seen', b.resolvers([b.resolver(), b.farResolver({ servers: [second] })])],
      ...to([at(23), b.farDoor({ servers: [second], bySystem: false })]),
    }),
    'fail',
    /EAT/,
  ],
  [
    'the far door of a server that served nothing',
    b.one({
      resolver: ['resolvers-seen', b.resolvers([b.resolver()], [b.farResolver({ servers: [second] })])],
      ...to([at(23), b.farDoor({ servers: [second], bySystem: false })]),
    }),
    'pass',
    /CDG/,
  ],
  [
    'resolvers unknown: a far door that the system got',
    b.one({ ...noResolver, ...to([b.farDoor()]) }),
    'fail',
    /EAT/,
  ],
  [
    'resolvers unknown: a far door that the system may not get',
    b.one({ ...noResolver, ...to([at(23), b.farDoor({ servers: [second], bySystem: false })]) }),
    'unproven',
    /EAT/,
  ],
  [
    'resolvers unknown: nothing by the system, all doors count',
    b.one({ ...noResolver, ...to([b.farDoor({ bySystem: false })]) }),
    'fail',
    /EAT/,
  ],
  ['no door', b.one(to([])), 'unproven', /No front door/],
  [
    'an override of 300 km, 650 km away',
    b.one(to([at(650)]), { office: b.office({ overrides: b.override('nearest-front-door', 300) }) }),
    'fail',
    /limit\u00a0600/,
  ],
  [
    'an override of 1,000 km, 900 km away',
    b.one(to([at(900)]), { office: b.office({ overrides: b.override('nearest-front-door', 1000) }) }),
    'pass',
    /limit\u00a01,000/,
  ],
  [
    'door not measured',
    b.one({ [`door:${b.HOST}`]: b.unmeasured(`door:${b.HOST}`, 'dns-servfail') }),
    'unproven',
    /DNS server failed/,
  ],
  ['owed-measurement-missing', b.one({ resolver: null }), 'unproven', /missing/],
  ['two-runners-disagree', b.evidence({ 'lon-1': {}, 'lon-2': to([at(900)]) }), 'fail', /^Runner lon-2/],
  ['runner-silent', b.one(b.silent()), 'unproven', /does not answer/],
]

it.each(ROWS)('%s', (_name, evidence, verdict, because) => {
  const ruling = nearestFrontDoor.judge(evidence)
  expect([ruling.verdict, ruling.because]).toEqual([verdict, expect.stringMatching(because)])
})

it('offers to accept a door that is neither near nor far', () => {
  expect(nearestFrontDoor.judge(b.one(to([at(700)]))).offer).toBe('accept-door')
})

const REGION = {
  host: 'world.tr.teams.microsoft.com',
  region: 'westus2',
  label: 'Quincy, Washington',
  km: 7700,
  nearest: { code: 'uksouth', km: 80 },
} as const

/** The evidence with one more finding, which no plan owes. */
const withRegion = (evidence: Evidence, over: Partial<FindingArgs['relay-region-seen']> = {}): Evidence => ({
  ...evidence,
  findings: [
    ...evidence.findings,
    {
      code: 'relay-region-seen',
      question: 'relay-region',
      runnerId: 'lon-1',
      measurementId: 'lon-1/egress',
      args: { ...REGION, ...over },
    },
  ],
})

describe('the edge of SharePoint and the region of the Teams relay', () => {
  it('are shown with their limit where they are far, and fail nothing alone', () => {
    const far: Record<string, Said> = {
      [`edge:${b.EDGE}`]: ['edge-seen', b.edge({ code: 'STB', km: 7700 })],
    }
    const ruling = nearestFrontDoor.judge(withRegion(b.one(far)))
    expect(ruling.verdict).toBe('pass')
    const says = '7,700\u00a0km away, limit\u00a0800\u00a0km.'
    expect(ruling.signals).toContainEqual({ name: 'SharePoint edge', word: 'STB', says })
    expect(ruling.signals).toContainEqual({ name: 'Teams region', word: 'westus2', says })
    expect(ruling.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['edge-seen', 'relay-region-seen']),
    )
  })

  it('excuse no far door by being near', () => {
    const near = withRegion(b.one({ ...to([at(7700)]), ...answersIn(150) }), { region: 'uksouth', km: 80 })
    expect(nearestFrontDoor.judge(near).verdict).toBe('fail')
  })

  it('may be as far as 1.5 times the nearest region', () => {
    const island = withRegion(b.one(), { km: 5_700, nearest: { code: 'westus', km: 3_850 } })
    expect(nearestFrontDoor.judge(island).signals).toContainEqual({
      name: 'Teams region',
      word: 'westus2',
      says: '5,700\u00a0km away.',
    })
  })

  it('at an unknown place say so', () => {
    const signals = nearestFrontDoor.judge(withRegion(b.one(), { region: 'atlantis', km: null })).signals
    expect(signals).toContainEqual({
      name: 'Teams region',
      word: 'atlantis',
      says: 'Its place is not known.',
    })
  })

  it('are told once where two names lead to the same', () => {
    const edge = b.finding('lon-1', `edge:${b.EDGE}`, ['edge-seen', b.edge()])
    const twice = { ...b.one(), findings: [...b.one().findings, { ...edge, question: 'edge:my' }] }
    const names = nearestFrontDoor.judge(twice).signals.filter(({ name }) => name === 'SharePoint edge')
    expect(names).toHaveLength(1)
  })
})
