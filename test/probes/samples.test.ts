import { describe, expect, it } from 'vitest'
import { done, failed } from '../../src/core/failure.ts'
import { PROBE_NAMES, type ProbeName } from '../../src/core/measurement.ts'
import type { SamplePiece } from '../../src/core/sampled.ts'
import { samplesOf } from '../../src/probes/samples.ts'
import { caseNames, readRecording } from '../cases/files.ts'

const text = (piece: SamplePiece) => (typeof piece === 'string' ? piece : piece.theirs)

/** The lines of a result as a person reads them. */
function linesOf(probe: ProbeName, result: unknown): readonly string[] {
  const lines = samplesOf({ probe, outcome: done(result) })
  return (lines ?? []).map(({ of, says }) => `${text(of)}: ${says.map(text).join('')}`)
}

const RELAY = 'world.tr.teams.microsoft.com'
const relay = { target: RELAY, system: [{ addresses: ['52.112.0.1'], ms: 2.1, server: null }] }

describe('raw samples', () => {
  it('say by which address each flow left, and how many did', () => {
    const flow = { to: '52.112.0.1', from: '203.0.113.5', ms: 4.5 }
    const lines = linesOf('egress', {
      ...relay,
      answers: [],
      flows: [
        { ...flow, port: 5001 },
        { ...flow, port: 5002, ms: 4.25 },
        { to: '52.112.0.1', failure: 'timeout', ms: null },
      ],
      noIpv6: 'network-unreachable',
      echo: { address: '198.51.100.9', ms: 30 },
      beacon: { flows: [{ to: '203.0.113.200', from: '198.51.100.9', port: 5003, ms: 31 }] },
      nat64: [],
    })
    expect(lines).toEqual([
      'STUN, 2 of 3 flows: to 52.112.0.1 from 203.0.113.5, ports 5001, 5002: 4.5, 4.25 ms',
      'STUN, 1 of 3 flows: to 52.112.0.1: timeout',
      'IPv6: no flow: network-unreachable',
      'Echo: 198.51.100.9: 30 ms',
      'Beacon, 1 of 1 flows: to 203.0.113.200 from 198.51.100.9, ports 5003: 31 ms',
      `Host: ${RELAY}`,
      'System lookup: 52.112.0.1: 2.1 ms',
    ])
  })

  it('count what became of a train of packets, and name the lost ones', () => {
    const packets = [10, null, 12, 11, null]
    const lines = linesOf('media', {
      ...relay,
      trains: [{ to: '52.112.0.1', packets, blurred: 1, reordered: 0, duplicates: 2 }],
      hops: { hops: 9 },
    })
    expect(lines.slice(0, 4)).toEqual([
      '52.112.0.1: 6 sent, 4 answered, 2 lost (number 2, 5), 0 reordered, 2 doubled, 1 not timed, for the runner was busy',
      '52.112.0.1: least 10 ms, median 11 ms, most 12 ms',
      '52.112.0.1: 10, 12, 11 ms',
      'Hops: 9',
    ])
  })

  it('end a long series of times with how many more there are', () => {
    const series = { tcpMs: Array.from({ length: 110 }, () => 4), failures: ['timeout', 'timeout'] }
    const lines = linesOf('throughput', {
      target: 'contoso.sharepoint.com',
      system: { failure: 'dns-timeout' },
      address: null,
      idle: null,
      loaded: series,
      download: null,
    })
    expect(lines[1]).toMatch(/^TCP during: 4, .*4 ms \+78 more; timeout \(2 times\)$/)
  })

  it('name who issued each certificate of a chain', () => {
    const { measurements } = readRecording('inspected-same-name-ca')
    const tls = measurements.find(({ probe }) => probe === 'tls-path')
    const lines = (tls && samplesOf(tls)) ?? []
    expect(lines.map(({ says }) => says.map(text).join('')).join('\n')).toMatch(
      /verified.*issued by .+; TCP .* ms; TLS/,
    )
  })

  it('are none of a measurement that failed, and null for a result of another shape', () => {
    for (const probe of PROBE_NAMES) {
      expect(samplesOf({ probe, outcome: failed('timeout') })).toEqual([])
      expect(samplesOf({ probe, outcome: done({ other: 'shape' }) })).toBeNull()
    }
  })

  it('are there for every result of every fixture', () => {
    const empty = caseNames().flatMap((name) =>
      readRecording(name)
        .measurements.filter(({ outcome }) => outcome.ok)
        .filter((measurement) => (samplesOf(measurement) ?? []).length === 0)
        .map(({ probe }) => `${name} ${probe}`),
    )
    expect(empty).toEqual([])
  })
})
