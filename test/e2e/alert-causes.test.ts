import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cardKind, cardLines } from '../../src/cards/card-text.ts'
import recorded from '../../src/endpoints/snapshot-worldwide.json' with { type: 'json' }
import { DEMO_PEOPLE } from '../../src/local/connector/people.ts'
import { freePort } from '../../src/local/ports.ts'
import { alertStore } from '../../src/store/alerts.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { installationStore } from '../../src/store/installation.ts'
import { random } from '../store/contract.ts'
import { type DnsServer, dnsReply, startDnsServer } from '../support/dns-server.ts'
import { seed } from '../support/hub-kit.ts'
import { type HubProcess, startHubProcess } from '../support/hub-process.ts'
import { scratch } from '../support/scratch.ts'
import { until } from '../support/settle.ts'
import { type Sent, startConnector, type TestConnector } from '../support/test-connector.ts'

const RUNNER = join(import.meta.dirname, '..', '..', 'src', 'runner', 'main.ts')
const TEST_MS = 60_000
const HOUR = 3_600_000

/** Five minutes of silence are then six seconds, and a look at what is wrong comes every 0.6 s. */
const SCALE = '0.02'

const folders = scratch('doorstep-causes-')
let connector: TestConnector
let service: ReturnType<typeof endpointService>
let beacon: DnsServer
let isBeaconAway = false
let folder = ''
let port = 0
let code = ''
let channel = ''
let hub: HubProcess | null = null
const children: ChildProcess[] = []

/** Stands in for Microsoft's endpoint web service. */
function endpointService() {
  const state = { version: '2026102900', isAway: false, entries: recorded.endpoints, changes: [] as object[] }
  const server: Server = createServer((req, res) => {
    if (state.isAway) res.statusCode = 503
    const { pathname } = new URL(req.url ?? '/', 'http://x')
    const body = pathname.startsWith('/version/')
      ? { latest: state.version }
      : pathname.startsWith('/changes/')
        ? state.changes
        : state.entries
    res.end(state.isAway ? '' : JSON.stringify(body))
  })
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return { state, server, url }
}

