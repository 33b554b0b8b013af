import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { buildRunner } from '../../scripts/bundles.ts'
import type { Runner } from '../../src/core/runner.ts'
import recorded from '../../src/endpoints/snapshot-worldwide.json' with { type: 'json' }
import { enrollRunner } from '../../src/hub/runners/enroll-runner.ts'
import { EnrollThrottle } from '../../src/hub/runners/enroll-throttle.ts'
import { ReplayMemory } from '../../src/hub/runners/replay-memory.ts'
import { verifyRunner } from '../../src/hub/runners/verify-runner.ts'
import { systemRandom } from '../../src/os/random.ts'
import { hashEnrolmentCode, newEnrolmentCode } from '../../src/wire/enrolment-code.ts'
import { type Hello, helloSchema } from '../../src/wire/hello.ts'
import { type MeasurementMessage, measurementMessageSchema } from '../../src/wire/measurement-message.ts'
import { ROUTES } from '../../src/wire/routes.ts'
import { startSocksGateway, type TestGateway } from '../support/socks-gateway.ts'
import { until } from './fakes.ts'

const LIST_VERSION = '2026102900'
const CODE = newEnrolmentCode('seattle', systemRandom)

/** A hub that does the protocol's part for one runner, in memory, over real HTTP. */
async function startHub() {
  const runners: Runner[] = []
  let spent: string | null = null
  const hellos: Hello[] = []
  const measurements: MeasurementMessage[] = []
  const refused: string[] = []
  const jobs: object[] = []
  const waiting = new Set<ServerResponse>()
  const code = (hash: string) => ({
    officeId: hash === hashEnrolmentCode(CODE) ? 'seattle' : 'none',
    createdBy: 'ana',
    expiresAt: Date.now() + 600_000,
    usedBy: spent,
    runnerId: spent === null ? null : 'seattle-1',
    etag: '1',
  })
  const store = {
    code: async (hash: string) => code(hash),
    spendCode: async (_hash: string, _etag: string, kid: string) => {
      spent = kid
      return true
    },
    byKid: async (kid: string) => runners.find((runner) => runner.kid === kid) ?? null,
    put: async (runner: Runner) => void runners.push(runner),
    officeName: async () => 'Seattle',
  }
  const throttle = new EnrollThrottle()
  const nextRunner = async () => ({ id: 'seattle-1', name: 'Seattle 1' })
  const replay = new ReplayMemory()
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const say = (status: number, value: object) => response.writeHead(status).end(JSON.stringify(value))
    const hub = origin()
    const path = request.url ?? ''
    if (path === ROUTES.enroll) {
      const parts = { hub, store, throttle, nextRunner, firstState: 'active' } as const
      const outcome = await enrollRunner(body, '127.0.0.1', parts, Date.now())
      return outcome.ok ? say(200, outcome.answer) : say(outcome.status, { error: outcome.code })
    }
    const { authorization } = request.headers
    const asked = { authorization, method: request.method ?? '', path, body }
    const verdict = await verifyRunner(asked, { hub, findRunner: store.byKid, replay }, Date.now())
    if (!verdict.ok) {
      refused.push(verdict.code)
      return say(verdict.status, { error: verdict.code, now: verdict.now })
    }
    const message: unknown = JSON.parse(body.toString())
    if (path === ROUTES.hello) {
      hellos.push(helloSchema.parse(message))
      return say(200, { v: 1, generation: hellos.length, now: Date.now() })
    }
    if (path === ROUTES.measurement) {
      measurements.push(measurementMessageSchema.parse(message))
      return say(200, { v: 1, stored: true })
    }
    const found = jobs.splice(0)
    if (found.length > 0) return say(200, { v: 1, jobs: found })
    waiting.add(response)
    return response.on('close', () => waiting.delete(response))
  })
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const give = (job: object) => {
    jobs.push(job)
    for (const poll of waiting) poll.writeHead(200).end(JSON.stringify({ v: 1, jobs: jobs.splice(0) }))
  }
  const revoke = () => {
    runners.splice(0, 1, { ...(runners[0] as Runner), state: 'revoked' })
    for (const poll of waiting) poll.writeHead(204).end()
  }
  const close = () => {
    server.closeAllConnections()
    return new Promise<unknown>((resolve) => server.close(resolve))
  }
  return { origin, runners, hellos, measurements, refused, waiting, give, revoke, close }
}

let folder: string
let bundle: string
let lists: Server
let gateway: TestGateway
const children: ChildProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doorstep-runner-'))
  bundle = join(folder, 'runner.mjs')
  await buildRunner(bundle)
  lists = createServer((request, response) => {
    const version = request.url?.startsWith('/version/') ?? false
    response.end(JSON.stringify(version ? { latest: LIST_VERSION } : recorded.endpoints))
  })
  await new Promise<void>((resolve) => lists.listen(0, '127.0.0.1', resolve))
  const { port } = lists.address() as AddressInfo
  gateway = await startSocksGateway({
    way: (address, at) => (address === '198.51.100.80' && at === 80 ? { port } : { reply: 5 }),
  })
  const world = {
    world: 'tiny',
    gateway: `socks5://127.0.0.1:${gateway.port}`,
    resolvers: ['192.0.2.53'],
    interfaces: [],
    proxy: null,
    tenant: null,
    roots: null,
    systemRoots: null,
    endpoints: 'http://198.51.100.80/',
    echo: null,
    beacon: null,
    clockOffsetMs: 40 * 86_400_000 + 0.25,
  }
  await writeFile(join(folder, 'world.json'), JSON.stringify(world))
})

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

