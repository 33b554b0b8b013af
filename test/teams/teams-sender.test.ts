import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ConversationRef } from '../../src/core/chat.ts'
import { CLOUDS } from '../../src/teams/cloud.ts'
import { parseRetryAfter } from '../../src/teams/retry-after.ts'
import { isServiceUrlAllowed } from '../../src/teams/service-url.ts'
import {
  createTeamsSender,
  credentialsWithoutSignIn,
  type TeamsSender,
} from '../../src/teams/teams-sender.ts'
import { type TestClock, testClock } from '../hub/http/test-clock.ts'

interface Asked {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
}

const asked: Asked[] = []
let behave: (req: IncomingMessage, res: ServerResponse) => void
let arrived: PromiseWithResolvers<void>
let connector: Server
let sender: TeamsSender
let clock: TestClock
let ref: ConversationRef

beforeEach(async () => {
  asked.length = 0
  arrived = Promise.withResolvers()
  behave = (_req, res) => {
    res.writeHead(201, { 'content-type': 'application/json' })
    res.end('{"id":"42"}')
  }
  connector = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const { method = '', url = '', headers } = req
    asked.push({ method, url, headers, body: text === '' ? {} : JSON.parse(text) })
    behave(req, res)
    arrived.resolve()
  })
  connector.listen(0, '127.0.0.1')
  await once(connector, 'listening')
  clock = testClock()
  sender = createTeamsSender({ appId: '', credentials: credentialsWithoutSignIn(), signIn: 'off', clock })
  ref = {
    conversationId: '19:a@thread.tacv2;messageid=1',
    kind: 'channel',
    tenantId: 'tenant-1',
    serviceUrl: `http://127.0.0.1:${(connector.address() as AddressInfo).port}/connector`,
    bot: { id: '28:doorstep', name: 'Doorstep' },
    teamId: null,
    channelId: null,
  }
})
afterEach(async () => {
  connector.closeAllConnections()
  connector.close()
  await sender.close()
})

const CARD = { summary: 'Seattle is ready.', card: { type: 'AdaptiveCard', version: '1.5' } }

describe('sending', () => {
  it('posts a card to the conversation and learns its id', async () => {
    expect(await sender.post(ref, CARD)).toEqual({ outcome: 'sent', activityId: '42' })
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({
      method: 'POST',
      url: '/connector/v3/conversations/19%3Aa%40thread.tacv2%3Bmessageid%3D1/activities',
      body: {
        type: 'message',
        summary: 'Seattle is ready.',
        attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: CARD.card }],
      },
    })
    expect(asked[0]?.headers.authorization).toBeUndefined()
  })

  it('posts a reply, and texts as plain text', async () => {
    await sender.post(ref, { summary: 's', text: '**not bold**' }, '7')
    expect(asked[0]?.url).toMatch(/\/activities\/7$/)
    expect(asked[0]?.body).toMatchObject({ text: '**not bold**', textFormat: 'plain', replyToId: '7' })
  })

  it('replaces a message', async () => {
    expect(await sender.update(ref, '42', CARD)).toEqual({ outcome: 'sent', activityId: '42' })
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({ method: 'PUT', body: { id: '42' } })
    expect(asked[0]?.url).toMatch(/\/activities\/42$/)
  })

  it('learns who a member is', async () => {
    behave = (_req, res) => {
      res.writeHead(200, { 'content-type': 'application/json' })
      res.end(
        '{"id":"29:k","name":"Kenji","aadObjectId":"C3E8B7D4-52F9-4C6A-8E21-6F0A9D4B7C02","userRole":"guest"}',
      )
    }
    const person = { objectId: 'c3e8b7d4-52f9-4c6a-8e21-6f0a9d4b7c02', name: 'Kenji', outsider: 'guest' }
    expect(await sender.member(ref, '29:k')).toEqual({ outcome: 'found', person })
    expect(asked[0]?.url).toMatch(/\/members\/29%3Ak$/)
  })

  it('contacts nobody but this machine', async () => {
    const connect = vi.spyOn(Socket.prototype, 'connect')
    await sender.post(ref, CARD)
    await sender.update(ref, '42', CARD)
    const hosts = connect.mock.calls.flat(2).flatMap((argument) => {
      const host = (argument as { host?: unknown } | null)?.host
      return typeof host === 'string' ? [host] : []
    })
    connect.mockRestore()
    expect(new Set(hosts)).toEqual(new Set(['127.0.0.1']))
  })
})

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (_req: IncomingMessage, res: ServerResponse): void => {
    res.writeHead(code, { 'content-type': 'application/json', ...headers })
    res.end('{"error":{"code":"Secret","message":"library text"}}')
  }

