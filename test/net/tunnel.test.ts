import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, createServer as createTcp, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { directDialer } from '../../src/net/dialer.ts'
import { secureContextOf } from '../../src/net/public-roots.ts'
import { tcpProbe } from '../../src/net/tcp-probe.ts'
import { makeChain, startTlsServer } from '../support/tls-server.ts'

const NEVER = new AbortController().signal
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function listening(server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  closing.push(() => new Promise((ended) => server.close(ended)))
  const bound = server.address()
  return bound !== null && typeof bound === 'object' ? bound.port : 0
}

/** A proxy that answers CONNECT with a status, and where that is 200 leads to a port. */
async function proxy(status: number, to = 0, tls: { key: string; cert: string } | null = null) {
  const heard: string[] = []
  const server = tls === null ? createServer() : createTlsServer(tls)
  server.on('connect', (request, near, head) => {
    heard.push(`${request.url} ${request.headers['proxy-authorization'] ?? 'no password'}`)
    near.on('error', () => undefined)
    if (status !== 200)
      return near.end(`HTTP/1.1 ${status} No\r\nServer: squid/6.1\r\nContent-Length: 0\r\n\r\n`)
    const far = connect(to, '127.0.0.1', () => {
      near.write('HTTP/1.1 200 OK\r\n\r\n')
      if (head.length > 0) far.write(head)
      far.pipe(near).pipe(far)
    })
    far.on('error', () => near.destroy())
    near.on('close', () => far.destroy())
  })
  return { port: await listening(server), heard }
}

const target = (port: number, tls = false) => ({
  proxy: { address: '127.0.0.1', port, host: tls ? 'proxy.corp.test' : '127.0.0.1', tls },
  host: 'outlook.test',
  port: 443,
  timeoutMs: 3_000,
})

describe('a tunnel through a proxy', () => {
  it('shakes hands with the host inside it, and sends no password', async () => {
    const chain = await makeChain('outlook.test')
    const far = await startTlsServer(chain, [chain.leaf, chain.intermediate])
    closing.push(far.close)
    const { port, heard } = await proxy(200, far.port)
    const seen = await tcpProbe(directDialer, secureContextOf([chain.root])).tunnel(target(port), NEVER)
    expect(seen).toMatchObject({
      ok: true,
      result: { status: 200, tls: { ok: true, result: { verified: true } } },
    })
    expect(heard).toEqual(['outlook.test:443 no password'])
  })

  it('speaks TLS with a proxy that wants it, whatever its chain, and shakes hands in it', async () => {
    const chain = await makeChain('outlook.test')
    const own = await makeChain('proxy.corp.test')
    const far = await startTlsServer(chain, [chain.leaf, chain.intermediate])
    closing.push(far.close)
    const { port, heard } = await proxy(200, far.port, { key: own.key, cert: own.leaf })
    const probe = tcpProbe(directDialer, secureContextOf([chain.root]))
    const seen = await probe.tunnel(target(port, true), NEVER)
    expect(seen).toMatchObject({
      ok: true,
      result: { status: 200, tls: { ok: true, result: { verified: true, roundTrips: 1 } } },
    })
    expect(heard).toEqual(['outlook.test:443 no password'])
  })

  it('tells what such a proxy answers, and that one without TLS speaks none', async () => {
    const own = await makeChain('proxy.corp.test')
    const probe = tcpProbe(directDialer, secureContextOf([own.root]))
    const asks = await proxy(407, 0, { key: own.key, cert: own.leaf })
    expect(await probe.tunnel(target(asks.port, true), NEVER)).toMatchObject({
      ok: true,
      result: { status: 407, tls: null },
    })
    const plain = await proxy(407)
    expect(await probe.tunnel(target(plain.port, true), NEVER)).toMatchObject({
      ok: false,
      failure: 'tls-failed',
    })
  })

  it.each([407, 403, 502])('tells that the proxy answers %d', async (status) => {
    const chain = await makeChain('outlook.test')
    const { port } = await proxy(status)
    const seen = await tcpProbe(directDialer, secureContextOf([chain.root])).tunnel(target(port), NEVER)
    expect(seen).toMatchObject({ ok: true, result: { status, server: 'squid/6.1', tls: null } })
  })

  it.each([
    ['speaks something else', 'SSH-2.0-OpenSSH\r\n', 'http-malformed'],
    ['hangs up', '', 'reset'],
  ])('fails when what is there %s', async (_, text, failure) => {
    const chain = await makeChain('outlook.test')
    const port = await listening(
      createTcp((socket) =>
        socket
          .resume()
          .on('error', () => undefined)
          .end(text),
      ),
    )
    const seen = await tcpProbe(directDialer, secureContextOf([chain.root])).tunnel(target(port), NEVER)
    expect(seen).toMatchObject({ ok: false, failure })
  })

  it('ends in time when the proxy says nothing', async () => {
    const chain = await makeChain('outlook.test')
    const port = await listening(
      createTcp((socket) => socket.on('error', () => undefined).on('data', () => undefined)),
    )
    const hurried = { ...target(port), timeoutMs: 50 }
    const seen = await tcpProbe(directDialer, secureContextOf([chain.root])).tunnel(hurried, NEVER)
    expect(seen).toMatchObject({ ok: false, failure: 'timeout' })
  })
})
