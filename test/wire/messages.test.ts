import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type * as z from 'zod'
import { enrollAnswerSchema, enrollSchema } from '../../src/wire/enroll.ts'
import { helloAnswerSchema, helloSchema } from '../../src/wire/hello.ts'
import { RUNNER_BODY_LIMIT } from '../../src/wire/limits.ts'
import { measurementMessageSchema } from '../../src/wire/measurement-message.ts'
import { pollAnswerSchema, pollSchema, readParams } from '../../src/wire/poll.ts'
import { readMessage } from '../../src/wire/read-message.ts'
import { readRefusal } from '../../src/wire/refusals.ts'

const measurement = {
  v: 1,
  checkId: '01kb0',
  measurementId: '01kb0.seattle-1.rtt',
  probe: 'rtt',
  probeVersion: 1,
  attempt: 1,
  outcome: { ok: true, result: { ms: [1, 2] } },
  startedAt: 1_795_176_000_000,
  durationMs: 12.5,
  listVersion: '2026102900',
  loopDelayMs: 0.3,
  runnerVersion: '0.1.0',
  world: null,
}
const hello = {
  v: 1,
  version: '0.1.0',
  generation: 0,
  nonce: '0123456789abcdef0123456789abcdef',
  platform: 'linux x64, Node 24.21.0',
  probes: { rtt: 1, 'front-door': 2 },
  listVersion: '2026102900',
  settings: { tenant: true, echo: false, beacon: true },
  world: 'demo',
}
const job = {
  checkId: 'c1',
  attempt: 1,
  deadline: 1_795_176_060_000,
  owed: [
    { measurementId: 'm1', probe: 'rtt', params: { targets: [{ set: 1, host: 'outlook.office365.com' }] } },
  ],
}
const GOOD: readonly (readonly [string, z.ZodType, object])[] = [
  ['enrolment', enrollSchema, { v: 1, proof: 'a.b.c' }],
  [
    'answer to an enrolment',
    enrollAnswerSchema,
    { v: 1, runnerId: 'seattle-1', officeId: 'seattle', officeName: 'Seattle', status: 'pending' },
  ],
  ['hello', helloSchema, hello],
  ['answer to a hello', helloAnswerSchema, { v: 1, generation: 1, now: 1_795_176_000_000 }],
  ['poll', pollSchema, { v: 1, inflight: ['m1'] }],
  ['answer to a poll', pollAnswerSchema, { v: 1, jobs: [job] }],
  ['measurement', measurementMessageSchema, measurement],
  [
    'failed measurement',
    measurementMessageSchema,
    { ...measurement, outcome: { ok: false, failure: 'timeout', detail: 'no answer' } },
  ],
]

describe.each(GOOD)('the %s', (_name, schema, message) => {
  it('is read as it was sent, without keys that nobody knows', () => {
    const sent = JSON.stringify({ ...message, later: { x: 1 } })
    expect(readMessage(schema, sent, RUNNER_BODY_LIMIT)).toEqual({ ok: true, message })
  })

  it('is refused without any one of its keys', () => {
    for (const key of Object.keys(message)) {
      const sent = JSON.stringify({ ...message, [key]: undefined })
      expect(readMessage(schema, sent, RUNNER_BODY_LIMIT), key).toMatchObject({ code: 'message-refused' })
    }
  })

  it('is refused with a word when it is of another version', () => {
    const sent = JSON.stringify({ ...message, v: 2 })
    expect(readMessage(schema, sent, RUNNER_BODY_LIMIT)).toMatchObject({ code: 'version-unsupported' })
  })

  it('is read or refused, never thrown over, whatever stands in its fields', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(message)), fc.jsonValue(), (key, value) => {
        const read = readMessage(schema, JSON.stringify({ ...message, [key]: value }), RUNNER_BODY_LIMIT)
        expect(typeof read.ok).toBe('boolean')
      }),
    )
  })
})

const inMeasurement = (key: string, json: string) =>
  JSON.stringify({ ...measurement, [key]: '@' }).replace('"@"', json)

