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
  tcpTooFast: false,
  httpStatus: 407,
  proxyServerHeader: false,
  smallHelloOnly: true,
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
      say('default-egress-seen', {
        from: { ...at, registered: false, owner: 'Zscaler', otherOffices: ['Paris'] },
      }),
      'Other traffic leaves from 203.0.113.7, Seattle, 10 km away, owned by Zscaler, in the range of Paris. This is shown, not judged.',
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
    ['not sent', '–'],
    ['SEA', '–'],
  ])('a signal that says %s gets %s', (word, glyph) => {
    expect(signalGlyph(word).glyph).toBe(glyph)
  })
})
