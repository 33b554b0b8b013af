import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readHubConfig } from '../../src/config/hub-config.ts'
import { type Hub, startHub } from '../../src/hub/hub.ts'
import { freePort } from '../../src/local/ports.ts'
import { CLOUDS } from '../../src/teams/cloud.ts'
import { random } from '../store/contract.ts'
import { ANA } from '../support/check-kit.ts'
import { seed } from '../support/hub-kit.ts'
import {
  connectorClaims,
  IdentityProvider,
  type IssuerKey,
  newIssuerKey,
  signed,
} from '../support/identity-provider.ts'
import { scratch } from '../support/scratch.ts'
import { keptLog, until } from '../support/settle.ts'
import { realClock } from '../support/test-clock.ts'
import { APP_ID, FOREIGN_TENANT, fromTeams, SECOND_TENANT, TENANT } from '../teams/sign-in-kit.ts'

const CANARY = 'hunter2~canary'
const RANDOM = { ...random, unit: () => Math.random() }
const PUBLIC_NAME = 'doorstep.example'

interface Posted {
  readonly method: string
  readonly authorization: string | undefined
  readonly text: string
}

const folders = scratch('doorstep-sign-in-')
const log = keptLog()
const posted: Posted[] = []
let identity: IdentityProvider
let key: IssuerKey
let connector: Server
let serviceUrl: string
let hub: Hub
let said = 0

/** Who asks, as the roster of every conversation says it: without one, nobody counts as a member. */
const ROSTER = {
  id: '29:ana',
  name: 'Ana Diaz',
  aadObjectId: ANA.objectId,
  userRole: 'user',
  tenantId: TENANT,
}

beforeAll(async () => {
  identity = await IdentityProvider.start()
  key = await newIssuerKey('teams-1')
  identity.keys = [key]
  connector = createServer((req, res) => {
    if (req.method === 'GET') res.end(JSON.stringify(ROSTER))
    else void take(req).then(() => res.end('{"id":"sent"}'))
  })
  await new Promise<void>((done) => connector.listen(0, '127.0.0.1', done))
  const origin = `http://127.0.0.1:${(connector.address() as AddressInfo).port}`
  serviceUrl = `${origin}/emea/`
  const folder = await folders.make()
  await seed(folder, ['seattle'])
  const config = readHubConfig({
    DOORSTEP_APP_ID: APP_ID,
    DOORSTEP_APP_TYPE: 'SingleTenant',
    DOORSTEP_APP_SECRET: CANARY,
    DOORSTEP_TENANT: `${TENANT},${SECOND_TENANT}`,
    DOORSTEP_ORIGIN: `https://${PUBLIC_NAME}`,
    DOORSTEP_HOST: '127.0.0.1',
    DOORSTEP_PORT: String(await freePort()),
    DOORSTEP_DATA: folder,
    DOORSTEP_ADMINS: ANA.objectId,
    DOORSTEP_ENDPOINTS: 'http://127.0.0.1:1',
  })
  const cloud = identity.cloud({ serviceOrigins: [origin] })
  hub = await startHub(config, {
    clock: realClock,
    random: RANDOM,
    log,
    clouds: { ...CLOUDS, public: cloud },
  })
  await until(() => log.lines.some(({ message }) => message === 'signing keys fetched'))
})
afterAll(async () => {
  await hub.close()
  connector.closeAllConnections()
  connector.close()
  await identity.close()
  await folders.remove()
})

async function take(req: IncomingMessage): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  posted.push({ method: req.method ?? '', authorization: req.headers.authorization, text })
}

const message = (parts: object = {}) => {
  const from = { id: '29:ana', name: 'Ana Diaz', aadObjectId: ANA.objectId }
  return fromTeams({ id: `m-${++said}`, serviceUrl, from, text: 'offices', ...parts })
}
const token = async (over: object = {}) =>
  `Bearer ${await signed(key, { ...connectorClaims(APP_ID, serviceUrl), ...over })}`

function ask(
  path: string,
  { host = PUBLIC_NAME, authorization, body }: { host?: string; authorization?: string; body?: object } = {},
): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
  const headers = { host, 'content-type': 'application/json', ...(authorization ? { authorization } : {}) }
  const req = request(hub.url + path, { method: body ? 'POST' : 'GET', headers, agent: false }, (res) => {
    let text = ''
    res.on('data', (chunk) => (text += String(chunk)))
    res.on('end', () => resolve({ status: res.statusCode ?? 0, text }))
  })
  req.on('error', reject)
  req.end(body ? JSON.stringify(body) : undefined)
  return promise
}

describe('a hub with sign-in', () => {
  it('answers a message of Teams with a card, signed with its own token', async () => {
    expect(await ask('/api/messages', { authorization: await token(), body: message() })).toEqual({
      status: 200,
      text: '',
    })
    await until(() => posted.length === 1)
    expect(posted[0]).toMatchObject({ method: 'POST', authorization: 'Bearer bot-token-1' })
    expect(posted[0]?.text).toContain('Seattle')
    expect(identity.tokenRequests[0]?.form.get('client_secret')).toBe(CANARY)
  })

  it('lets nobody else command it, and sends nothing for them', async () => {
    const before = posted.length
    const foreign = {
      conversation: { conversationType: 'personal', tenantId: FOREIGN_TENANT, id: 'a:x' },
      channelData: { tenant: { id: FOREIGN_TENANT } },
    }
    const elsewhere = { serviceUrl: 'http://127.0.0.1:1/' }
    expect((await ask('/api/messages', { body: message() })).status).toBe(401)
    expect(
      (await ask('/api/messages', { authorization: await token(), body: message(elsewhere) })).status,
    ).toBe(401)
    expect(
      (await ask('/api/messages', { authorization: await token({ aud: 'x' }), body: message() })).status,
    ).toBe(401)
    expect(
      (await ask('/api/messages', { authorization: await token(), body: message(foreign) })).status,
    ).toBe(403)
    expect((await ask('/api/messages', { authorization: await token(), body: {} })).status).toBe(400)
    expect(posted).toHaveLength(before)
  })

  it('is served under its public name and this machine, and under no other', async () => {
    const { port } = new URL(hub.url)
    for (const host of [PUBLIC_NAME, PUBLIC_NAME.toUpperCase(), `127.0.0.1:${port}`, `localhost:${port}`]) {
      expect((await ask('/healthz', { host })).status, host).toBe(200)
    }
    for (const host of ['evil.example', `${PUBLIC_NAME}:8443`, `${PUBLIC_NAME}.evil.example`, '127.0.0.1']) {
      expect((await ask('/healthz', { host })).status, host).toBe(421)
    }
  })

  it('tells a stranger that it is well and how old its keys are, and names no runner', async () => {
    const { text } = await ask('/healthz')
    expect(JSON.parse(text)).toEqual({
      ok: true,
      checks: 0,
      messages: { waiting: 0, unsent: 0 },
      keysAgeSeconds: expect.any(Number),
    })
  })

  it('wrote nothing secret to its log', () => {
    expect(JSON.stringify(log.lines)).not.toMatch(/hunter2|bot-token|eyJ/)
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})
