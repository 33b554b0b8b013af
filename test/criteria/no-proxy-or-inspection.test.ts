import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../src/core/evidence.ts'
import type { FindingArgs } from '../../src/core/finding.ts'
import { noProxyOrInspection } from '../../src/criteria/no-proxy-or-inspection.ts'
import { provedProxy } from '../../src/criteria/proxy-evidence.ts'
import type { Said } from './build.ts'
import * as b from './build.ts'

type Tls = Partial<FindingArgs['tls-seen']>
const BASE: Readonly<Record<string, Tls>> = {
  [b.HOST]: {},
  [b.EDGE]: { host: b.EDGE, set: 31 },
  [b.TEAMS]: { host: b.TEAMS, set: 12, category: 'Allow' },
}
const on = (host: string, tls: Tls): Record<string, Said> => ({
  [`tls:${host}`]: ['tls-seen', b.tls({ ...BASE[host], ...tls })],
})
const instead = (host: string, said: Said | null) => ({ [`tls:${host}`]: said })
const everywhere = (said: (host: string) => Said): Record<string, Said> =>
  Object.fromEntries([b.HOST, b.EDGE, b.TEAMS].map((host): [string, Said] => [`tls:${host}`, said(host)]))
const unknown = { chain: 'unknown-authority', acceptedBySystem: false, authorityKey: 'x' } as const
const absent = (host: string): Said => ['host-absent', { host }]
const hidden = (host: string): Said => ['private-answer', { host, address: '10.0.0.1', kind: 'private' }]

