import { describe, expect, it } from 'vitest'
import { visible } from '../../src/cards/text.ts'
import { failureSentence, findingSentence, signalGlyph } from '../../src/cards/wording.ts'
import { FAILURES, type Failure } from '../../src/core/failure.ts'
import type { Finding, FindingArgs, FindingCode } from '../../src/core/finding.ts'
import { LONDON_DNS_FINDINGS } from './golden-cases/offices.ts'

const at = {
  address: '203.0.113.7',
  km: 10,
  label: 'Seattle',
  owner: null,
  registered: true,
  otherOffices: [],
}

const say = <C extends FindingCode>(code: C, args: FindingArgs[C]) =>
  visible(
    findingSentence({ code, args, question: 'q', runnerId: 'r', measurementId: 'm' } as unknown as Finding),
  )

const tls = {
  host: 'outlook.office365.com',
  set: 1,
  category: 'Optimize',
  chain: 'impostor',
  issuer: 'DigiCert [x](y)',
  authorityKey: 'k',
  acceptedBySystem: true,
  tcpMs: 4.2,
  tlsRoundTripMs: 31,
  tlsVersion: 'TLSv1.3',
  busyMs: 0,
  tcpTooFast: false,
  httpStatus: 407,
  proxyServerHeader: false,
  smallHelloOnly: true,
} as const

const train = {
  to: '',
  sent: 500,
  lost: 0,
  reordered: 0,
  burst: 0,
  minMs: 83,
  medianMs: 84,
  jitterMs: 1.2,
  failure: null,
} as const

