import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardKind, cardLines } from '../../src/cards/card-text.ts'
import type { Owed } from '../../src/core/measurement.ts'
import { PortTaken } from '../../src/hub/http/port-taken.ts'
import { freePort } from '../../src/local/ports.ts'
import { POLL_HOLD_MS } from '../../src/wire/limits.ts'
import { ROUTES } from '../../src/wire/routes.ts'
import { ANA } from '../support/check-kit.ts'
import { HandRunner, seed, startConnector, startTestHub } from '../support/hub-kit.ts'
import { scratch } from '../support/scratch.ts'
import { until } from '../support/settle.ts'
import { activity } from '../teams/activities.ts'

interface JobsBody {
  readonly jobs: readonly { readonly checkId: string; readonly owed: readonly Owed[] }[]
}

const folders = scratch('doorstep-hub-')
let folder = ''
let port = 0
let codes: Map<string, string>
let hub: Awaited<ReturnType<typeof startTestHub>>
let connector: Awaited<ReturnType<typeof startConnector>>
let said = 0

beforeAll(async () => {
  folder = await folders.make()
  port = await freePort()
  codes = await seed(folder, ['seattle', 'london', 'tokyo', 'lyon'])
  connector = await startConnector()
  hub = await startTestHub(folder, port)
})
afterAll(async () => {
  await hub.close()
  await connector.close()
  await folders.remove()
})

