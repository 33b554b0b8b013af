import { request } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type HubServer, startHubServer } from '../../../src/hub/http/server.ts'
import type { HubRequest, HubRoute } from '../../../src/hub/http/types.ts'
import { realClock } from '../../support/test-clock.ts'
import { head, raw } from './raw.ts'

const JSON_HEAD = 'Content-Type: application/json'
const seen: HubRequest[] = []
let server: HubServer
let port: number

const routes: HubRoute[] = [
  {
    method: 'POST',
    path: '/api/messages',
    handle: async (req) => {
      seen.push(req)
      return { status: 200, body: { got: req.body } }
    },
  },
  { method: 'POST', path: '/small', limitBytes: 10, handle: async () => ({ status: 202 }) },
  {
    method: 'GET',
    path: '/jobs/:id',
    handle: async (req) => ({ status: 200, body: { id: req.params['id'] } }),
  },
  {
    method: 'POST',
    path: '/guarded',
    handle: async (req) =>
      /^Bearer [a-z]+$/.test(req.headers['authorization'] ?? '')
        ? { status: 204 }
        : { status: 401, body: { error: 'not-signed-in' } },
  },
]

beforeEach(async () => {
  seen.length = 0
  server = await startHubServer({
    host: '127.0.0.1',
    port: 0,
    allowedHosts: 'loopback',
    routes,
    log: { error: () => {} },
    clock: realClock,
  })
  port = server.port
})
afterEach(() => server.close())

const post = (
  path: string,
  body: string,
  headers: readonly string[] = [JSON_HEAD],
): Promise<{ status: number }> =>
  raw(
    port,
    head(port, `POST ${path} HTTP/1.1`, [...headers, `Content-Length: ${Buffer.byteLength(body)}`]) + body,
  )