describe('findings as sentences', () => {
  it.each([
    [
      say('unmeasured', { question: 'door:outlook.office365.com', failure: 'dns-timeout' }),
      'Which front door serves outlook.office365.com was not learned: no DNS answer in time.',
    ],
    [
      say('unmeasured', { question: 'something:new', failure: 'runner-bug' }),
      'One question new was not learned: the runner failed on its own account.',
    ],
    [
      visible(findingSentence(LONDON_DNS_FINDINGS[0] as Finding)),
      'The beacon was asked from 198.51.100.53, Seattle, 7,700 km away, 8 one-time names, 1.2 ms for a known name and 159 ms for a new one. No answer from 10.2.0.54: no DNS answer in time.',
    ],
    [
      visible(findingSentence(LONDON_DNS_FINDINGS[1] as Finding)),
      'outlook.office365.com leads to SEA, 7,713 km away, by the word of 10.2.0.53. The nearest known door is LHR, 23 km away.',
    ],
    [
      say('resolvers-seen', { method: 'whoami', serving: [], idle: [], mute: [] }),
      'No resolver was seen to serve the office’s lookups.',
    ],
    [
      say('client-subnet-leaked', {
        resolvers: [{ address: '203.0.113.53', subnet: '10.20.0.0/24' }],
      }),
      'Private prefixes are sent to authorities as client subnets: 10.20.0.0/24 by 203.0.113.53. Nobody can place an office by them.',
    ],
    [
      say('port-53-intercepted', {
        shownBy: ['recursive', 'silent-answers'],
        asked: '192.0.2.53',
        by: '198.51.100.5',
        node: 'ub-longw',
      }),
      'DNS to 192.0.2.53 is answered on the way: the answer offers recursion and an address at which nothing answers did. The beacon was asked by 198.51.100.5 instead. Who answers calls itself ub-longw.',
    ],
    [
      say('nxdomain-rewritten', {
        servers: [{ server: '10.0.0.53', addresses: ['198.51.100.9', '198.51.100.10'] }],
      }),
      'Names that do not exist get addresses: 10.0.0.53 gives 198.51.100.9 and 198.51.100.10.',
    ],
    [
      say('resolver-nodes-seen', {
        nodes: [
          { server: '9.9.9.9', service: 'quad9', node: 'res1.qsea1.on.quad9.net', code: 'SEA', km: 7710 },
          { server: '8.8.8.8', service: 'google', node: '74.125.16.0/26', code: 'TUL', km: null },
        ],
      }),
      '9.9.9.9 is answered by Quad9’s node res1.qsea1.on.quad9.net at SEA, 7,710 km away and 8.8.8.8 is answered by Google Public DNS’s node 74.125.16.0/26 at TUL. This is shown, not judged.',
    ],
    [
      say('resolvers-seen', {
        method: 'whoami',
        serving: [
          {
            ...at,
            place: 'registered',
            nonces: 1,
            servers: [],
            cachedMs: 1,
            uncachedMs: null,
            timeSaysFar: false,
            clientSubnet: '203.0.113.0/24',
            subnetScope: 0,
            alsoFrom: ['2001:db8::53'],
            overTcpOnly: true,
          },
        ],
        idle: [],
        mute: [],
      }),
      'Public whoami names were asked from 203.0.113.7, Seattle, 10 km away, registered for the office, 1 lookup, 1 ms for a known name, client subnet 203.0.113.0/24, which Microsoft does not heed, also asking from 2001:db8::53, over TCP only. Without a beacon there is no time for a new name, and port 53 was not looked at.',
    ],
    [
      say('edge-seen', { host: 'contoso.sharepoint.com', code: 'SEA', km: 17, label: 'Seattle', minMs: 4.1 }),
      'contoso.sharepoint.com takes the traffic in at SEA, Seattle, 17 km away, 4.1 ms at best.',
    ],
    [
      say('relay-egress-seen', {
        flows: [
          { to: 'a', from: at, failure: null, rttMs: 5 },
          { to: 'b', from: null, failure: 'timeout', rttMs: null },
        ],
        region: null,
      }),
      'The Teams relay saw 203.0.113.7, Seattle, 10 km away, registered for the office and nothing at b: no answer in time.',
    ],
    [
      say('relay-region-seen', {
        host: 'world.tr.teams.microsoft.com',
        region: 'westus2',
        label: 'Quincy, Washington',
        km: 7700,
        nearest: { code: 'uksouth', km: 80 },
      }),
      'world.tr.teams.microsoft.com leads to the region westus2, Quincy, Washington, 7,700 km away. The nearest known region is uksouth, 80 km away.',
    ],
    [
      say('default-egress-seen', {
        from: { ...at, registered: false, owner: 'Zscaler', otherOffices: ['Paris'] },
      }),
      'Other traffic leaves from 203.0.113.7, Seattle, 10 km away, owned by Zscaler, in the range of Paris. This is shown, not judged.',
    ],
    [
      say('beacon-egress-seen', {
        from: [
          { ...at, registered: true, owner: null, otherOffices: [] },
          {
            ...at,
            address: '2001:db8::7',
            km: null,
            label: null,
            registered: false,
            owner: null,
            otherOffices: [],
          },
        ],
      }),
      'The beacon saw UDP leave from 203.0.113.7, Seattle, 10 km away, registered for the office and 2001:db8::7. This is shown, not judged.',
    ],
    [
      say('door-timed', {
        host: 'h.example',
        doors: [
          {
            address: '52.96.1.1',
            code: 'SEA',
            km: 17,
            servers: [],
            bySystem: true,
            minMs: 4.3,
            medianMs: 4.4,
            tlsRoundTripMs: 4.5,
            failure: null,
          },
        ],
      }),
      'Round trips to h.example: SEA at 52.96.1.1, 17 km away: 4.3 ms at best, 4.4 ms usually.',
    ],
    [
      say('tls-seen', tls),
      'outlook.office365.com: a public issuer’s name signs with another key, so the traffic is inspected. The issuer it names is DigiCert [x](y), over TLSv1.3. TCP 4.2 ms and TLS 31 ms per round trip. A proxy asks for a sign-in. Only a small ClientHello gets through.',
    ],
    [
      say('large-clienthello-dropped', { host: 'h.example' }),
      'h.example answers a small ClientHello alone: large ones are dropped.',
    ],
    [
      say('chain-incomplete', { host: 'h.example', issuer: 'Some CA' }),
      'h.example sends its certificate without that of its issuer, Some CA.',
    ],
    [
      say('issuer-impersonated', { host: 'h.example', issuer: 'DigiCert' }),
      'h.example shows the issuer DigiCert, under a trusted authority’s name and with another key: the traffic is inspected.',
    ],
    [
      say('host-absent', { host: 'h.example' }),
      'h.example does not exist, so nothing can be inspected under it.',
    ],
    [
      say('private-answer', { host: 'h.example', address: '10.0.0.1', kind: 'private' }),
      'h.example leads to 10.0.0.1, a private address.',
    ],
    [
      say('reach-fails-here', { set: 8, host: 'h.example', failure: 'timeout', offices: 2 }),
      'h.example of set 8 does not answer here (no answer in time); it answers 2 other offices.',
    ],
    [say('clock-wrong', { offsetMs: -600_000 }), 'The host’s clock is 10 minutes ahead of the hub’s.'],
    [
      say('proxy-compared', {
        proxy: 'http://10.0.0.8:3128',
        from: 'system',
        script: null,
        host: 'h.example',
        takes: ['h.example'],
        direct: { ms: 20, verified: true, issuer: 'DigiCert', authorityKey: 'k' },
        connectStatus: 407,
        via: null,
      }),
      'By the system’s setting, http://10.0.0.8:3128 is the proxy of 1 name looked at. h.example shows a genuine chain after 20 ms directly. The proxy opens no tunnel: it answers 407.',
    ],
    [
      say('outside-ranges', { host: 'h.example', address: '192.0.2.1' }),
      'h.example leads to 192.0.2.1, outside Microsoft’s published ranges.',
    ],
    [
      say('media-seen', {
        host: 'h.example',
        destinations: [
          { ...train, to: '52.112.0.1', lost: 7, reordered: 2 },
          { ...train, to: '52.112.0.2', sent: 110, lost: 110, minMs: null, medianMs: null, jitterMs: null },
        ],
        hops: 12,
      }),
      'Media over UDP: 7 of 500 datagrams to 52.112.0.1 lost, 84 ms round trip, jitter 1.2 ms, 2 out of order and none of 110 datagrams to 52.112.0.2 was answered. The relay is 12 hops away.',
    ],
  ])('%s', (got, want) => {
    expect(got).toBe(want)
  })

  it('every failure word has a sentence', () => {
    for (const failure of Object.keys(FAILURES) as Failure[])
      expect(failureSentence(failure)).toMatch(/^[A-Z].*\.$/u)
  })

  it.each([
    ['far', '✕'],
    ['farther than needed', '✕'],
    ['near', '✓'],
    ['inside limits', '✓'],
    ['outside limits', '✕'],
    ['unanswered', '✕'],
    ['not sent', '–'],
    ['SEA', '–'],
  ])('a signal that says %s gets %s', (word, glyph) => {
    expect(signalGlyph(word).glyph).toBe(glyph)
  })
})