async function say(text: string): Promise<void> {
  const from = { id: '29:ana', name: 'Ana Diaz', aadObjectId: ANA.objectId }
  const parts = {
    id: `m-${++said}`,
    timestamp: new Date().toISOString(),
    serviceUrl: connector.url,
    from,
    text,
  }
  const answer = await fetch(`${hub.url}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(activity(parts)),
  })
  expect(answer.status).toBe(200)
}
const health = async () => (await (await fetch(`${hub.url}/healthz`)).json()) as Record<string, unknown>
const kinds = () => connector.cards().map(cardKind)
const lastText = () => cardLines(connector.cards().at(-1) ?? {}).join('\n')

async function enrolled(office: string): Promise<HandRunner> {
  const runner = await HandRunner.make(hub.url)
  expect(await runner.enrol(codes.get(office) ?? '')).toMatchObject({
    status: 200,
    body: { officeId: office },
  })
  expect(await runner.hello()).toMatchObject({ status: 200, body: { v: 1, generation: 1 } })
  return runner
}

/** Has an office checked, and gives the work that its runner got out of its held poll. */
async function workOf(
  runner: HandRunner,
  office: string,
): Promise<{ checkId: string; owed: readonly Owed[] }> {
  const polled = runner.poll()
  await until(async () => isHeld(await health(), office))
  await say(`check office ${office}`)
  const { status, body } = await polled
  expect(status).toBe(200)
  const [job] = (body as JobsBody).jobs
  if (!job) throw new Error('no job')
  return job
}
const isHeld = (body: Record<string, unknown>, office: string) =>
  (body['runnersOnline'] as readonly string[]).includes(`${office}-1`)

describe('a hub with a runner', () => {
  it('takes a check from the message over the held poll to the final card, and counts what runs', async () => {
    const runner = await enrolled('seattle')
    const { checkId, owed } = await workOf(runner, 'seattle')
    expect(owed.map(({ probe }) => probe)).toEqual([
      'host',
      'egress',
      'resolver-identity',
      'front-door',
      'rtt',
      'tls-path',
      'reach',
      'media',
    ])
    expect(await health()).toMatchObject({ ok: true, checks: 1 })
    for (const entry of owed) {
      const message = runner.message(checkId, entry)
      expect(await runner.post(ROUTES.measurement, message)).toEqual({
        status: 200,
        body: { v: 1, stored: true },
      })
      // The answer may have been lost: the same once more is as good.
      expect(await runner.post(ROUTES.measurement, message)).toEqual({
        status: 200,
        body: { v: 1, stored: true },
      })
    }
    await until(async () => kinds().includes('unproven') && (await health())['checks'] === 0)
    expect(kinds()).toEqual(['unproven'])
    expect(JSON.stringify(connector.cards().at(-1))).toContain('2024040100, snapshot of April 2024')
    // A closed check takes nothing any more.
    const [first] = owed
    if (!first) throw new Error('nothing owed')
    const other = runner.message(checkId, first, { durationMs: 13 })
    expect(await runner.post(ROUTES.measurement, other)).toMatchObject({
      status: 409,
      body: { error: 'conflict' },
    })
    // Work that the runner says it is at is not given twice, and there is none left.
    expect(await runner.poll()).toEqual({ status: 204, body: null })
  })

  it('answers at once for a runner that has never polled', async () => {
    const before = connector.cards().length
    await say('check office lyon')
    await until(() => connector.cards().length > before && kinds().at(-1) === 'unproven')
    expect(lastText()).toContain('readiness unproven')
  })

  it('refuses what does not belong to the runner that sends it, word by word', async () => {
    const runner = await enrolled('london')
    const { checkId, owed } = await workOf(runner, 'london')
    const [first, second] = owed
    if (!first || !second) throw new Error('nothing owed')
    const stranger = await enrolled('tokyo')
    const message = runner.message(checkId, first)
    const rows: readonly (readonly [string, object | string, number, string])[] = [
      ['no JSON', '{', 400, 'bad-request'],
      ['JSON with a key twice', '{"v":1,"v":1}', 400, 'not-json'],
      ['a number beyond all bounds', JSON.stringify(message).replace(':12,', ':1e999,'), 400, 'not-json'],
      ['no message', {}, 400, 'message-refused'],
      ['a version to come', { ...message, v: 2 }, 400, 'version-unsupported'],
      ['a duration below zero', { ...message, durationMs: -1 }, 400, 'message-refused'],
      ['a duration that is a text', { ...message, durationMs: '12' }, 400, 'message-refused'],
      ['a duration that is null', { ...message, durationMs: null }, 400, 'message-refused'],
      ['a time that is a text', { ...message, startedAt: '2026-13-01' }, 400, 'message-refused'],
      ['the year 10,000', { ...message, startedAt: 253_402_300_800_000 }, 400, 'message-refused'],
      ['a check that is not there', { ...message, checkId: 'nowhere' }, 404, 'unknown-check'],
      ['what nobody asked for', { ...message, measurementId: 'strange' }, 409, 'unasked'],
      ['another probe', { ...message, probe: second.probe }, 409, 'unasked'],
      ['a probe that is not known', { ...message, probe: 'moon' }, 409, 'unknown-probe'],
      ['an attempt to come', { ...message, attempt: 2 }, 409, 'unasked'],
    ]
    for (const [name, body, status, error] of rows) {
      expect(await runner.post(ROUTES.measurement, body), name).toEqual({ status, body: { error } })
    }
    expect(await stranger.post(ROUTES.measurement, message)).toEqual({
      status: 403,
      body: { error: 'not-yours' },
    })
    expect(await runner.post(ROUTES.measurement, message)).toMatchObject({ status: 200 })
  })

  it('marks a runner that sends rubbish twenty times in a row, once, and says so in the log', async () => {
    const runner = await HandRunner.make(hub.url)
    expect(await runner.enrol(codes.get('lyon') ?? '')).toMatchObject({ status: 200 })
    for (let count = 0; count < 25; count++) {
      expect((await runner.post(ROUTES.measurement, {})).status).toBe(400)
    }
    const lines = hub.log.lines.filter(({ message }) => message.includes('quarantined'))
    expect(lines).toHaveLength(1)
  })
})

describe('an enrolment over HTTP', () => {
  it('spends a code once, repeats its answer to the same key, and refuses everybody else alike', async () => {
    const runner = await HandRunner.make(hub.url)
    const spent = codes.get('seattle') ?? ''
    const refused = { status: 403, body: { error: 'enrolment-refused' } }
    expect(await runner.enrol(spent)).toEqual(refused)
    expect(await runner.enrol('dse_seattle_00000000000000000000000000000000')).toEqual(refused)
    expect(await runner.enrol('rubbish')).toEqual(refused)
    expect(await runner.send(ROUTES.enroll, '{"v":1}', {})).toEqual(refused)
  })
})

describe('a hub that is started again', () => {
  it('does not start where its port or its folder is taken', async () => {
    await expect(startTestHub(folder, await freePort())).rejects.toMatchObject({ name: 'CannotOpenStore' })
    await expect(startTestHub(await folders.make(), port)).rejects.toBeInstanceOf(PortTaken)
  })

  it('keeps what it knew: status, runners and their keys, and does not call them silent at once', async () => {
    const lineOf = (kind: string) =>
      connector
        .cards()
        .filter((card) => cardKind(card) === kind)
        .map((card) => cardLines(card))
    await say('status seattle')
    await until(() => lineOf('status').length === 1)
    await hub.close()
    hub = await startTestHub(folder, port)
    await say('status seattle')
    await until(() => lineOf('status').length === 2)
    const [before, after] = lineOf('status')
    expect(before?.[0]).toContain('Seattle is unproven')
    expect(after?.[0]).toBe(before?.[0])
    await say('offices')
    await until(() => lineOf('offices').length === 1)
    const offices = lineOf('offices')[0]?.join('\n')
    expect(offices).toContain('seattle-1')
    expect(offices).not.toMatch(/(seattle|london)-1 silent/)
  })

  it('lets a held poll go at once when it stops, and knows the runner when it is back', async () => {
    const other = await folders.make()
    const at = await freePort()
    const made = await seed(other, ['oslo'])
    const first = await startTestHub(other, at)
    const runner = await HandRunner.make(first.url)
    await runner.enrol(made.get('oslo') ?? '')
    await runner.hello()
    const polled = runner.poll()
    await until(async () => {
      const body = (await (await fetch(`${first.url}/healthz`)).json()) as Record<string, unknown>
      return (body['runnersOnline'] as unknown[]).length === 1
    })
    const began = performance.now()
    await Promise.all([first.close(), polled.then(({ status }) => expect(status).toBe(204))])
    expect(performance.now() - began, 'not when its time of holding is over').toBeLessThan(POLL_HOLD_MS / 2)
    const second = await startTestHub(other, at)
    expect((await runner.poll()).status).toBe(204)
    await second.close()
  })
})
