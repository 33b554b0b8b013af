import { describe, expect, it } from 'vitest'
import { HubLink, type HubResponse, MOST_OFFSET_MS } from '../../src/runner/hub-link.ts'
import { pollForever } from '../../src/runner/poll-loop.ts'
import { sayHello } from '../../src/runner/say-hello.ts'
import type { Job } from '../../src/wire/poll.ts'
import { readSignedHeader, verifyRequest } from '../../src/wire/verify-request.ts'
import { countingRandom, HUB, NOW, newKeyPair } from '../wire/signing-kit.ts'
import { answer, CUT, HandClock, keptLog, memoryHome, scriptedHub, until } from './fakes.ts'

const pair = await newKeyPair()
const signer = { runnerId: 'seattle-1', kid: pair.kid, privateKey: pair.privateKey }
const never = new AbortController().signal

function linkTo(
  hub: ReturnType<typeof scriptedHub>,
  clock = new HandClock(),
  mostOffsetMs: number = MOST_OFFSET_MS,
) {
  return new HubLink({ hub: HUB, signer, send: hub.send, clock, random: countingRandom(), mostOffsetMs })
}

describe('the link to the hub', () => {
  it('signs what it sends, so that the hub’s verification accepts it', async () => {
    const hub = scriptedHub(answer(204))
    await linkTo(hub).post('/r/v1/poll', '{"v":1}', 1000, never)
    const header = readSignedHeader(hub.asked[0]?.authorization ?? undefined)
    const request = { hub: HUB, method: 'POST', path: '/r/v1/poll', body: Buffer.from('{"v":1}'), now: NOW }
    const verified =
      header && (await verifyRequest(header, { ...request, ...signer, publicKey: pair.publicKey }))
    expect(verified).toMatchObject({ ok: true })
  })

  it('corrects its clock by the hub’s word and tries once more', async () => {
    const clock = new HandClock()
    clock.wrongBy = -600_000
    const hub = scriptedHub(answer(401, { error: 'clock-skew', now: NOW }), answer(204))
    const link = linkTo(hub, clock)
    expect(await link.post('/r/v1/poll', '', 1000, never)).toEqual({
      kind: 'answered',
      status: 204,
      body: '',
    })
    expect(link.now()).toBe(NOW)
    expect(hub.asked).toHaveLength(2)
  })

  it('does not try for ever when the hub goes on about the clock', async () => {
    const hub = scriptedHub(answer(401, { error: 'clock-skew', now: NOW }))
    expect(await linkTo(hub).post('/r/v1/poll', '', 1000, never)).toMatchObject({
      kind: 'refused',
      status: 401,
    })
    expect(hub.asked).toHaveLength(2)
  })

  it('does not follow a clock that is days away', async () => {
    const hub = scriptedHub(answer(401, { error: 'clock-skew', now: NOW + 90_000_000 }))
    expect(await linkTo(hub).post('/r/v1/poll', '', 1000, never)).toMatchObject({ kind: 'clock-wrong' })
  })

  it('follows any clock in a world, which says how wrong it is', async () => {
    const clock = new HandClock()
    clock.wrongBy = -20 * 366 * 86_400_000
    const hub = scriptedHub(answer(401, { error: 'clock-skew', now: NOW }), answer(204))
    const link = linkTo(hub, clock, Number.POSITIVE_INFINITY)
    expect(await link.post('/r/v1/poll', '', 1000, never)).toMatchObject({ kind: 'answered' })
    expect(link.now()).toBe(NOW)
  })

  it.each([
    ['trouble', CUT, { kind: 'trouble' }],
    ['a proxy’s page', answer(403, '<html>'), { kind: 'refused', code: null }],
    ['a redirect', answer(302), { kind: 'refused', status: 302, code: null }],
    ['a refusal', answer(403, { error: 'locked' }), { kind: 'refused', code: 'locked' }],
  ])('tells %s apart', async (_name, response, expected) => {
    expect(await linkTo(scriptedHub(response)).post('/', '', 1000, never)).toMatchObject(expected)
  })
})

const introduce = () => ({
  version: '0.1.0',
  platform: 'test',
  probes: { rtt: 1 },
  listVersion: '2026102900',
  settings: { tenant: false, echo: false, beacon: false },
  world: null,
})
const welcome = (generation: number) => answer(200, { v: 1, generation, now: NOW })