describe('a request that is as it should be', () => {
  it('reaches its route with body, raw body, headers and address', async () => {
    const { statusCode, body, headers } = await request(`${server.url}/api/messages?x=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'x-one': 'a' },
      body: '{"a":"\u00fc"}',
    })
    expect(statusCode).toBe(200)
    expect(await body.json()).toEqual({ got: { a: '\u00fc' } })
    expect(headers['server']).toBeUndefined()
    expect(seen[0]).toMatchObject({ path: '/api/messages', remoteAddress: '127.0.0.1' })
    expect(seen[0]?.rawBody.toString()).toBe('{"a":"\u00fc"}')
    expect(seen[0]?.headers['x-one']).toBe('a')
  })

  it('has the named parts of its path', async () => {
    const { body } = await request(`${server.url}/jobs/j-1`)
    expect(await body.json()).toEqual({ id: 'j-1' })
  })

  it('may answer to localhost as well', async () => {
    const answer = await raw(port, `GET /jobs/1 HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`)
    expect(answer.status).toBe(200)
  })
})

describe('bodies (D.5)', () => {
  it.each([
    ['gzip', ['Content-Encoding: gzip', JSON_HEAD], 415],
    ['br', ['Content-Encoding: br', JSON_HEAD], 415],
    ['identity, gzip', ['Content-Encoding: identity,gzip', JSON_HEAD], 415],
    ['no content type', [], 415],
    ['text/plain', ['Content-Type: text/plain'], 415],
    ['multipart', ['Content-Type: multipart/form-data; boundary=x'], 415],
    ['utf-16', ['Content-Type: application/json; charset=utf-16'], 415],
    ['utf-7', ['Content-Type: application/json;charset=utf-7'], 415],
    ['json with utf-8', ['Content-Type: Application/JSON; charset=UTF-8'], 200],
    ['two content types', [JSON_HEAD, 'Content-Type: text/plain'], 400],
  ])('%s', async (_name, headers, status) => {
    expect((await post('/api/messages', '{}', headers)).status).toBe(status)
  })

  it.each([
    ['empty', '', 400],
    ['not JSON', '{', 400],
    ['a byte order mark', '\ufeff{}', 400],
    ['NaN', '{"a":NaN}', 400],
    ['32 deep', `${'['.repeat(32)}${']'.repeat(32)}`, 200],
    ['33 deep', `${'['.repeat(33)}${']'.repeat(33)}`, 400],
    ['100,000 deep', '['.repeat(100_000), 400],
    ['brackets in a string', JSON.stringify('['.repeat(100)), 200],
    ['just as large as allowed', JSON.stringify('x'.repeat(256 * 1024 - 2)), 200],
    ['a byte more', JSON.stringify('x'.repeat(256 * 1024 - 1)), 413],
    ['300 KB', JSON.stringify('x'.repeat(300_000)), 413],
  ])('%s', async (_name, body, status) => {
    expect((await post('/api/messages', body)).status).toBe(status)
  })

  it('has a limit of its own per route', async () => {
    expect((await post('/small', '{"a":1234567}')).status).toBe(413)
    expect((await post('/small', '{"a":1}')).status).toBe(202)
  })

  it('refuses bytes that are not UTF-8', async () => {
    const text = head(port, 'POST /api/messages HTTP/1.1', [JSON_HEAD, 'Content-Length: 3'])
    expect(
      (await raw(port, Buffer.concat([Buffer.from(text), Buffer.from([0x22, 0xff, 0x22])]))).status,
    ).toBe(400)
  })

  it('counts a chunked body that never says how long it is', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    const text = head(port, 'POST /api/messages HTTP/1.1', [JSON_HEAD, 'Transfer-Encoding: chunked'])
    expect((await raw(port, text + chunk.repeat(5))).status).toBe(413)
  })

  it.each([
    ['length -1', ['Content-Length: -1'], 400],
    ['length 1e9', ['Content-Length: 1e9'], 400],
    ['a length of a gigabyte', ['Content-Length: 1000000000'], 413],
    ['two lengths', ['Content-Length: 2', 'Content-Length: 3'], 400],
    ['length and chunks', ['Content-Length: 2', 'Transfer-Encoding: chunked'], 400],
    ['an unknown transfer coding', ['Transfer-Encoding: xchunked'], 400],
    ['a folded header', ['X-A: b', ' c'], 400],
    ['Expect something else', ['Content-Length: 2', 'Expect: a-miracle'], 417],
  ])('%s', async (_name, headers, status) => {
    const answer = await raw(port, `${head(port, 'POST /api/messages HTTP/1.1', [JSON_HEAD, ...headers])}{}`)
    expect(answer.status).toBe(status)
    expect(seen).toEqual([])
  })

  it('refuses by the head alone, without asking for the body', async () => {
    const headers = ['Content-Type: text/plain', 'Content-Length: 5', 'Expect: 100-continue']
    const answer = await raw(port, head(port, 'POST /api/messages HTTP/1.1', headers))
    expect(answer.text).toMatch(/^HTTP\/1\.1 415 /)
  })

  it('refuses lines that end in a bare line feed', async () => {
    const answer = await raw(port, `GET /jobs/1 HTTP/1.1\nHost: 127.0.0.1:${port}\nX-A: b\n\n`)
    expect(answer.status).toBe(400)
  })
})

describe('heads (D.5)', () => {
  it.each([
    ['TRACE', 405],
    ['PUT', 405],
    ['HEAD', 405],
    ['OPTIONS', 405],
    ['GET', 405],
  ])('%s on a route for POST', async (method, status) => {
    const answer = await raw(port, head(port, `${method} /api/messages HTTP/1.1`))
    expect(answer.status).toBe(status)
    expect(answer.headers['allow']).toBe('POST')
  })

  it.each([
    ['an unknown path', 'GET /nothing HTTP/1.1', 404],
    ['a prototype name', 'GET /__proto__ HTTP/1.1', 404],
    ['an absolute target', 'GET http://evil/jobs/1 HTTP/1.1', 400],
    ['two slashes', 'GET //jobs/1 HTTP/1.1', 400],
    ['dot segments', 'GET /x/../jobs/1 HTTP/1.1', 400],
    ['encoded dots', 'GET /%2e%2e/jobs HTTP/1.1', 400],
    ['an encoded slash', 'GET /jobs%2F1 HTTP/1.1', 400],
    ['an encoded NUL', 'GET /jobs/%00 HTTP/1.1', 400],
    ['a cut escape', 'GET /%E0%A4%A HTTP/1.1', 400],
    ['HTTP/2 without asking', 'PRI * HTTP/2.0', 400],
    ['OPTIONS *', 'OPTIONS * HTTP/1.1', 400],
    ['CONNECT', 'CONNECT evil:443 HTTP/1.1', 0],
  ])('%s', async (_name, line, status) => {
    expect((await raw(port, head(port, line))).status).toBe(status)
    expect(seen).toEqual([])
  })

  it('does not speak HTTP/0.9', async () => {
    expect((await raw(port, 'GET /jobs/1\r\n\r\n')).status).toBe(400)
  })

  it('does not upgrade', async () => {
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x']
    const answer = await raw(port, head(port, 'GET /nothing HTTP/1.1', upgrade))
    expect(answer.status).toBe(404)
  })

  it.each([
    ['another name', 'evil'],
    ['another port', '127.0.0.1:1'],
    ['no port', '127.0.0.1'],
    ['a name that resolves here', 'evil.example:3978'],
  ])('refuses the host: %s', async (_name, host) => {
    const answer = await raw(
      port,
      `GET /jobs/1 HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-Host: localhost:${port}\r\n\r\n`,
    )
    expect(answer).toMatchObject({ status: 421, body: '{"error":"wrong-host"}' })
  })

  it.each([
    ['HTTP/1.1', 400],
    ['HTTP/1.0', 421],
  ])('refuses %s without a host', async (version, status) => {
    expect((await raw(port, `GET /jobs/1 ${version}\r\n\r\n`)).status).toBe(status)
  })

  it('refuses two hosts', async () => {
    expect((await raw(port, head(port, 'GET /jobs/1 HTTP/1.1', ['Host: evil']))).status).toBe(400)
  })

  it.each([
    ['64 headers', 62, 200],
    ['65 headers', 63, 431],
    ['2,000 headers', 1998, 431],
  ])('%s', async (_name, extra, status) => {
    const many = Array.from({ length: extra }, (_, at) => `a${at}: b`)
    expect((await raw(port, head(port, 'GET /jobs/1 HTTP/1.1', many))).status).toBe(status)
  })

  it('refuses a header of 64 KB', async () => {
    const answer = await raw(port, head(port, 'GET /jobs/1 HTTP/1.1', [`X-A: ${'a'.repeat(65_536)}`]))
    expect(answer).toMatchObject({ status: 431, body: '{"error":"too-many-headers"}' })
  })

  it('takes headers named like parts of a prototype as plain text', async () => {
    const names = ['__proto__: x', 'constructor: y', 'Content-Length: 2', JSON_HEAD]
    await raw(port, `${head(port, 'POST /api/messages HTTP/1.1', names)}{}`)
    expect(seen[0]?.headers['constructor']).toBe('y')
    expect(Object.getPrototypeOf(seen[0]?.headers)).toBeNull()
  })

  it('ignores an override of the method and forwarded addresses', async () => {
    const headers = [
      'X-HTTP-Method-Override: DELETE',
      'X-Forwarded-For: 192.0.2.1',
      'Forwarded: for=192.0.2.1',
    ]
    await raw(
      port,
      `${head(port, 'POST /api/messages HTTP/1.1', [...headers, JSON_HEAD, 'Content-Length: 2'])}{}`,
    )
    expect(seen[0]?.remoteAddress).toBe('127.0.0.1')
  })

  it.each([
    ['none', [], 401],
    ['two', ['Authorization: Bearer abc', 'Authorization: Bearer abc'], 401],
    ['small letters', ['Authorization: bearer abc'], 401],
    ['Basic', ['Authorization: Basic abc'], 401],
    ['20 KB', [`Authorization: Bearer ${'a'.repeat(20_000)}`], 431],
    ['one', ['Authorization: Bearer abc'], 204],
  ])('hands credentials on so that a route can judge them: %s', async (_name, headers, status) => {
    const text = head(port, 'POST /guarded HTTP/1.1', [JSON_HEAD, 'Content-Length: 2', ...headers])
    expect((await raw(port, `${text}{}`)).status).toBe(status)
  })
})