afterAll(async () => {
  await gateway.close()
  await new Promise((resolve) => lists.close(resolve))
  await rm(folder, { recursive: true, force: true })
})

/** The bundled runner as a process of its own, with nothing of this test's environment. */
function start(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [bundle, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  children.push(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, ended, said: () => text }
}

async function enrolled() {
  const hub = await startHub()
  const home = join(folder, `home-${Math.random()}`)
  const host = start(['enroll', '--hub', hub.origin(), '--home', home])
  host.child.stdin.end(`${CODE}\n`)
  expect(await host.ended, host.said()).toBe(0)
  const run = (...more: string[]) =>
    start(['run', '--home', home, ...more], { DOORSTEP_WORLD: join(folder, 'world.json') })
  return { hub, home, run, said: host.said() }
}

describe('the runner as a process', () => {
  it('enrols with a code from standard input and keeps its key to itself', async () => {
    const { hub, home, said } = await enrolled()
    expect(said).toContain(`Enrolled as runner seattle-1 of Seattle. Key SHA256:${hub.runners[0]?.kid}`)
    expect(said).not.toContain(CODE.slice(-32))
    expect((await stat(join(home, 'key.json'))).mode & 0o077).toBe(0)
    const again = start(['enroll', '--hub', hub.origin(), '--home', home])
    again.child.stdin.end(CODE)
    expect(await again.ended).toBe(1)
    await hub.close()
  })

  it('says hello, polls, measures what it may, refuses what it may not, and ends within 2 s', async () => {
    const { hub, run } = await enrolled()
    const runner = run()
    await until(() => hub.waiting.size === 1)
    expect(hub.refused).toEqual(['clock-skew'])
    expect(hub.hellos).toMatchObject([{ generation: 0, listVersion: LIST_VERSION, world: 'tiny' }])
    const targets = [{ set: 1, host: 'outlook.office365.com' }]
    const owed = [
      { measurementId: 'm1', probe: 'rtt', params: { targets } },
      { measurementId: 'm2', probe: 'rtt', params: { targets: [{ set: 1, host: 'evil.example' }] } },
      { measurementId: 'm3', probe: 'moon', params: {} },
    ]
    hub.give({ checkId: 'c1', attempt: 1, deadline: Date.now() + 20_000, owed })
    await until(() => hub.measurements.length === 3)
    const words = Object.fromEntries(
      hub.measurements.map(({ measurementId, outcome }) => [
        measurementId,
        outcome.ok ? 'ok' : outcome.failure,
      ]),
    )
    expect(words).toMatchObject({ m2: 'policy-refused', m3: 'unsupported-probe' })
    expect(words['m1']).toMatch(/^(ok|dns-timeout|timeout)$/)
    for (const { world, listVersion, startedAt } of hub.measurements) {
      expect([world, listVersion]).toEqual(['tiny', LIST_VERSION])
      expect(Math.abs(startedAt - Date.now())).toBeLessThan(25_000)
    }
    await until(() => hub.waiting.size === 1)
    // The hub of this test would hold the poll for ever: the runner lets it go.
    runner.child.kill('SIGTERM')
    expect(await runner.ended).toBe(0)
    const lines = runner
      .said()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.at(-1)).toMatchObject({ msg: 'runner ends', ending: 'stopped' })
    await hub.close()
  })

  it('ends with 77 when it is revoked', async () => {
    const { hub, run } = await enrolled()
    const runner = run()
    await until(() => hub.waiting.size === 1)
    hub.revoke()
    expect(await runner.ended).toBe(77)
    await hub.close()
  })

  it('ends when its standard input does, and not otherwise', async () => {
    const { hub, run } = await enrolled()
    const runner = run('--exit-with-stdin')
    await until(() => hub.waiting.size === 1)
    runner.child.stdin.end()
    expect(await runner.ended).toBe(0)
    await hub.close()
  })

  it('says everything that is wrong with its configuration at once and ends with 78', async () => {
    const env = { DOORSTEP_PROXY: 'hunter2', DOORSTEP_BEACON: 'hunter2' }
    const bad = start(['run', '--home', join(folder, 'none')], env)
    expect(await bad.ended).toBe(78)
    expect(bad.said()).toMatch(/^config: DOORSTEP_BEACON: .*; DOORSTEP_PROXY: /)
    expect(bad.said()).not.toContain('hunter2')
    const missing = start(['run', '--home', join(folder, 'none')], {
      DOORSTEP_WORLD: join(folder, 'no.json'),
    })
    expect(await missing.ended).toBe(78)
    expect(missing.said()).toMatch(/DOORSTEP_HOME.*DOORSTEP_WORLD/)
  })
})
