import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../src/core/evidence.ts'
import type { DoorTimed } from '../../src/core/finding.ts'
import { CRITERIA } from '../../src/core/verdict.ts'
import { endpointChanges } from '../../src/criteria/endpoint-changes.ts'
import { judgeAll } from '../../src/criteria/judge.ts'
import { networkPlan } from '../../src/criteria/network-plan.ts'
import { ALL_CRITERIA } from '../../src/criteria/registry.ts'
import { tcpTuned } from '../../src/criteria/tcp-tuned.ts'
import type { Said } from './build.ts'
import * as b from './build.ts'

const RTT = `rtt:${b.HOST}`
const took = (...doors: Partial<DoorTimed>[]): Record<string, Said> => ({
  [RTT]: ['door-timed', b.times(...doors)],
})

describe.each([networkPlan, tcpTuned])('$id', (criterion) => {
  const vouched = (until: number, id = criterion.id) =>
    b.one(
      {},
      { office: b.office({ attestations: [{ criterion: id, by: 'Ana *Silva*', reason: 'seen', until }] }) },
    )

  it('passes while an admin vouches for it, and names the date', () => {
    const ruling = criterion.judge(vouched(Date.UTC(2027, 5, 1, 12)))
    expect(ruling).toMatchObject({ verdict: 'pass', because: 'Vouched for until 1\u00a0Jun\u00a02027.' })
    expect(ruling.signals[0]?.says).toBe('Ana *Silva*')
  })

  it('is unproven from the moment it ends', () => {
    expect(criterion.judge(vouched(b.NOW + 1)).verdict).toBe('pass')
    expect(criterion.judge(vouched(b.NOW))).toMatchObject({ verdict: 'unproven', offer: 'attest' })
  })

  it('is unproven when another criterion is vouched for, and when nothing is', () => {
    expect(criterion.judge(vouched(b.NOW + 1, 'local-dns')).verdict).toBe('unproven')
    expect(criterion.judge(b.one()).verdict).toBe('unproven')
  })

  it('does not need a runner', () => {
    const { office } = vouched(b.NOW + 1)
    expect(criterion.judge(b.evidence({}, { office })).verdict).toBe('pass')
  })
})

describe('endpoint-changes', () => {
  const held = (runners: Record<string, string>, refreshedAt: number | null = b.NOW) => ({
    listVersions: { hub: b.LIST, refreshedAt, runners },
  })
  const DAY_MS = 86_400_000
  const ROWS: readonly [string, Evidence, string, RegExp][] = [
    ['all measured with the list of the hub', b.one(), 'pass', /list 2026110200/],
    ['failures included', b.one({ [RTT]: b.unmeasured(RTT, 'refused') }), 'pass', /list/],
    [
      'required names that do not answer',
      b.one({ 'reach:1': ['reach-seen', b.reach({}, { status: null, failure: 'timeout' })] }),
      'pass',
      /list/,
    ],
    [
      'a required set of which no name was asked',
      b.one({ 'reach:8': b.unmeasured('reach:8') }),
      'unproven',
      /all that was owed/,
    ],
    ['a required set that is missing', b.one({ 'reach:8': null }), 'unproven', /all that was owed/],
    [
      'an older list',
      b.one({}, held({ 'lon-1': '2026100100' })),
      'unproven',
      /list 2026100100, the hub holds 2026110200/,
    ],
    ['a newer list', b.one({}, held({ 'lon-1': '2026120100' })), 'unproven', /2026120100/],
    ['no list', b.one({}, held({})), 'unproven', /did not say/],
    [
      'a list refreshed a day ago',
      b.one({}, held({ 'lon-1': b.LIST }, b.NOW - DAY_MS)),
      'pass',
      /list 2026110200/,
    ],
    [
      'a list refreshed before',
      b.one({}, held({ 'lon-1': b.LIST }, b.NOW - DAY_MS - 1)),
      'unproven',
      /not refreshed/,
    ],
    [
      'stale-endpoint-list: the snapshot, named by its month',
      b.one({}, held({ 'lon-1': b.LIST }, null)),
      'unproven',
      /snapshot of November 2026 .* not refreshed/,
    ],
    [
      'no list at all, for none is recorded of this instance',
      b.one({}, { listVersions: { hub: '0000000000', refreshedAt: null, runners: {} } }),
      'unproven',
      /could not fetch/,
    ],
    [
      'a list that a clock set back says is from tomorrow',
      b.one({}, held({ 'lon-1': b.LIST }, b.NOW + DAY_MS)),
      'pass',
      /list 2026110200/,
    ],
    ['owed-measurement-missing', b.one({ [RTT]: null }), 'unproven', /did not measure all/],
    ['runner-silent', b.one(b.silent()), 'unproven', /did not measure all/],
    [
      'a deadline passed',
      b.one({ [RTT]: b.unmeasured(RTT, 'deadline-passed') }),
      'unproven',
      /did not measure all/,
    ],
    [
      'one of two runners with an older list',
      b.evidence({ 'lon-1': {}, 'lon-2': {} }, held({ 'lon-1': b.LIST, 'lon-2': '2026100100' })),
      'unproven',
      /lon-2/,
    ],
    ['no runner', b.evidence({}), 'unproven', /No runner/],
  ]
  it.each(ROWS)('%s', (_name, evidence, verdict, because) => {
    const ruling = endpointChanges.judge(evidence)
    expect([ruling.verdict, ruling.because]).toEqual([verdict, expect.stringMatching(because)])
  })
})