beforeAll(async () => {
  connector = await startConnector()
  service = endpointService()
  service.server.listen(0, '127.0.0.1')
  await once(service.server, 'listening')
  // A name that nobody asked for does not exist: that is an answer. Refused is none.
  beacon = await startDnsServer((query) => dnsReply(query, { rcode: isBeaconAway ? 5 : 3 }))
  folder = await folders.make()
  port = await freePort()
  code = (await seed(folder, ['seattle'])).get('seattle') ?? ''
  await startHub()
}, TEST_MS)
beforeEach(() => {
  channel = `causes-${randomUUID()}`
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(async () => {
  await stopHub()
  await connector?.close()
  await beacon?.close()
  service.server.closeAllConnections()
  service.server.close()
  await folders.remove()
})

async function startHub(): Promise<void> {
  hub = await startHubProcess({
    DOORSTEP_SIGN_IN: 'off',
    DOORSTEP_PORT: String(port),
    DOORSTEP_DATA: folder,
    DOORSTEP_ADMINS: DEMO_PEOPLE[0].objectId,
    DOORSTEP_ENDPOINTS: service.url(),
    DOORSTEP_TIME_SCALE: SCALE,
    DOORSTEP_BEACON: 'b.example',
    DOORSTEP_BEACON_AT: `${beacon.address}:${beacon.port}`,
  })
}

async function stopHub(): Promise<void> {
  await hub?.stop()
  hub = null
}

/** What happened before now happened that much longer ago, for the list that is held and for who ordered alerts. */
async function hoursPass(hours: number): Promise<void> {
  const store = await openEmbeddedStore(folder, { random })
  const ms = hours * HOUR
  const kept = (await installationStore(store).loadEndpointList()) as {
    newestAt: number
    latest: { version: string; at: number }
  }
  await installationStore(store).saveEndpointList({
    ...kept,
    newestAt: kept.newestAt - ms,
    latest: { ...kept.latest, at: kept.latest.at - ms },
  })
  const alerts = alertStore(store)
  for (const order of await alerts.orders()) await alerts.putOrder({ ...order, madeAt: order.madeAt - ms })
  await store.close()
}

/** The runner as a program, at its own prompt. Its world has nothing in it, so that it only polls. */
async function startRunner(): Promise<ChildProcess> {
  const home = join(folder, 'runner')
  const world = join(folder, 'seattle-1.json')
  const nowhere = { interfaces: [], proxy: null, tenant: null, roots: null, systemRoots: null, beacon: null }
  await writeFile(
    world,
    JSON.stringify({
      world: 'x',
      gateway: 'socks5://127.0.0.1:1',
      resolvers: [],
      endpoints: null,
      echo: null,
      ...nowhere,
    }),
  )
  const settings = { DOORSTEP_HUB: hub?.url, DOORSTEP_HOME: home, DOORSTEP_WORLD: world }
  const own = Object.entries(process.env).filter(([key]) => !key.startsWith('DOORSTEP_'))
  const run = (...args: readonly string[]) => {
    const child = spawn(process.execPath, [RUNNER, ...args], {
      env: { ...Object.fromEntries(own), ...settings },
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    children.push(child)
    return child
  }
  if (code !== '') {
    const enrolling = run('enroll')
    enrolling.stdin.end(`${code}\n`)
    expect((await once(enrolling, 'exit'))[0]).toBe(0)
    code = ''
  }
  const child = run('run')
  await until(async () => {
    const health = (await (await fetch(`${hub?.url}/healthz`)).json()) as { runnersOnline: readonly string[] }
    return health.runnersOnline.length === 1
  })
  return child
}

const textOf = ({ card }: Sent) => cardLines(card).join('\n')
const say = async (text: string, shows: RegExp) => {
  await connector.say(hub?.url ?? '', { text, conversationId: channel })
  return connector.first(channel, (sent) => shows.test(textOf(sent)))
}
const alertThat = (shows: RegExp) =>
  connector.first(channel, (sent) => cardKind(sent.card) === 'alert' && shows.test(textOf(sent)))
const kinds = () =>
  connector.to(channel).flatMap((sent) => (cardKind(sent.card) === 'alert' ? [sent.kind] : []))

describe('alerts with a hub and a runner as programs', { timeout: TEST_MS }, () => {
  it('tell once of a runner that ended, and on the same card that it is back', async () => {
    const runner = await startRunner()
    await say('alert all about silent', /Alerts will come here/)
    runner.kill('SIGKILL')
    const told = await alertThat(/is silent/)
    expect([told.kind, textOf(told)]).toEqual([
      'post',
      expect.stringMatching(/seattle-1.*In Seattle, last heard of/s),
    ])
    await startRunner()
    const over = await alertThat(/heard of again/)
    expect(over.activityId).toBe(told.activityId)
    expect(kinds()).toEqual(['post', 'edit'])
  })

  it('tell that a conversation takes nothing and that the beacon is silent, and that both are back', async () => {
    await say('alert all about trouble', /Alerts will come here/)
    const closed = `closed-${randomUUID()}`
    const there = (text: string) => connector.say(hub?.url ?? '', { text, conversationId: closed })
    await there('alert all about silent')
    await connector.first(closed, (sent) => /Alerts will come here/.test(textOf(sent)))
    connector.refusePosts(closed, 403)
    isBeaconAway = true
    await there('help')
    const told = await alertThat(/1 conversation takes no digests and alerts/)
    const silent = await alertThat(/The beacon does not answer/)
    connector.refusePosts(closed, null)
    isBeaconAway = false
    await there('help')
    const answers = await alertThat(/The beacon answers again/)
    expect(answers.activityId).toBe(silent.activityId)
    const over = await alertThat(/Every conversation takes its digests and alerts again/)
    expect(over.activityId).toBe(told.activityId)
  })

  it('tell by when new endpoints must be let through, and that every office was checked with them', async () => {
    await say('alert all about endpoints', /Alerts will come here/)
    await connector.ask(hub?.url ?? '', 'check office Seattle')
    await stopHub()
    await hoursPass(2)
    const { state } = service
    const [first] = state.entries
    const effective = new Date(Date.now() + 20 * 24 * HOUR).toISOString().slice(0, 10)
    state.version = '2026112900'
    state.entries = state.entries.map((entry) =>
      entry === first ? { ...first, ips: [...(first.ips ?? []), '203.0.113.0/24'] } : entry,
    )
    state.changes = [
      {
        id: 1,
        endpointSetId: first?.id,
        disposition: 'Change',
        version: state.version,
        impact: 'AddedIp',
        add: { effectiveDate: effective.replaceAll('-', ''), ips: ['203.0.113.0/24'] },
      },
    ]
    await startHub()
    const told = await alertThat(/New endpoints must be let through/)
    expect(textOf(told)).toContain(`by ${effective}`)
    expect(textOf(told)).toMatch(/1 office has not been checked with the new list/)
    await connector.press(hub?.url ?? '', told, 'Endpoints')
    await connector.first(channel, (sent) => /203\.0\.113\.0\/24/.test(textOf(sent)))
    await connector.ask(hub?.url ?? '', 'check office Seattle')
    const over = await alertThat(/Every office was checked with the new endpoints/)
    expect([over.kind, over.activityId]).toEqual(['edit', told.activityId])
  })

  it('tell that the endpoint list is a day old, and on the same card that it is fresh again', async () => {
    await say('alert all about trouble', /Alerts will come here/)
    await stopHub()
    service.state.isAway = true
    await hoursPass(25)
    await startHub()
    const told = await alertThat(/The endpoint list is old/)
    await connector.press(hub?.url ?? '', told, 'About')
    await connector.first(channel, (sent) => /Trouble The endpoint list is old\./.test(textOf(sent)))
    await stopHub()
    service.state.isAway = false
    await startHub()
    const over = await alertThat(/The endpoint list is fresh again/)
    expect(over.activityId).toBe(told.activityId)
    expect(kinds()).toEqual(['post', 'edit'])
  })
})
