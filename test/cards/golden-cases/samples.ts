import type { RenderedCard } from '../../../src/cards/render-card.ts'
import { type SamplesView, samplesCard } from '../../../src/cards/samples-card.ts'
import { done, failed, type Outcome } from '../../../src/core/failure.ts'
import type { Finding } from '../../../src/core/finding.ts'
import type { ProbeName } from '../../../src/core/measurement.ts'
import type { Sampled } from '../../../src/core/sampled.ts'
import { samplesOf } from '../../../src/probes/samples.ts'
import { measurementOf, owedBy } from '../../support/check-kit.ts'
import { AT, buttonsOf, LONDON_DNS_FINDINGS, OFFICES } from './offices.ts'
import { WORST_NAMES } from './worst-names.ts'

const HOST = 'outlook.office365.com'
const DOOR = '203.0.113.9'
const TIMES = [142.1, 142.34, 142.02, 143.5, 142.2, 142.87, 142.11]

const NONCE = { address: '198.51.100.53', server: '10.2.0.53' }
const RESOLVER = {
  method: 'beacon',
  system: [158.2, 159.44, 157.9, 160.1, 158.8, 158.02, 159.3].map((ms) => ({ ...NONCE, ms })),
  readBacks: [{ address: NONCE.address, sightings: [{ ns: NONCE.address, ecs: null }] }],
  direct: [
    {
      server: '10.2.0.53',
      asked: [159.1, 158.4, 160.2].map((ms) => ({ ns: NONCE.address, ecs: null, ms, transport: 'udp' })),
      cachedMs: [1.2, 1.14, 1.31, 1.2, 1.22],
      subnet: null,
      invented: [],
      strays: 0,
    },
    {
      server: '10.2.0.54',
      asked: [{ failure: 'dns-timeout' }],
      cachedMs: [],
      subnet: null,
      invented: [],
      strays: 0,
    },
  ],
  port53: {
    beacon: { address: '192.0.2.53', authoritative: true, recursionAvailable: false, ns: '198.51.100.20' },
    silent: { address: '192.0.2.54', answered: false, node: null },
  },
  nodes: [],
}

const system = [1.4, 1.2].map((ms) => ({ addresses: [DOOR, '203.0.113.10'], ms, server: '10.2.0.53' }))
const chain = ['outlook.ha.office365.com', 'SEA-efz.ms-acdc.office.com']
const answers = [{ server: '10.2.0.53', chain, addresses: [DOOR], ms: 1.1 }]
const FRONT_DOOR = {
  doors: [
    { target: HOST, system, answers, visits: [{ address: DOOR, status: 200, code: 'SEA', ms: 286.4 }] },
  ],
  edges: [],
  nat64: [],
}
const RTT = {
  hosts: [
    {
      target: HOST,
      system,
      answers,
      timed: [
        {
          address: DOOR,
          tcpMs: TIMES,
          tcpFailures: ['timeout'],
          tls: [284.5, 285.02, 284.7].map((ms) => ({ ms, roundTrips: 2 })),
          tlsFailures: [],
        },
      ],
      source6: null,
    },
  ],
  nat64: [],
}

function sampled(measurementId: string, probe: ProbeName, outcome: Outcome<unknown>): Sampled {
  const owed = owedBy(measurementId, 'london', 'r1', probe)
  const when = { startedAt: AT - 41_000, durationMs: 2_318.4, probeVersion: 2 }
  const measurement = measurementOf(owed, 'c1', { ...when, outcome })
  return { measurement, lines: samplesOf(measurement) }
}

function unmeasured(measurementId: string, question: string): Finding {
  const args = { question, failure: 'timeout' } as const
  return { code: 'unmeasured', question, runnerId: 'r1', measurementId, args }
}

const london: SamplesView = {
  office: OFFICES.london,
  criterion: 'local-dns',
  verdict: 'fail',
  findings: [...LONDON_DNS_FINDINGS, unmeasured('m4', 'egress')],
  sampled: [
    sampled('m1', 'resolver-identity', done(RESOLVER)),
    sampled('m2', 'front-door', done(FRONT_DOOR)),
    sampled('m3', 'rtt', done(RTT)),
    sampled('m4', 'egress', failed('timeout', 'no Binding response from 203.0.113.44:3478')),
  ],
  runnerNames: { r1: 'london-1' },
  judgedAt: AT,
  timeZone: 'Europe/London',
  checkId: '8K2M-4T',
  buttons: buttonsOf('Back to why', 'Check again'),
}

/** A proxy, adapters and an issuer that are named to break cards. */
const HOSTILE = {
  interfaces: WORST_NAMES.map((name) => ({
    name: name.slice(0, 64),
    address: '2001:db8:85a3:8d3:1319:8a2e:370:7348',
    family: 6,
  })),
  sources: [],
  proxies: [
    { from: 'system', url: `http://${WORST_NAMES[5]}`, bypass: [...WORST_NAMES], pac: WORST_NAMES[3] },
  ],
  compared: {
    setting: 0,
    host: HOST,
    takes: [HOST],
    direct: { ms: 12.1, verified: false, issuer: WORST_NAMES[2], authorityKey: 'k' },
    connectStatus: 200,
    via: { failure: 'tls-failed' },
  },
  nat64: [],
  clockOffsetMs: -12.4,
}

const REACH = {
  hosts: Array.from({ length: 12 }, (_, index) => ({
    target: `h${index}.${'long-name-'.repeat(5)}example`,
    host: `h${index}.${'long-name-'.repeat(5)}example`,
    lookupFailure: null,
    address: '203.0.113.9',
    https:
      index % 9 === 0
        ? { failure: 'reset' }
        : { status: 200, server: WORST_NAMES[index % WORST_NAMES.length], verified: true, ms: 20 + index },
    relay: [],
  })),
  nat64: [],
}

/** What was measured, as it was measured: whole, with hostile texts, and not kept any more. */
export const SAMPLES: Readonly<Record<string, () => RenderedCard>> = {
  'samples.fail': () => samplesCard(london),
  'samples.hostile': () =>
    samplesCard({
      ...london,
      office: { ...OFFICES.london, name: WORST_NAMES[5] ?? '' },
      criterion: 'no-proxy-or-inspection',
      findings: [unmeasured('m1', 'proxy'), unmeasured('m2', 'reach:1'), unmeasured('m3', 'reach:2')],
      sampled: [
        sampled('m1', 'host', done(HOSTILE)),
        sampled('m2', 'reach', done(REACH)),
        sampled('m3', 'reach', failed('runner-bug', WORST_NAMES[3])),
      ],
      runnerNames: { r1: WORST_NAMES[2] ?? '' },
    }),
  'samples.gone': () => samplesCard({ ...london, sampled: null }),
}