describe('a measurement message is refused with', () => {
  it.each([
    ['not JSON', '{', 'not-json'],
    ['nothing', '', 'not-json'],
    ['a byte order mark', `\ufeff${JSON.stringify(measurement)}`, 'not-json'],
    ['a NaN literal', inMeasurement('durationMs', 'NaN'), 'not-json'],
    ['1e999 in a field', inMeasurement('durationMs', '1e999'), 'not-json'],
    ['1e999 inside the result', inMeasurement('outcome', '{"ok":true,"result":[[-1e999]]}'), 'not-json'],
    ['a key twice', `{"v":1,${JSON.stringify(measurement).slice(1)}`, 'not-json'],
    ['a key twice, once escaped', `{"\\u0076":1,${JSON.stringify(measurement).slice(1)}`, 'not-json'],
    [
      'depth 33',
      inMeasurement('outcome', `{"ok":true,"result":${'['.repeat(31)}${']'.repeat(31)}}`),
      'not-json',
    ],
    ['10,001 items', inMeasurement('outcome', `{"ok":true,"result":[${Array(10_001).fill(0)}]}`), 'not-json'],
    ['65 KB', inMeasurement('outcome', `{"ok":true,"result":"${'a'.repeat(65_536)}"}`), 'too-large'],
    ['a negative duration', inMeasurement('durationMs', '-1'), 'message-refused'],
    ['a duration of years', inMeasurement('durationMs', '1e12'), 'message-refused'],
    ['a duration as text', inMeasurement('durationMs', '"12"'), 'message-refused'],
    ['no duration', inMeasurement('durationMs', 'null'), 'message-refused'],
    ['a start after the year 9999', inMeasurement('startedAt', '253402300800000'), 'message-refused'],
    ['an id with a slash', inMeasurement('checkId', '"a/b"'), 'message-refused'],
    ['an id with a newline', inMeasurement('checkId', '"a\\n"'), 'message-refused'],
    ['a world with an escape', inMeasurement('world', '"\\u001b[31m"'), 'message-refused'],
    ['a success without result', inMeasurement('outcome', '{"ok":true}'), 'message-refused'],
    ['a failure without word', inMeasurement('outcome', '{"ok":false}'), 'message-refused'],
    ['a list version of nine digits', inMeasurement('listVersion', '"202610290"'), 'message-refused'],
  ])('%s', (_name, sent, code) => {
    expect(readMessage(measurementMessageSchema, sent, RUNNER_BODY_LIMIT)).toMatchObject({ ok: false, code })
  })

  it('bytes that are not UTF-8', () => {
    const read = readMessage(measurementMessageSchema, Uint8Array.of(0x22, 0xff, 0x22), RUNNER_BODY_LIMIT)
    expect(read).toMatchObject({ code: 'not-json' })
  })

  it('a JSON text of any kind, without an exception', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(readMessage(measurementMessageSchema, text, RUNNER_BODY_LIMIT).ok).toBe(false)
      }),
    )
  })
})

describe('a measurement message is read', () => {
  it('with a failure word that only a newer version knows', () => {
    const sent = inMeasurement('outcome', '{"ok":false,"failure":"moon-in-the-way"}')
    expect(readMessage(measurementMessageSchema, sent, RUNNER_BODY_LIMIT).ok).toBe(true)
  })

  it('with a detail that is cut to 300 characters and holds no control characters', () => {
    const sent = inMeasurement(
      'outcome',
      JSON.stringify({ ok: false, failure: 'reset', detail: 'a\n\u001b'.repeat(999) }),
    )
    const read = readMessage(measurementMessageSchema, sent, RUNNER_BODY_LIMIT)
    const outcome = read.ok ? read.message.outcome : { ok: true as const }
    const detail = outcome.ok ? '' : (outcome.detail ?? '')
    expect(detail).toHaveLength(300)
    expect(detail).not.toMatch(/\p{Cc}/u)
  })

  it('with minus zero as zero', () => {
    const read = readMessage(measurementMessageSchema, inMeasurement('durationMs', '-0'), RUNNER_BODY_LIMIT)
    expect(read.ok && Object.is(read.message.durationMs, 0)).toBe(true)
  })

  it('with strings that look like structure', () => {
    const sent = inMeasurement(
      'outcome',
      JSON.stringify({ ok: true, result: { 'a":{': '[[[,,"\\', b: ['":', '{"v":1}'] } }),
    )
    expect(readMessage(measurementMessageSchema, sent, RUNNER_BODY_LIMIT).ok).toBe(true)
  })
})

describe('params of a job', () => {
  it.each([
    [{ targets: [] }],
    [{ targets: [{ set: 1, host: 'outlook.office365.com' }] }],
    [{ targets: [{ set: 31, host: '{tenant}-my.sharepoint.com' }] }],
  ])('are read: %j', (params) => {
    expect(readParams(params)).toEqual({ ok: true, result: params })
  })

  it.each([
    [null],
    [{}],
    [{ targets: [{ set: 0, host: 'a.b' }] }],
    [{ targets: [{ set: 1, host: '10.0.0.1/x' }] }],
    [{ targets: [{ set: 1, host: 'user@outlook.office365.com' }] }],
    [{ targets: [{ set: 1, host: 'OUTLOOK.office365.com' }] }],
    [{ targets: [{ set: 1, host: 'localhost' }] }],
    [{ targets: [{ set: 1, host: 'a..b' }] }],
    [{ targets: [{ set: 1, host: 'outlook.office365.com.' }] }],
    [{ targets: [{ set: 1, host: '{other}.sharepoint.com' }] }],
    [{ targets: [{ set: 1, host: '①②⑦.0.0.1' }] }],
    [{ targets: Array(101).fill({ set: 1, host: 'a.b' }) }],
  ])('are refused: %j', (params) => {
    expect(readParams(params)).toMatchObject({ ok: false, failure: 'params-refused' })
  })
})

describe('a refusal', () => {
  it('is read when its word is known', () => {
    expect(readRefusal('{"error":"revoked"}')).toEqual({ error: 'revoked' })
    expect(readRefusal('{"error":"clock-skew","now":5}')).toEqual({ error: 'clock-skew', now: 5 })
  })

  it.each(['', 'null', '[]', '{"error":"toString"}', '{"error":5}', '<html>'])(
    'is not read from %j',
    (text) => {
      expect(readRefusal(text)).toBeNull()
    },
  )
})
