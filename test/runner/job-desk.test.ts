import { describe, expect, it } from 'vitest'
import { done, failed, type Outcome } from '../../src/core/failure.ts'
import type { ProbeName } from '../../src/core/measurement.ts'
import type { ProbePorts } from '../../src/core/ports.ts'
import type { Probe, ProbeContext } from '../../src/core/probe.ts'
import { TEAMS_RELAY } from '../../src/endpoints/match.ts'
import { snapshotList } from '../../src/endpoints/snapshot.ts'
import { HubLink, type HubRequest, type HubResponse, MOST_OFFSET_MS } from '../../src/runner/hub-link.ts'
import { JobDesk } from '../../src/runner/job-desk.ts'
import { RateGate } from '../../src/runner/rate-gate.ts'
import { type MeasurementMessage, measurementMessageSchema } from '../../src/wire/measurement-message.ts'
import type { Job } from '../../src/wire/poll.ts'
import { countingRandom, HUB, NOW, newKeyPair } from '../wire/signing-kit.ts'
import { answer, CUT, HandClock, keptLog, scriptedHub, settle, until } from './fakes.ts'

const pair = await newKeyPair()
const list = snapshotList()
const OUTLOOK = { set: 1, host: 'outlook.office365.com' }
const STORED = answer(200, { v: 1, stored: true })

type Run = (context: ProbeContext) => Promise<Outcome<unknown>>

function probe(name: ProbeName, run: Run): Probe<unknown> {
  return {
    name,
    version: 3,
    budgetMs: 5_000,
    questions: () => [],
    read: (value) => done(value),
    run: (_params, context) => run(context),
    evaluate: () => [],
  }
}

function desk(
  probes: readonly Probe<unknown>[],
  answers: readonly (HubResponse | ((request: HubRequest) => HubResponse))[] = [STORED],
  tenant: string | null = null,
) {
  const clock = new HandClock()
  const random = countingRandom()
  const hub = scriptedHub(...answers)
  const log = keptLog()
  const signer = { runnerId: 'seattle-1', kid: pair.kid, privateKey: pair.privateKey }
  const link = new HubLink({ hub: HUB, signer, send: hub.send, clock, random, mostOffsetMs: MOST_OFFSET_MS })
  // The fake probes open no door but the clock.
  const ports = { clock, random } as unknown as ProbePorts
  const settings = {
    beacon: null,
    echo: null,
    tenant,
    mediaSeconds: 1,
    download: null,
    systemRoots: null,
    cleanRoots: [],
    proxies: [],
    clockOffsetMs: () => 0,
  }
  let dead = 0
  const made = new JobDesk({
    measuring: {
      probes,
      workshop: { ports, settings, log },
      list: async () => list,
      gate: new RateGate(clock, 20),
      watchLoop: async () => ({ stop: async () => 0.5 }),
      clock,
      hubNow: () => link.now(),
      runnerVersion: '0.1.0',
      world: 'demo',
    },
    delivering: { link, clock, random, log },
    onDead: () => {
      dead += 1
    },
  })
  const sent = () =>
    hub.asked.map(({ body }): MeasurementMessage => measurementMessageSchema.parse(JSON.parse(body)))
  return { desk: made, clock, hub, log, sent, deaths: () => dead }
}

function job(owed: Partial<Job['owed'][number]>[], more: Partial<Job> = {}): Job {
  const full = owed.map((entry, index) => ({
    measurementId: `m${index + 1}`,
    probe: 'rtt',
    params: { targets: [OUTLOOK] },
    ...entry,
  }))
  return { checkId: 'c1', attempt: 1, deadline: NOW + 60_000, owed: full, ...more }
}

const quick = probe('rtt', async () => done({ ms: 1 }))