describe('judgeAll', () => {
  const letters = (evidence: Evidence) =>
    judgeAll(evidence)
      .rulings.map((ruling) => ruling.verdict[0])
      .join('')
  const attestations = (['network-plan', 'tcp-tuned'] as const).map((criterion) => ({
    criterion,
    by: 'Ana',
    reason: '',
    until: b.NOW + 1,
  }))
  const office = b.registered({ attestations })
  const inside: Record<string, Said> = {
    'relay-egress': ['relay-egress-seen', b.flows({ registered: true })],
  }

  it('keeps Markdown out of its sentences, whatever a runner sends', () => {
    const host = '[x](http://evil.example)'
    const evidence = b.one({ [`tls:${b.HOST}`]: ['tls-seen', b.tls({ host, chain: 'impostor' })] })
    for (const { because } of judgeAll(evidence).rulings) expect(because).not.toMatch(/[[\]()*_`]/)
  })

  it('rules once per criterion, in the stored order', () => {
    expect(ALL_CRITERIA.map((criterion) => criterion.id)).toEqual([...CRITERIA])
    expect(judgeAll(b.one()).rulings.map((ruling) => ruling.criterion)).toEqual([...CRITERIA])
  })

  it('finds a healthy office ready', () => {
    expect(letters(b.one(inside, { office }))).toBe('ppppppppp')
    expect(judgeAll(b.one(inside, { office })).readiness).toBe('ready')
  })

  it('finds an office with DNS and egress backhauled not ready', () => {
    const evidence = b.one(
      {
        resolver: ['resolvers-seen', b.resolvers([b.farResolver({ cachedMs: 140, uncachedMs: 150 })])],
        'relay-egress': ['relay-egress-seen', b.flows({ km: 7700, otherOffices: ['Seattle'] })],
        [`door:${b.HOST}`]: ['doors-seen', b.doors([b.farDoor()])],
        [`edge:${b.EDGE}`]: ['edge-seen', b.edge({ code: 'STB', km: 7700, minMs: 145 })],
        ...took({ address: '52.96.2.1', code: 'EAT', km: 7700, minMs: 186, medianMs: 188 }),
        [`tls:${b.HOST}`]: ['tls-seen', b.tls({ tcpMs: 186, tlsRoundTripMs: 190 })],
      },
      { office },
    )
    expect(letters(evidence)).toBe('ffffpuppp')
    expect(judgeAll(evidence).readiness).toBe('not-ready')
  })

  it('finds an office behind an inspecting proxy unproven', () => {
    const seen = (host: string, set: number): Said => [
      'tls-seen',
      b.tls({
        host,
        set,
        chain: 'unknown-authority',
        authorityKey: 'gateway',
        acceptedBySystem: null,
        tcpMs: 1,
        tlsRoundTripMs: 1.5,
      }),
    ]
    const evidence = b.one(
      {
        ...inside,
        ...took({ minMs: 1, medianMs: 1.2 }),
        [`tls:${b.HOST}`]: seen(b.HOST, 1),
        [`tls:${b.EDGE}`]: seen(b.EDGE, 31),
        [`tls:${b.TEAMS}`]: seen(b.TEAMS, 12),
      },
      { office },
    )
    expect(letters(evidence)).toBe('pppufuppp')
    expect(judgeAll(evidence).readiness).toBe('unproven')
  })

  it('finds a far recursive behind a local forwarder not ready', () => {
    const evidence = b.one(
      {
        ...inside,
        resolver: [
          'resolvers-seen',
          b.resolvers([b.farResolver({ km: 5300, cachedMs: 1, uncachedMs: 85, timeSaysFar: true })]),
        ],
        [`door:${b.HOST}`]: [
          'doors-seen',
          b.doors([b.farDoor({ named: 'SIN', header: 'SIN', namedKm: 5300, headerKm: 5300 })], {
            code: 'HKG',
            km: 2900,
          }),
        ],
        ...took({ address: '52.96.2.1', code: 'SIN', km: 5300, minMs: 82, medianMs: 83 }),
      },
      { office },
    )
    expect(letters(evidence)).toBe('pffppuppp')
  })

  it('finds an office whose runner is silent unproven, attestations aside', () => {
    expect(letters(b.one(b.silent(), { office }))).toBe('uuuuuupup')
  })

  it('requires what the company requires besides Microsoft', () => {
    const evidence = b.one(
      {
        ...inside,
        ...took({ minMs: 40 }),
        'default-egress': ['default-egress-seen', { from: b.located({ km: 900 }) }],
      },
      { office },
    )
    expect(judgeAll(evidence).readiness).toBe('ready')
    const here = judgeAll({ ...evidence, requiredToo: ['no-hairpin'] })
    expect(here.readiness).toBe('not-ready')
    expect(here.rulings.find(({ criterion }) => criterion === 'no-hairpin')?.level).toBe('required')
  })
})