const ROWS: readonly [string, Evidence, string, RegExp][] = [
  ['all clean', b.one(), 'pass', /3 of 3 Microsoft names connect directly, all must/],
  [
    'clean with a known intermediate',
    b.one(on(b.HOST, { chain: 'clean-with-known-intermediate' })),
    'pass',
    /3 of 3/,
  ],
  [
    'a proxy that refuses a Default name',
    b.one({
      'reach:8': ['reach-seen', b.reach({ set: 8, category: 'Default' }, { status: 403, proxy: 'refuses' })],
    }),
    'pass',
    /3 of 3/,
  ],
  [
    'required names that do not answer',
    b.one({ 'reach:1': ['reach-seen', b.reach({}, { status: null, failure: 'timeout' })] }),
    'pass',
    /3 of 3/,
  ],
  ['reach owed and missing', b.one({ 'reach:8': null }), 'unproven', /missing/],
  ['a name that does not exist', b.one(instead(b.TEAMS, absent(b.TEAMS))), 'pass', /2 of 2/],
  [
    'no tenant configured',
    b.one(instead(b.EDGE, b.unmeasured(`tls:${b.EDGE}`, 'not-configured'))),
    'pass',
    /2 of 2/,
  ],
  [
    'no Optimize name exists',
    b.one({ ...instead(b.HOST, absent(b.HOST)), ...instead(b.EDGE, absent(b.EDGE)) }),
    'unproven',
    /No Optimize/,
  ],
  ['inspected-same-name-ca: an impostor', b.one(on(b.TEAMS, { chain: 'impostor' })), 'fail', /another key/],
  ['an unknown authority alone', b.one(on(b.HOST, unknown)), 'unproven', /by itself no proof/],
  [
    'an unknown authority that the machine accepts',
    b.one(on(b.HOST, { ...unknown, acceptedBySystem: true })),
    'fail',
    /own store accepts/,
  ],
  [
    'the same unknown key on two services',
    b.one({ ...on(b.HOST, unknown), ...on(b.TEAMS, unknown) }),
    'fail',
    /same key/,
  ],
  [
    'two unknown keys on two services',
    b.one({ ...on(b.HOST, unknown), ...on(b.TEAMS, { ...unknown, authorityKey: 'y' }) }),
    'unproven',
    /no proof/,
  ],
  [
    'another office sees a clean chain',
    b.one(on(b.HOST, unknown), {
      chainsElsewhere: [{ officeId: 'paris', host: b.HOST, authorityKey: 'k', clean: true }],
    }),
    'fail',
    /another office/,
  ],
  [
    'another office sees the same',
    b.one(on(b.HOST, unknown), {
      chainsElsewhere: [{ officeId: 'paris', host: b.HOST, authorityKey: 'x', clean: false }],
    }),
    'unproven',
    /no proof/,
  ],
  [
    'an unknown authority and a slow handshake',
    b.one(on(b.HOST, { ...unknown, tcpMs: 1, tlsRoundTripMs: 90 })),
    'fail',
    /longer than the way/,
  ],
  ['incomplete-chain', b.one(on(b.HOST, { chain: 'incomplete' })), 'unproven', /incomplete/],
  ['unsettled', b.one(on(b.HOST, { chain: 'unsettled' })), 'unproven', /not proved/],
  [
    'transparent-proxy: two slow handshakes',
    b.one({
      ...on(b.HOST, { tcpMs: 1, tlsRoundTripMs: 21.1 }),
      ...on(b.TEAMS, { tcpMs: 100, tlsRoundTripMs: 150.1 }),
    }),
    'fail',
    /21.1\u00a0ms, limit\u00a021\u00a0ms/,
  ],
  [
    'just within: 20 ms more, half as much more',
    b.one({
      ...on(b.HOST, { tcpMs: 1, tlsRoundTripMs: 21 }),
      ...on(b.TEAMS, { tcpMs: 100, tlsRoundTripMs: 150 }),
    }),
    'pass',
    /3 of 3/,
  ],
  [
    'two slow handshakes of a runner that was busy for longer than they are late',
    b.one({
      ...on(b.HOST, { tcpMs: 1, tlsRoundTripMs: 40, busyMs: 19 }),
      ...on(b.TEAMS, { tcpMs: 100, tlsRoundTripMs: 160, busyMs: 19 }),
    }),
    'unproven',
    /while the runner was busy for 19\u00a0ms/,
  ],
  [
    'two handshakes that are late by more than the runner was busy',
    b.one({
      ...on(b.HOST, { tcpMs: 1, tlsRoundTripMs: 40.1, busyMs: 19 }),
      ...on(b.TEAMS, { tcpMs: 100, tlsRoundTripMs: 169.1, busyMs: 19 }),
    }),
    'fail',
    /terminating|limit/,
  ],
  ['one slow handshake', b.one(on(b.HOST, { tcpMs: 1, tlsRoundTripMs: 90 })), 'unproven', /one name alone/],
  [
    'one slow handshake, and a connect too fast',
    b.one(on(b.HOST, { tcpMs: 1, tlsRoundTripMs: 90, tcpTooFast: true })),
    'fail',
    /90/,
  ],
  ['a connect too fast alone', b.one(on(b.HOST, { tcpTooFast: true })), 'unproven', /light needs/],
  ['407', b.one(on(b.HOST, { httpStatus: 407 })), 'fail', /407/],
  ['403 from a proxy', b.one(on(b.HOST, { httpStatus: 403, proxyServerHeader: true })), 'fail', /403/],
  ['403 from Microsoft', b.one(on(b.HOST, { httpStatus: 403 })), 'pass', /3 of 3/],
  ['one private answer', b.one(instead(b.TEAMS, hidden(b.TEAMS))), 'unproven', /private/],
  [
    'two private answers',
    b.one({ ...instead(b.TEAMS, hidden(b.TEAMS)), ...instead(b.HOST, hidden(b.HOST)) }),
    'fail',
    /2 Microsoft names/,
  ],
  [
    'nothing but an address outside the ranges',
    b.one(instead(b.TEAMS, ['outside-ranges', { host: b.TEAMS, address: '192.0.2.1' }])),
    'unproven',
    /not observed/,
  ],
  [
    'large ClientHello dropped',
    b.one(on(b.HOST, { smallHelloOnly: true })),
    'pass',
    /large ClientHello is dropped/,
  ],
  [
    'a host not measured',
    b.one(instead(b.TEAMS, b.unmeasured(`tls:${b.TEAMS}`, 'reset'))),
    'unproven',
    /connection was cut/,
  ],
  [
    'nothing measured',
    b.one(everywhere((host) => b.unmeasured(`tls:${host}`))),
    'unproven',
    /no answer in time/,
  ],
  ['owed-measurement-missing', b.one(instead(b.TEAMS, null)), 'unproven', /missing/],
  [
    'two-runners-disagree',
    b.evidence({ 'lon-1': {}, 'lon-2': on(b.HOST, { chain: 'impostor' }) }),
    'fail',
    /^Runner lon-2/,
  ],
  ['runner-silent', b.one(b.silent()), 'unproven', /does not answer/],
]

it.each(ROWS)('%s', (_name, evidence, verdict, because) => {
  const ruling = noProxyOrInspection.judge(evidence)
  expect([ruling.verdict, ruling.because]).toEqual([verdict, expect.stringMatching(because)])
  // Names that lead astray say nothing about who ends the connections to the others.
  if (_name === 'two private answers') expect(provedProxy(evidence, 'lon-1')).toBe(false)
  else if (_name !== 'two-runners-disagree') expect(provedProxy(evidence, 'lon-1')).toBe(verdict === 'fail')
})

it('shows an address outside the published ranges and does not hold it against', () => {
  const evidence = b.one()
  const extra = b.finding('lon-1', `tls:${b.TEAMS}`, [
    'outside-ranges',
    { host: b.TEAMS, address: '192.0.2.1' },
  ])
  const ruling = noProxyOrInspection.judge({ ...evidence, findings: [...evidence.findings, extra] })
  expect(ruling.verdict).toBe('pass')
  expect(ruling.signals).toContainEqual(expect.objectContaining({ word: 'outside ranges' }))
})