describe('the job desk', () => {
  it('posts a measurement with everything that belongs to it', async () => {
    const { desk: jobs, hub, sent } = desk([quick])
    jobs.take([job([{}])])
    await until(() => jobs.inflight().length === 0)
    expect(hub.asked[0]?.path).toBe('/r/v1/measurements')
    expect(sent()).toEqual([
      {
        v: 1,
        checkId: 'c1',
        measurementId: 'm1',
        probe: 'rtt',
        probeVersion: 3,
        attempt: 1,
        outcome: { ok: true, result: { ms: 1 } },
        startedAt: NOW,
        durationMs: 0,
        listVersion: list.version,
        loopDelayMs: 0.5,
        runnerVersion: '0.1.0',
        world: 'demo',
      },
    ])
  })

  it('runs one probe at a time, in the order of the probes', async () => {
    const order: string[] = []
    let running = 0
    const watched = (name: ProbeName) =>
      probe(name, async () => {
        order.push(`${name} ${++running}`)
        await settle()
        running -= 1
        return done(null)
      })
    const { desk: jobs } = desk([watched('rtt'), watched('egress'), watched('resolver-identity')])
    const egress = { probe: 'egress', params: { targets: [TEAMS_RELAY] } }
    jobs.take([job([{ probe: 'rtt' }, egress, { probe: 'resolver-identity' }])])
    expect(jobs.inflight()).toHaveLength(3)
    await until(() => jobs.inflight().length === 0)
    expect(order).toEqual(['egress 1', 'resolver-identity 1', 'rtt 1'])
  })

  it.each([
    ['a probe that it lacks', { probe: 'throughput' }, 'unsupported-probe'],
    ['params that are none', { params: { host: 'x' } }, 'params-refused'],
    ['a host of another set', { params: { targets: [{ set: 31, host: OUTLOOK.host }] } }, 'policy-refused'],
    [
      'a set that does not exist',
      { params: { targets: [{ set: 9999, host: OUTLOOK.host }] } },
      'policy-refused',
    ],
    ['a host whose set has no port for this probe', { params: { targets: [TEAMS_RELAY] } }, 'policy-refused'],
    ['a private address', { params: { targets: [{ set: 1, host: '10.0.0.1' }] } }, 'policy-refused'],
    [
      'the metadata service',
      { params: { targets: [{ set: 1, host: '169.254.169.254' }] } },
      'policy-refused',
    ],
    [
      'one bad host among good ones',
      { params: { targets: [OUTLOOK, { set: 1, host: 'evil.example' }] } },
      'policy-refused',
    ],
    [
      'a look-alike',
      { params: { targets: [{ set: 1, host: 'outlook.office365.com.evil.example' }] } },
      'policy-refused',
    ],
  ])('answers %s with a failure and runs nothing', async (_name, owed, failure) => {
    let ran = 0
    const counting = probe('rtt', async () => done(++ran))
    const { desk: jobs, sent } = desk([counting])
    jobs.take([job([owed])])
    await until(() => jobs.inflight().length === 0)
    expect(sent()[0]?.outcome).toMatchObject({ ok: false, failure })
    expect(ran).toBe(0)
  })

  it('puts its own tenant into a host before it looks at the pattern', async () => {
    const tenantJob = job([{ params: { targets: [{ set: 31, host: '{tenant}.sharepoint.com' }] } }])
    const { desk: jobs, sent } = desk([quick], [STORED], 'contoso')
    jobs.take([tenantJob])
    await until(() => jobs.inflight().length === 0)
    expect(sent()[0]?.outcome.ok).toBe(true)
  })

  it('answers a probe that throws with runner-bug, and logs it', async () => {
    const broken = probe('rtt', async () => {
      throw new TypeError('secret detail')
    })
    const { desk: jobs, sent, log } = desk([broken])
    jobs.take([job([{}])])
    await until(() => jobs.inflight().length === 0)
    expect(sent()[0]?.outcome).toEqual({ ok: false, failure: 'runner-bug', detail: 'TypeError' })
    expect(log.lines.some(({ level }) => level === 'error')).toBe(true)
  })

  it.each([
    ['heeds its signal', (context: ProbeContext) => onAbort(context.signal, () => failed('timeout'))],
    [
      'throws at its signal',
      (context: ProbeContext) => onAbort(context.signal, () => Promise.reject(new Error())),
    ],
    ['never ends', () => new Promise<never>(() => {})],
  ])('ends a probe that %s when its budget is spent', async (_name, run) => {
    const { desk: jobs, sent, clock, hub } = desk([probe('rtt', run as Run)])
    jobs.take([job([{}])])
    await until(() => clock.next !== null)
    expect(clock.next).toBe(5_000)
    await clock.pass(5_250)
    await until(() => hub.asked.length === 1)
    expect(sent()[0]?.outcome).toMatchObject({ failure: 'timeout' })
  })

  it('gives a probe no more time than the deadline leaves, less a second to deliver in', async () => {
    const { desk: jobs, clock } = desk([probe('rtt', () => new Promise<never>(() => {}))])
    jobs.take([job([{}], { deadline: NOW + 2_500 })])
    await until(() => clock.next !== null)
    expect(clock.next).toBe(1_500)
  })

  it('answers a probe whose turn comes after the deadline', async () => {
    const { desk: jobs, sent } = desk([quick])
    jobs.take([job([{}], { deadline: NOW - 1 })])
    await until(() => jobs.inflight().length === 0)
    expect(sent()[0]?.outcome).toMatchObject({ ok: false, failure: 'timeout' })
  })

  it('posts again until the hub has it', async () => {
    const {
      desk: jobs,
      clock,
      hub,
    } = desk([quick], [CUT, answer(503), answer(401, { error: 'unauthorized' }), STORED])
    jobs.take([job([{}])])
    for (let i = 1; i < 4; i++) {
      await until(() => hub.asked.length === i && clock.next !== null)
      await clock.pass(clock.next ?? 0)
    }
    await until(() => jobs.inflight().length === 0)
    expect(new Set(hub.asked.map(({ body }) => body)).size).toBe(1)
    expect(hub.asked).toHaveLength(4)
  })

  it('gives up posting at the deadline', async () => {
    const { desk: jobs, clock, hub, log } = desk([quick], [CUT])
    jobs.take([job([{}], { deadline: NOW + 1_200 })])
    await until(() => hub.asked.length === 1 && clock.next !== null)
    await clock.pass(clock.next ?? 0)
    await until(() => jobs.inflight().length === 0)
    expect(hub.asked).toHaveLength(2)
    expect(log.lines.at(-1)?.facts).toMatchObject({ delivery: 'late' })
  })

  it('sends what the hub could not read as a failure instead', async () => {
    const { desk: jobs, sent } = desk([quick], [answer(400, { error: 'message-refused' }), STORED])
    jobs.take([job([{}])])
    await until(() => jobs.inflight().length === 0)
    expect(sent()[1]?.outcome).toMatchObject({ ok: false, failure: 'result-refused' })
  })

  it.each([
    ['larger than a message', () => 'a'.repeat(70_000), 'result-refused'],
    ['nothing', () => undefined, 'runner-bug'],
    ['no JSON', () => 1n, 'runner-bug'],
    ['deep', () => JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`), 'runner-bug'],
  ])('sends a result that is %s as a failure', async (_name, result, failure) => {
    const { desk: jobs, sent } = desk([probe('rtt', async () => done(result()))])
    jobs.take([job([{}])])
    await until(() => jobs.inflight().length === 0)
    expect(sent()[0]?.outcome).toMatchObject({ ok: false, failure })
  })

  it('measures once: asked again, it posts the kept result with the newer attempt', async () => {
    let ran = 0
    const { desk: jobs, sent } = desk([probe('rtt', async () => done(++ran))])
    expect(jobs.take([job([{}])])).toBe(1)
    expect(jobs.take([job([{}], { attempt: 2 })])).toBe(0)
    await until(() => jobs.inflight().length === 0)
    expect(jobs.take([job([{}], { attempt: 3 })])).toBe(1)
    await until(() => jobs.inflight().length === 0)
    expect(sent().map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [2, { ok: true, result: 1 }],
      [3, { ok: true, result: 1 }],
    ])
  })

  it('starts no more probes in a minute than it allows itself', async () => {
    const { desk: jobs, sent } = desk([quick])
    jobs.take([job(Array.from({ length: 25 }, () => ({})))])
    await until(() => jobs.inflight().length === 0)
    const words = sent().map(({ outcome }) => (outcome.ok ? 'ok' : outcome.failure))
    expect(words.filter((word) => word === 'policy-refused')).toHaveLength(5)
  })

  it('says that the runner is dead when a post is answered so', async () => {
    const { desk: jobs, deaths } = desk([quick], [answer(403, { error: 'revoked' })])
    jobs.take([job([{}])])
    await until(() => jobs.inflight().length === 0)
    expect(deaths()).toBe(1)
  })

  it('posts nothing more once it is closed, and ends what runs', async () => {
    const { desk: jobs, hub } = desk([probe('rtt', (context) => onAbort(context.signal, () => done(1)))])
    jobs.take([job([{}, {}])])
    await settle()
    await jobs.close()
    expect(hub.asked).toHaveLength(0)
    expect(jobs.take([job([{ measurementId: 'm9' }])])).toBe(0)
  })
})

function onAbort<T>(signal: AbortSignal, then: () => T | Promise<T>): Promise<T> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(then())))
}