function hello(hub: ReturnType<typeof scriptedHub>, home = memoryHome(), clock = new HandClock()) {
  const random = countingRandom()
  const parts = { link: linkTo(hub, clock), home, introduce, clock, random, log: keptLog() }
  return sayHello(parts, never)
}

describe('a hello', () => {
  it('stores the new generation', async () => {
    const home = memoryHome()
    expect(await hello(scriptedHub(welcome(4)), home)).toBeNull()
    expect(home.files.get('generation.json')).toBe('{"generation":4,"nonce":null}')
  })

  it('repeats generation and nonce when its answer was lost, also after a crash', async () => {
    const home = memoryHome()
    const clock = new HandClock()
    const hub = scriptedHub(CUT, () => {
      throw new Error('the process dies')
    })
    const dying = expect(hello(hub, home, clock)).rejects.toThrow('dies')
    await until(() => clock.next !== null)
    await clock.pass(60_000)
    await dying
    const after = scriptedHub(welcome(1))
    await hello(after, home)
    const said = [...hub.asked, ...after.asked].map(({ body }) => JSON.parse(body))
    expect(new Set(said.map(({ generation, nonce }) => `${generation} ${nonce}`)).size).toBe(1)
  })

  it.each(['revoked', 'expired'])('ends the runner when it is %s', async (error) => {
    expect(await hello(scriptedHub(answer(403, { error })))).toBe('revoked')
  })

  it.each([
    ['pending', answer(403, { error: 'pending' })],
    ['locked', answer(403, { error: 'locked' })],
    ['unknown', answer(401, { error: 'unauthorized' })],
    ['answered by a proxy', answer(200, '<html>')],
    ['cut off', CUT],
  ] as [string, HubResponse][])('is said again later while the runner is %s', async (_name, first) => {
    const clock = new HandClock()
    const hub = scriptedHub(first, welcome(1))
    const said = hello(hub, memoryHome(), clock)
    await until(() => clock.next !== null)
    await clock.pass(1_000)
    expect(await said).toBeNull()
    expect(hub.asked).toHaveLength(2)
  })
})

const job: Job = { checkId: 'c1', attempt: 1, deadline: NOW + 60_000, owed: [] }

function polling(hub: ReturnType<typeof scriptedHub>) {
  const clock = new HandClock()
  const stop = new AbortController()
  const taken: Job[] = []
  const jobs = { inflight: () => ['m1'], take: (got: readonly Job[]) => taken.push(...got) && got.length }
  const parts = { link: linkTo(hub, clock), jobs, clock, random: countingRandom(), log: keptLog() }
  return { clock, stop, taken, ending: pollForever(parts, stop.signal) }
}

describe('the poll loop', () => {
  it('names what is under way and hands on the jobs that it gets', async () => {
    const hub = scriptedHub(answer(200, { v: 1, jobs: [job] }), answer(403, { error: 'revoked' }))
    const { ending, taken } = polling(hub)
    expect(await ending).toBe('revoked')
    expect(taken).toEqual([job])
    expect(hub.asked[0]?.body).toBe('{"v":1,"inflight":["m1"]}')
  })

  it('backs off with doubled bounds while the hub is away, and comes back at once', async () => {
    const away = Array.from({ length: 8 }, () => CUT)
    const hub = scriptedHub(...away, answer(403, { error: 'revoked' }))
    const { ending, clock } = polling(hub)
    const waits: number[] = []
    for (let i = 1; i <= away.length; i++) {
      await until(() => hub.asked.length === i && clock.next !== null)
      waits.push(clock.next ?? 0)
      await clock.pass(clock.next ?? 0)
    }
    expect(await ending).toBe('revoked')
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
  })

  it('waits as long as Retry-After asks', async () => {
    const hub = scriptedHub(
      answer(503, { error: 'busy' }, { retryAfterMs: 7000 }),
      answer(403, { error: 'revoked' }),
    )
    const { ending, clock } = polling(hub)
    await until(() => clock.next !== null)
    expect(clock.next).toBe(7500)
    await clock.pass(7500)
    await ending
  })

  it('does not spin when a hub answers empty polls at once', async () => {
    const hub = scriptedHub(answer(204))
    const { ending, clock, stop } = polling(hub)
    await until(() => clock.next !== null)
    expect(hub.asked).toHaveLength(1)
    stop.abort()
    expect(await ending).toBe('stopped')
  })
})
