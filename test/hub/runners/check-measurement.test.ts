import { describe, expect, it } from 'vitest'
import { done, failed } from '../../../src/core/failure.ts'
import type { Owed } from '../../../src/core/measurement.ts'
import { BadStreaks } from '../../../src/hub/runners/bad-streak.ts'
import {
  type Arrival,
  type CheckView,
  checkMeasurement,
  contentOf,
} from '../../../src/hub/runners/check-measurement.ts'
import type { MeasurementMessage } from '../../../src/wire/measurement-message.ts'
import { NOW } from '../../wire/signing-kit.ts'

const params = { targets: [{ set: 1, host: 'outlook.office365.com' }] }
const owed: readonly Owed[] = [
  { measurementId: 'm1', officeId: 'seattle', runnerId: 'seattle-1', probe: 'rtt', params },
  { measurementId: 'm2', officeId: 'london', runnerId: 'london-1', probe: 'rtt', params },
]
const message: MeasurementMessage = {
  v: 1,
  checkId: 'c1',
  measurementId: 'm1',
  probe: 'rtt',
  probeVersion: 1,
  attempt: 2,
  outcome: { ok: true, result: { ms: 12 } },
  startedAt: NOW - 1000,
  durationMs: 900,
  listVersion: '2026102900',
  loopDelayMs: 0.2,
  runnerVersion: '0.1.0',
  world: null,
}
const view: CheckView = {
  owed,
  closed: false,
  createdAt: NOW - 2000,
  attempt: 2,
  world: () => null,
  storedContent: () => null,
}
const read = (value: unknown) =>
  typeof value === 'object' && value !== null && 'ms' in value && Number(value.ms) >= 0
    ? done({ ms: value.ms })
    : failed('result-refused', 'ms')
const from: Arrival = { runnerId: 'seattle-1', officeId: 'seattle', now: NOW, probes: { rtt: { read } } }
const judge = (
  change: Partial<MeasurementMessage> = {},
  view2: Partial<CheckView> = {},
  from2: Partial<Arrival> = {},
) => checkMeasurement({ ...message, ...change }, { ...view, ...view2 }, { ...from, ...from2 })

describe('a measurement', () => {
  it('is stored with what the plan says and what the message says', () => {
    const { v, attempt, ...rest } = message
    expect(judge()).toEqual({
      kind: 'store',
      late: false,
      bad: false,
      audit: false,
      notBelieved: [],
      measurement: { ...owed[0], ...rest, receivedAt: NOW },
    })
  })

  it('is stored as the probe read it, without keys that nobody knows', () => {
    const ruled = judge({ outcome: { ok: true, result: { ms: 1, more: 'x' } } })
    expect(ruled.kind === 'store' && ruled.measurement.outcome).toEqual(done({ ms: 1 }))
  })

  it('that failed is stored with its word', () => {
    const ruled = judge({ outcome: { ok: false, failure: 'timeout', detail: 'why' } })
    expect(ruled).toMatchObject({ bad: false, measurement: { outcome: failed('timeout', 'why') } })
  })

  it('is refused when there is no such check', () => {
    expect(checkMeasurement(message, null, from)).toMatchObject({
      kind: 'refuse',
      refusal: { status: 404, code: 'unknown-check' },
    })
  })

  it.each<[string, () => ReturnType<typeof judge>, number, string, boolean]>([
    ['nobody asked for', () => judge({ measurementId: 'm3' }), 409, 'unasked', true],
    ['another runner owes', () => judge({ measurementId: 'm2' }), 403, 'not-yours', true],
    ['another runner sends', () => judge({}, {}, { runnerId: 'seattle-2' }), 403, 'not-yours', true],
    ['a runner of another office sends', () => judge({}, {}, { officeId: 'london' }), 403, 'not-yours', true],
    ['is of a probe that is not known', () => judge({ probe: 'moon' }), 409, 'unknown-probe', false],
    ['is of another probe than owed', () => judge({ probe: 'egress' }), 409, 'unasked', true],
    ['is of an old attempt', () => judge({ attempt: 1 }), 409, 'attempt-old', false],
    ['is of an attempt to come', () => judge({ attempt: 3 }), 409, 'unasked', true],
    ['differs from the stored one', () => judge({}, { storedContent: () => 'else' }), 409, 'conflict', true],
  ])('that %s is refused', (_name, ruled, status, code, audit) => {
    expect(ruled()).toMatchObject({ kind: 'refuse', refusal: { ok: false, status, code }, audit })
  })

  it('that comes twice is taken once', () => {
    const first = judge()
    const stored = first.kind === 'store' ? contentOf(first.measurement) : ''
    const later = { storedContent: () => stored }
    expect(judge({}, later, { now: NOW + 5000 })).toEqual({ kind: 'repeat' })
    expect(judge({}, { ...later, closed: true })).toEqual({ kind: 'repeat' })
    expect(judge({ outcome: { ok: true, result: { ms: 13 } } }, later)).toMatchObject({ kind: 'refuse' })
  })

  it('that comes after the close is kept as late', () => {
    expect(judge({}, { closed: true })).toMatchObject({ kind: 'store', late: true })
  })

  it.each([
    ['a result that the probe does not read', { ok: true, result: { ms: -1 } }],
    ['no result', { ok: true, result: null }],
    ['a failure word that is not known', { ok: false, failure: 'moon-in-the-way' }],
  ] as [string, MeasurementMessage['outcome']][])(
    'with %s is stored as a refused result',
    (_name, outcome) => {
      expect(judge({ outcome })).toMatchObject({
        kind: 'store',
        bad: true,
        measurement: { outcome: { ok: false, failure: 'result-refused' } },
      })
    },
  )

  it('made in another world than its office is in is no evidence', () => {
    const expected = { kind: 'store', audit: true, measurement: { outcome: { failure: 'result-refused' } } }
    expect(judge({ world: 'demo' })).toMatchObject(expected)
    expect(judge({ world: null }, { world: () => 'demo' })).toMatchObject(expected)
    expect(judge({ world: 'demo' }, { world: () => 'demo' })).toMatchObject({ audit: false, bad: false })
  })

  it.each([
    ['1970', 0],
    ['long before the check', NOW - 3_600_000],
    ['more than two minutes in the future', NOW + 120_001],
    ['the year 9999', 253_402_300_799_999],
  ])('that says it began %s is kept with the hub’s time', (_name, startedAt) => {
    expect(judge({ startedAt })).toMatchObject({
      notBelieved: ['startedAt'],
      measurement: { startedAt: NOW },
    })
  })

  it('that began within two minutes of the clocks’ difference keeps its time', () => {
    expect(judge({ startedAt: NOW + 120_000 })).toMatchObject({ notBelieved: [] })
    expect(judge({ startedAt: NOW - 122_000 })).toMatchObject({ notBelieved: [] })
  })
})

describe('bad messages in a row', () => {
  it('make a runner faulty at three and quarantine it at twenty; a good one ends the row', () => {
    const streaks = new BadStreaks()
    const notes = Array.from({ length: 20 }, () => streaks.note('r', false))
    expect(notes.indexOf('faulty')).toBe(2)
    expect(notes.indexOf('quarantined')).toBe(19)
    expect(streaks.of('other')).toBe('fine')
    expect(streaks.note('r', true)).toBe('fine')
  })
})
