import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PortTaken } from '../../../src/hub/http/port-taken.ts'
import { type HubServer, startHubServer } from '../../../src/hub/http/server.ts'
import type { HubRoute } from '../../../src/hub/http/types.ts'
import { realClock, testClock } from '../../support/test-clock.ts'
import { head, raw } from './raw.ts'

const JSON_HEAD = 'Content-Type: application/json'
const errors: string[] = []
let server: HubServer
let port: number

const routes: HubRoute[] = [
  { method: 'POST', path: '/api/messages', handle: async () => ({ status: 200 }) },
  {
    method: 'GET',
    path: '/broken',
    handle: async () => {
      throw new Error('secret library text')
    },
  },
]

beforeEach(async () => {
  errors.length = 0
  server = await startHubServer({
    host: '127.0.0.1',
    port: 0,
    allowedHosts: 'loopback',
    routes,
    log: { error: (_fields, message) => errors.push(message) },
    clock: realClock,
  })
  port = server.port
})
afterEach(() => server.close())

describe('a server that is asked too much', () => {
  it('says nothing of an exception', async () => {
    const answer = await raw(port, head(port, 'GET /broken HTTP/1.1'))
    expect(answer).toMatchObject({ status: 500, body: '{"error":"internal"}' })
    expect(errors).toEqual(['a route failed'])
  })

  it('names the option when the port is taken', async () => {
    const again = startHubServer({
      host: '127.0.0.1',
      port,
      allowedHosts: 'loopback',
      routes: [],
      log: { error: () => {} },
      clock: realClock,
    })
    await expect(again).rejects.toThrow(PortTaken)
    await expect(again).rejects.toThrow(
      `Port ${port} is taken by another program; choose another one with --port.`,
    )
  })

  it('does not listen to the world without sign-in', async () => {
    const open = { host: '0.0.0.0', port: 0, allowedHosts: 'loopback' as const, routes: [] }
    await expect(startHubServer({ ...open, log: { error: () => {} }, clock: realClock })).rejects.toThrow(
      '127.0.0.1 only',
    )
  })
})

describe('time', () => {
  const slow = async (): Promise<{
    answer: Promise<string>
    advance: (ms: number) => void
    stop: () => Promise<void>
  }> => {
    const clock = testClock()
    const started = await startHubServer({
      host: '127.0.0.1',
      port: 0,
      allowedHosts: 'loopback',
      routes,
      log: { error: () => {} },
      clock,
    })
    const socket = connect(started.port, '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString()
    })
    socket.write(
      head(started.port, 'POST /api/messages HTTP/1.1', [
        JSON_HEAD,
        'Content-Length: 9',
        'Expect: 100-continue',
      ]),
    )
    await once(socket, 'data')
    socket.write('{"a"')
    const answer = once(socket, 'data').then(() => text)
    const stop = (): Promise<void> => {
      socket.destroy()
      return started.close()
    }
    return { answer, advance: clock.advance, stop }
  }

  it('gives a body ten seconds', async () => {
    const { answer, advance, stop } = await slow()
    advance(9_999)
    advance(1)
    expect(await answer).toContain('408 Request Timeout')
    await stop()
  })

  it('tells the handler that its client has gone, and lets open polls go when it closes', async () => {
    const signals: AbortSignal[] = []
    const opened = Promise.withResolvers<void>()
    const held = await startHubServer({
      host: '127.0.0.1',
      port: 0,
      allowedHosts: 'loopback',
      log: { error: () => {} },
      clock: realClock,
      routes: [
        {
          method: 'GET',
          path: '/poll',
          handle: async (req) => {
            signals.push(req.signal)
            if (signals.length === 2) opened.resolve()
            await once(req.signal, 'abort')
            return { status: 204 }
          },
        },
      ],
    })
    const gone = connect(held.port, '127.0.0.1')
    const open = connect(held.port, '127.0.0.1')
    gone.write(head(held.port, 'GET /poll HTTP/1.1'))
    open.write(head(held.port, 'GET /poll HTTP/1.1'))
    await opened.promise
    gone.destroy()
    const abandoned = signals.map((signal) => once(signal, 'abort'))
    await Promise.race(abandoned)
    expect(signals.filter((signal) => signal.aborted)).toHaveLength(1)
    const last = once(open, 'data')
    await held.close()
    expect(String((await last)[0])).toContain('204 No Content')
  })
})
