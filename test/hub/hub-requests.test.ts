import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../src/local/ports.ts'
import { ROUTES } from '../../src/wire/routes.ts'
import { HandRunner, startTestHub } from '../support/hub-kit.ts'
import { scratch } from '../support/scratch.ts'
import { head, raw } from './http/raw.ts'

const folders = scratch('doorstep-requests-')
let port = 0
let hub: Awaited<ReturnType<typeof startTestHub>>

beforeAll(async () => {
  port = await freePort()
  hub = await startTestHub(await folders.make(), port)
})
afterAll(async () => {
  await hub.close()
  await folders.remove()
})

describe('a request that a runner did not sign', () => {
  const paths = [ROUTES.hello, ROUTES.poll, ROUTES.measurement]

  it.each(paths)('is refused at %s, whatever it says', async (path) => {
    const runner = await HandRunner.make(hub.url)
    runner.runnerId = 'nobody'
    const body = JSON.stringify({ v: 1, inflight: [] })
    const good = await runner.sign(path, body)
    const rows: readonly Record<string, string>[] = [
      {},
      { authorization: '' },
      { authorization: 'Basic YTpi' },
      { authorization: 'Bearer x.y.z' },
      { authorization: good.toLowerCase() },
      { authorization: `Doorstep-Runner ${'a'.repeat(5_000)}` },
      { authorization: good },
      { authorization: await runner.sign('/r/v1/other', body) },
    ]
    for (const headers of rows) {
      expect(await runner.send(path, body, headers)).toEqual({ status: 401, body: { error: 'unauthorized' } })
    }
  })

  it.each([
    ['a gzip body', ['Content-Type: application/json', 'Content-Encoding: gzip', 'Content-Length: 2'], 415],
    ['a form', ['Content-Type: multipart/form-data', 'Content-Length: 2'], 415],
    ['no type', ['Content-Length: 2'], 415],
    ['UTF-16', ['Content-Type: application/json; charset=utf-16', 'Content-Length: 2'], 415],
    ['more than 64 KB', ['Content-Type: application/json', 'Content-Length: 65537'], 413],
    ['two lengths', ['Content-Type: application/json', 'Content-Length: 2', 'Content-Length: 3'], 400],
    ['an expectation', ['Content-Type: application/json', 'Content-Length: 2', 'Expect: the-moon'], 417],
  ])('with %s is refused by its head', async (_name, headers, status) => {
    const answer = await raw(port, `${head(port, `POST ${ROUTES.measurement} HTTP/1.1`, headers)}{}`)
    expect(answer.status).toBe(status)
    expect(answer.text).not.toMatch(/restify|node|stack/i)
  })

  it.each([
    ['another host', 'Host: hub.example'],
    ['this machine without the port', 'Host: 127.0.0.1'],
    ['another port', 'Host: 127.0.0.1:1'],
  ])('for %s is refused, also at the chat and the health address', async (_name, host) => {
    for (const line of [
      'GET /healthz HTTP/1.1',
      `POST ${ROUTES.poll} HTTP/1.1`,
      'POST /api/messages HTTP/1.1',
    ]) {
      const answer = await raw(
        port,
        [line, host, 'Connection: close', 'Content-Length: 0', '', ''].join('\r\n'),
      )
      expect(answer.status).toBe(421)
    }
  })

  it('does not make the hub believe a forwarded address', async () => {
    const answer = await fetch(hub.url + ROUTES.echo, { headers: { 'x-forwarded-for': '203.0.113.9' } })
    expect(await answer.json()).toMatchObject({ address: '127.0.0.1' })
  })

  it.each(['GET', 'PUT', 'DELETE'])('by %s is the wrong method', async (method) => {
    expect((await fetch(hub.url + ROUTES.poll, { method })).status).toBe(405)
  })
})