describe('faults of the connector, each asked once', () => {
  it.each([
    ['500', status(500), { outcome: 'unknown', why: 'the connector answered 500' }],
    ['502', status(502), { outcome: 'unknown', why: 'the connector answered 502' }],
    [
      '503 with Retry-After',
      status(503, { 'retry-after': '1' }),
      { outcome: 'unknown', why: 'the connector answered 503', retryAfterMs: 1_000 },
    ],
    ['408', status(408), { outcome: 'unknown', why: 'the connector answered 408' }],
    ['429', status(429), { outcome: 'refused', status: 429, retryAfterMs: null }],
    [
      '429 with Retry-After',
      status(429, { 'retry-after': '3' }),
      { outcome: 'refused', status: 429, retryAfterMs: 3_000 },
    ],
    ['412', status(412), { outcome: 'refused', status: 412, retryAfterMs: null }],
    ['401', status(401), { outcome: 'refused', status: 401, retryAfterMs: null }],
    ['403', status(403), { outcome: 'refused', status: 403, retryAfterMs: null, gone: 'conversation' }],
    ['413', status(413), { outcome: 'refused', status: 413, retryAfterMs: null }],
    [
      'a redirect',
      status(307, { location: '/elsewhere' }),
      { outcome: 'refused', status: 307, retryAfterMs: null },
    ],
    [
      'a reset',
      (req: IncomingMessage) => req.socket.resetAndDestroy(),
      { outcome: 'unknown', why: 'the connection was cut' },
    ],
    ['a cut in the middle', cutInTheMiddle, { outcome: 'unknown', why: 'the connection was cut' }],
    ['50 MB', fiftyMegabytes, { outcome: 'unknown', why: 'the answer was too large' }],
  ])('%s', async (_name, fault, outcome) => {
    behave = fault as typeof behave
    expect(await sender.post(ref, CARD)).toEqual(outcome)
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1)
    expect(await sender.update(ref, '42', CARD)).toEqual(outcome)
    expect(asked.filter(({ method }) => method === 'PUT')).toHaveLength(1)
    expect(clock.waiting).toBe(0)
  })

  it.each([
    ['{"error":{"code":"Secret"}}', 'conversation', 'message'],
    ['{"error":{"code":"ConversationNotFound"}}', 'conversation', 'conversation'],
    ['{"error":{"code":"ActivityNotFoundInConversation"}}', 'message', 'message'],
    ['<html>', 'conversation', 'message'],
    ['', 'conversation', 'message'],
  ])('404 with %s: what is gone', async (body, post, edit) => {
    behave = (_req, res) => void res.writeHead(404, { 'content-type': 'application/json' }).end(body)
    const refused = { outcome: 'refused', status: 404, retryAfterMs: null }
    expect(await sender.post(ref, CARD)).toEqual({ ...refused, gone: post })
    expect(await sender.update(ref, '42', CARD)).toEqual({ ...refused, gone: edit })
    expect(asked).toHaveLength(2)
  })

  it('an answer without an id', async () => {
    behave = (_req, res) => void res.writeHead(201, { 'content-type': 'application/json' }).end('{}')
    expect(await sender.post(ref, CARD)).toMatchObject({ outcome: 'unknown' })
    expect(asked).toHaveLength(1)
  })

  it.each(['{"id":', '<html>', ''])('an answer that is not JSON: %j', async (text) => {
    behave = (_req, res) => void res.writeHead(201, { 'content-type': 'application/json' }).end(text)
    expect(await sender.post(ref, CARD)).toMatchObject({ outcome: 'unknown' })
    expect(asked).toHaveLength(1)
  })

  it('no answer: ten seconds are enough', async () => {
    behave = () => {}
    const posted = sender.post(ref, CARD)
    await arrived.promise
    clock.advance(10_000)
    expect(await posted).toEqual({ outcome: 'unknown', why: 'no answer in time' })
    expect(asked).toHaveLength(1)
  })

  it('a body that never ends', async () => {
    behave = (_req, res) => {
      res.writeHead(201, { 'content-type': 'application/json', 'content-length': '20' })
      res.write('{')
    }
    const posted = sender.post(ref, CARD)
    await arrived.promise
    // The head may still be on its way: time moves on until the one timer there is has been met.
    await vi.waitUntil(async () => {
      clock.advance(10_000)
      return clock.waiting === 0
    })
    expect(await posted).toEqual({ outcome: 'unknown', why: 'no answer in time' })
  })

  it('nobody listens: nothing was sent, and it says so', async () => {
    connector.close()
    connector.closeAllConnections()
    expect(await sender.post(ref, CARD)).toEqual({ outcome: 'refused', status: 0, retryAfterMs: null })
    expect(await sender.member(ref, '29:k')).toMatchObject({ outcome: 'refused', status: 0 })
  })
})