const seen = (officeId: string, authorityKey: string, issuer?: string) => ({
  officeId,
  host: b.HOST,
  authorityKey,
  clean: true,
  ...(issuer === undefined ? {} : { issuer }),
})
const alone = (evidence: Evidence) =>
  noProxyOrInspection.judge(evidence).signals.filter(({ name }) => name === 'Issuer')
const PARIS = seen('paris', 'k', 'DigiCert')
const OSLO = seen('oslo', 'k', 'DigiCert')

describe('an issuer that this office alone sees', () => {
  const inspected = on(b.HOST, { ...unknown, issuer: 'Contoso [CA]' })

  it('is named beside what the others see', () => {
    expect(alone(b.one(inspected, { chainsElsewhere: [PARIS, OSLO] }))).toEqual([
      {
        name: 'Issuer',
        word: 'seen here alone',
        says: `This office alone sees Contoso CA for ${b.HOST}; 2 offices see DigiCert.`,
      },
    ])
  })

  it('is told once for all its names', () => {
    const more = { ...inspected, ...on(b.TEAMS, { ...unknown, issuer: 'Contoso' }) }
    const teams = [PARIS, OSLO].map((chain) => ({ ...chain, host: b.TEAMS }))
    const told = alone(b.one(more, { chainsElsewhere: [PARIS, OSLO, ...teams] }))
    expect(told.map(({ says }) => says)).toEqual([expect.stringContaining('So it is for 2 names.')])
  })

  it.each([
    ['one office alone sees another', [PARIS]],
    ['one office counts twice', [PARIS, PARIS]],
    ['another office sees it too', [PARIS, OSLO, seen('rome', 'x')]],
    ['nobody else looked', []],
  ])('is not told where %s', (_name, chainsElsewhere) => {
    expect(alone(b.one(inspected, { chainsElsewhere }))).toEqual([])
  })

  it('is not told of a clean chain: Microsoft’s own authorities take turns', () => {
    expect(alone(b.one(on(b.HOST, { authorityKey: 'z' }), { chainsElsewhere: [PARIS, OSLO] }))).toEqual([])
  })
})

it("takes a proxy's word in place of an Optimize name for proof, and not for a proof about round trips", () => {
  const evidence = b.one({ 'reach:1': ['reach-seen', b.reach({}, { status: 407, proxy: 'asks-sign-in' })] })
  expect(noProxyOrInspection.judge(evidence)).toMatchObject({
    verdict: 'fail',
    because: 'A proxy answers for outlook.office365.com with 407; none is allowed.',
  })
  expect(provedProxy(evidence, 'lon-1')).toBe(false)
})

const way = b.proxied().direct
const PROXIES: readonly [string, Parameters<typeof b.proxied>[0], string, RegExp][] = [
  ['asks for a sign-in', { connectStatus: 407, via: null }, 'fail', /answers with 407/],
  ['refuses', { connectStatus: 403, via: null, from: 'environment' }, 'fail', /answers with 403/],
  [
    'signs itself',
    { via: { ...way, verified: false } as typeof way, from: 'environment' },
    'fail',
    /signs in/,
  ],
  ['lets through, by the system', {}, 'fail', /The system sends outlook.office365.com and 1 more/],
  ['lets through, by the environment', { from: 'environment' }, 'unproven', /environment names a proxy/],
  ['does not answer', { connectStatus: null, via: { failure: 'timeout' } }, 'unproven', /not observed/],
  ['fails in its own way', { connectStatus: 502, via: null }, 'unproven', /not observed/],
  ['takes none of the names', { takes: [], connectStatus: 407, via: null }, 'pass', /3 of 3/],
]

it.each(PROXIES)('a proxy set on the host that %s', (_name, over, verdict, because) => {
  const evidence = b.one({ proxy: ['proxy-compared', b.proxied(over)] })
  const ruling = noProxyOrInspection.judge(evidence)
  expect([ruling.verdict, ruling.because]).toEqual([verdict, expect.stringMatching(because)])
  // Where the straight way was measured, round trips are those of the straight way.
  expect(provedProxy(evidence, 'lon-1')).toBe(false)
})

it('shows a script, and does not pass when the setting could not be read', () => {
  const script = b.one({ proxy: ['proxy-script-set', { script: 'http://wpad/a.pac', from: 'system' }] })
  expect(noProxyOrInspection.judge(script)).toMatchObject({
    verdict: 'pass',
    signals: [{ word: 'script set' }],
  })
  const unread = b.one({ proxy: b.unmeasured('proxy', 'not-configured') })
  expect(noProxyOrInspection.judge(unread).verdict).toBe('unproven')
  expect(noProxyOrInspection.judge(b.one({ proxy: null })).verdict).toBe('unproven')
})
