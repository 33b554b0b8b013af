import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../src/core/evidence.ts'
import type { DoorTimed, MediaSeen } from '../../src/core/finding.ts'
import { networkReady } from '../../src/criteria/network-ready.ts'
import { ALL_CRITERIA } from '../../src/criteria/registry.ts'
import type { Said } from './build.ts'
import * as b from './build.ts'

const RTT = `rtt:${b.HOST}`
const took = (...doors: Partial<DoorTimed>[]): Record<string, Said> => ({
  [RTT]: ['door-timed', b.times(...doors)],
})
const talked = (...seen: Partial<MediaSeen>[]) => b.one({ media: ['media-seen', b.trains(...seen)] })
const target = (rttMs: number) => ({ office: b.office({ targets: { rttMs } }) })
const fetched = (...over: Parameters<typeof b.download>) => b.one({ throughput: b.download(...over) })
const wants = (downloadMBps: number) => ({ office: b.office({ targets: { downloadMBps } }) })
const second = '10.1.0.54'

describe('network-ready', () => {
  const ROWS: readonly [string, Evidence, string, RegExp][] = [
    [
      '25 ms without a target',
      b.one(took({ medianMs: 25 })),
      'pass',
      /25\u00a0ms to LHR, limit\u00a025\u00a0ms/,
    ],
    ['25.1 ms without a target', b.one(took({ medianMs: 25.1 })), 'unproven', /25.1/],
    ['300 ms without a target never fails', b.one(took({ medianMs: 300 })), 'unproven', /300/],
    ['at the target', b.one(took({ medianMs: 60 }), target(60)), 'pass', /target\u00a060/],
    ['above the target', b.one(took({ medianMs: 60.1 }), target(60)), 'fail', /60.1/],
    ['a target below 25 ms', b.one(took({ medianMs: 11 }), target(10)), 'fail', /11/],
    ['the worst door counts', b.one(took({ medianMs: 10 }, { medianMs: 70 }), target(60)), 'fail', /70/],
    [
      'the slow door of a server that served nothing',
      b.one(
        {
          resolver: ['resolvers-seen', b.resolvers([b.resolver()], [b.farResolver({ servers: [second] })])],
          ...took({}, { servers: [second], bySystem: false, medianMs: 90 }),
        },
        target(60),
      ),
      'pass',
      /11/,
    ],
    [
      'an override counts as a target',
      b.one(took({ medianMs: 60 }), { office: b.office({ overrides: b.override('network-ready', 50) }) }),
      'fail',
      /50/,
    ],
    [
      'transparent-proxy',
      b.one({ ...took({ medianMs: 5 }), [`tls:${b.HOST}`]: ['tls-seen', b.tls({ chain: 'impostor' })] }),
      'unproven',
      /proxy ends/,
    ],
    [
      'a door that did not answer',
      b.one(took({}, { medianMs: null, minMs: null, failure: 'timeout' })),
      'unproven',
      /did not answer/,
    ],
    ['no door', b.one(took()), 'unproven', /No front door/],
    ['not measured', b.one({ [RTT]: b.unmeasured(RTT, 'refused') }), 'unproven', /refused/],
    ['owed-measurement-missing', b.one({ [`tls:${b.HOST}`]: null }), 'unproven', /missing/],
    [
      'two-runners-disagree',
      b.evidence({ 'lon-1': {}, 'lon-2': took({ medianMs: 61 }) }, target(60)),
      'fail',
      /^Runner lon-2/,
    ],
    ['runner-silent', b.one(b.silent()), 'unproven', /does not answer/],
    [
      'media below every limit',
      talked({ lost: 4, medianMs: 99.9, jitterMs: 29.9 }),
      'pass',
      /8 of 1000 datagrams lost/,
    ],
    [
      '1 % of media lost',
      talked({ lost: 5 }),
      'fail',
      /loses 1\u00a0% of 500 datagrams, limit\u00a01\u00a0%/,
    ],
    ['media 100 ms away', talked({ medianMs: 100 }), 'fail', /takes 100\u00a0ms .*, limit\u00a0100\u00a0ms/],
    [
      'media with 30 ms of jitter',
      talked({ jitterMs: 30 }),
      'fail',
      /jitter of 30\u00a0ms, limit\u00a030\u00a0ms/,
    ],
    [
      'the worst number of media',
      talked({ lost: 10, medianMs: 110, jitterMs: 45 }),
      'fail',
      /loses 2\u00a0%/,
    ],
    [
      'media lost to one relay alone',
      talked({ lost: 50 }, {}),
      'unproven',
      /loses 10\u00a0%.* to one .* alone/,
    ],
    ['each relay over a limit of its own', talked({ lost: 50 }, { jitterMs: 40 }), 'fail', /loses 10\u00a0%/],
    [
      'one lost datagram of a short train',
      talked({ sent: 50, lost: 1 }),
      'unproven',
      /1 of 50 .* too few to tell 1/,
    ],
    ['UDP unanswered from two destinations', talked(b.SILENCE), 'fail', /none of 2 Teams relays/],
    ['UDP unanswered from one of two', talked(b.SILENCE, {}), 'unproven', /One Teams relay alone/],
    [
      'UDP unanswered from the only relay',
      b.one({ media: ['media-seen', { host: b.RELAY, destinations: [b.train(b.SILENCE)], hops: null }] }),
      'unproven',
      /One Teams relay alone/,
    ],
    [
      'no relay at all',
      b.one({ media: ['media-seen', { host: b.RELAY, destinations: [], hops: null }] }),
      'unproven',
      /could be asked/,
    ],
    [
      'one relay that could not be asked',
      talked({ failure: 'network-unreachable' }, {}),
      'unproven',
      /could be asked/,
    ],
    [
      'media that was not measured',
      b.one({ media: b.unmeasured('media') }),
      'unproven',
      /^Media was not observed/,
    ],
    ['owed-media-missing', b.one({ media: null }), 'unproven', /missing/],
    [
      'bad media, though a proxy ends the connections',
      b.one({
        media: ['media-seen', b.trains({ lost: 50 })],
        [`tls:${b.HOST}`]: ['tls-seen', b.tls({ chain: 'impostor' })],
      }),
      'fail',
      /loses 10/,
    ],
    [
      'a target missed by more than media',
      b.one({ ...took({ medianMs: 300 }), media: ['media-seen', b.trains({ medianMs: 120 })] }, target(60)),
      'fail',
      /300\u00a0ms to LHR/,
    ],
    [
      'a target missed by less than media',
      b.one({ ...took({ medianMs: 61 }), media: ['media-seen', b.trains({ medianMs: 120 })] }, target(60)),
      'fail',
      /takes 120/,
    ],
  ]
  it.each(ROWS)('%s', (_name, evidence, verdict, because) => {
    const ruling = networkReady.judge(evidence)
    expect([ruling.verdict, ruling.because]).toEqual([verdict, expect.stringMatching(because)])
  })

  const DOWNLOADS: readonly [string, Evidence, string, RegExp][] = [
    ['a fast line', fetched(), 'pass', /Download 12\u00a0MB\/s, limit\u00a01\u00a0MB\/s/],
    ['1 MB/s', fetched({ wholeMBps: 0.9, secondHalfMBps: 1 }), 'pass', /Download 1\u00a0MB/],
    [
      'less than 1 MB/s',
      fetched({ wholeMBps: 0.9, secondHalfMBps: 0.999 }),
      'fail',
      /^Download 0.99\u00a0MB/,
    ],
    ['a slow second half alone', fetched({ wholeMBps: 1.2, secondHalfMBps: 0.5 }), 'pass', /1.2/],
    ['too little to be sure', fetched({ wholeMBps: 0.01, secondHalfMBps: null }), 'unproven', /Too little/],
    [
      'the office’s own target',
      b.one({ throughput: b.download() }, wants(20)),
      'fail',
      /target\u00a020\u00a0MB/,
    ],
    [
      'a target below 1 MB/s',
      b.one({ throughput: b.download({ wholeMBps: 0.6, secondHalfMBps: 0.6 }) }, wants(0.5)),
      'pass',
      /0.6/,
    ],
    ['owed and missing', b.one({ throughput: null }), 'unproven', /owed is missing/],
    [
      'asked for and not configured',
      b.one({ throughput: b.unmeasured('throughput', 'not-configured') }),
      'pass',
      /to LHR/,
    ],
    ['a target and nobody asked', b.one({}, wants(20)), 'pass', /to LHR/],
  ]
  it.each(DOWNLOADS)('of a download: %s', (_name, evidence, verdict, because) => {
    const ruling = networkReady.judge(evidence)
    expect([ruling.verdict, ruling.because]).toEqual([verdict, expect.stringMatching(because)])
  })

  it('says of a download that was asked for and not measured why', () => {
    const given = { throughput: b.unmeasured('throughput', 'not-configured') }
    expect(networkReady.judge(b.one(given)).signals.at(-1)).toEqual({
      name: 'Download',
      word: 'not measured',
      says: 'Download was asked for and not measured: the runner lacks a setting that this needs.',
    })
    const slow = b.one({ ...given, ...took({ medianMs: 90 }) })
    expect(networkReady.judge(slow)).toMatchObject({ verdict: 'unproven', offer: 'set-target' })
  })

  it('names the limit and a step of its own where a download decides', () => {
    const ruling = networkReady.judge(fetched({ wholeMBps: 0.4, secondHalfMBps: 0.5 }))
    expect(ruling.limit).toEqual({
      text: '1\u00a0MB/s',
      source: 'Microsoft 365 network connectivity test, 4 Dec 2024',
    })
    expect(ruling.remedy?.act).toMatch(/downloads/)
    expect(ruling.findings.map(({ code }) => code)).toContain('throughput-seen')
  })

  it('names Microsoft’s limit for media, and a step of its own where UDP is blocked', () => {
    const blocked = networkReady.judge(talked(b.SILENCE))
    expect(blocked.remedy?.act).toMatch(/UDP 3478/)
    const lossy = networkReady.judge(talked({ lost: 50 }))
    expect(lossy.limit).toEqual({
      text: '1\u00a0%',
      source: 'Microsoft 365 network connectivity test, 4 Dec 2024',
    })
    expect(lossy.signals.map(({ word }) => word)).toEqual(['outside limits', 'outside limits'])
  })

  it('is the only one that waits for media, which comes last', () => {
    for (const criterion of ALL_CRITERIA.filter(({ id }) => id !== 'network-ready')) {
      expect(criterion.restsOn).not.toContain('media')
      expect(criterion.restsOn).not.toContain('throughput')
      const { verdict, because } = criterion.judge(b.one())
      expect(criterion.judge(b.one({ media: null }))).toMatchObject({ verdict, because })
    }
  })

  it('offers to set a target where none is set', () => {
    expect(networkReady.judge(b.one(took({ medianMs: 90 }))).offer).toBe('set-target')
  })
})