describe('where answers may go', () => {
  it('is looked at again at each send', async () => {
    const elsewhere = { ...ref, serviceUrl: 'https://smba.trafficmanager.net/emea/' }
    expect(await sender.post(elsewhere, CARD)).toEqual({
      outcome: 'refused',
      status: 403,
      retryAfterMs: null,
    })
    const strict = createTeamsSender({
      appId: 'a',
      credentials: credentialsWithoutSignIn(),
      signIn: CLOUDS.public.serviceOrigins,
      clock,
    })
    expect(await strict.update(ref, '42', CARD)).toMatchObject({ outcome: 'refused', status: 403 })
    await strict.close()
    expect(asked).toEqual([])
  })

  it.each([
    ['http://127.0.0.1:3979/connector', true, false],
    ['http://localhost:3979', true, false],
    ['http://[::1]:3979', true, false],
    ['http://127.0.0.1@evil.example', false, false],
    ['http://localhost.evil.example', false, false],
    ['file:///etc', false, false],
    ['nothing', false, false],
    ['https://smba.trafficmanager.net/emea/', false, true],
    ['https://smba.infra.gcc.teams.microsoft.com/gcc/', false, true],
    ['http://smba.trafficmanager.net/emea/', false, false],
    ['https://smba.trafficmanager.net:8443/', false, false],
    ['https://smba.trafficmanager.net.evil.example/', false, false],
    ['https://evil.example/?smba.trafficmanager.net', false, false],
    ['https://smba.trafficmanager.net@evil.example/', false, false],
    ['https://smba.trafficmanager.net:443/emea/', false, true],
    ['https://smba.infra.gov.teams.microsoft.us/teams', false, true],
    ['https://smba.infra.dod.teams.microsoft.us/teams', false, false],
    [`https://smba.trafficmanager.net/${'a'.repeat(500)}`, false, false],
  ])('%s', (url, withoutSignIn, withSignIn) => {
    expect(isServiceUrlAllowed(url, 'off')).toBe(withoutSignIn)
    const everywhere = Object.values(CLOUDS).flatMap(({ serviceOrigins }) => serviceOrigins)
    expect(isServiceUrlAllowed(url, everywhere)).toBe(withSignIn)
  })
})

it.each([
  [undefined, null],
  ['5', 5_000],
  ['0', 0],
  ['999999', 3_600_000],
  ['soon', null],
  ['-1', null],
  ['Thu, 20 Nov 2025 12:00:30 GMT', 30_000],
  ['Thu, 20 Nov 2025 11:00:00 GMT', 0],
])('a Retry-After of %j is %j ms', (header, ms) => {
  expect(parseRetryAfter(header, Date.parse('2025-11-20T12:00:00Z'))).toBe(ms)
})

function cutInTheMiddle(_req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(201, { 'content-type': 'application/json', 'content-length': '100' })
  res.write('{"id"', () => res.socket?.resetAndDestroy())
}

function fiftyMegabytes(_req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(201, { 'content-type': 'application/json' })
  const megabyte = ' '.repeat(1024 * 1024)
  const write = (left: number): void => {
    if (left === 0) res.end('{}')
    else if (!res.destroyed) res.write(megabyte, () => write(left - 1))
  }
  write(50)
}
