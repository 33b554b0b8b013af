import { X509Certificate } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { directDialer } from '../../src/net/dialer.ts'
import { gatewayDialer } from '../../src/net/gateway-dialer.ts'
import { type CleanRoots, secureContextOf } from '../../src/net/public-roots.ts'
import { tcpProbe } from '../../src/net/tcp-probe.ts'
import { startSocksGateway } from '../support/socks-gateway.ts'
import { makeChain, startTlsServer, type TestChain, type TlsServer } from '../support/tls-server.ts'

const HOST = 'outlook.test'
const NEVER = new AbortController().signal
let chain: TestChain
/** The same names as `chain`, other keys. */
let impostor: TestChain
let stranger: TestChain
let clean: CleanRoots
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  chain = await makeChain(HOST)
  impostor = await makeChain(HOST)
  stranger = await makeChain(HOST, 'Inspector')
  clean = secureContextOf([chain.root])
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const serve = async (...args: Parameters<typeof startTlsServer>): Promise<TlsServer> => {
  const server = await startTlsServer(...args)
  closing.push(server.close)
  return server
}
const plain = async (onSocket: (socket: Socket) => void): Promise<number> => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    onSocket(socket)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  closing.push(() => new Promise((closed) => server.close(closed)))
  const bound = server.address()
  return bound !== null && typeof bound === 'object' ? bound.port : 0
}
const to = (port: number, timeoutMs = 5000) => ({ address: '127.0.0.1', port, host: HOST, timeoutMs })
const subjects = (ders: readonly Uint8Array[]): string[] =>
  ders.map((der) => new X509Certificate(der).subject)
const direct = () => tcpProbe(directDialer, clean)

describe('connect', () => {
  it('tells how long it took', async () => {
    const outcome = await direct().connect(to(await plain((socket) => socket.resume())), NEVER)
    expect(outcome.ok && outcome.result.ms).toBeGreaterThan(0)
  })

  it('says refused when nothing listens', async () => {
    const port = await plain(() => {})
    for (const close of closing.splice(0)) await close()
    expect(await direct().connect(to(port), NEVER)).toMatchObject({ ok: false, failure: 'refused' })
  })

  it('refuses a name', async () => {
    const outcome = await direct().connect({ ...to(1), address: 'localhost' }, NEVER)
    expect(outcome).toMatchObject({ ok: false, failure: 'params-refused' })
  })
})

describe('handshake', () => {
  it.each([
    ['TLSv1.2', 2],
    ['TLSv1.3', 1],
  ] as const)('verifies against the clean roots over %s, in %d round trips', async (version, roundTrips) => {
    const server = await serve(chain, [chain.leaf, chain.intermediate], {
      minVersion: version,
      maxVersion: version,
    })
    const outcome = await direct().handshake(to(server.port), NEVER)
    expect(outcome).toMatchObject({
      ok: true,
      result: { version, roundTrips, verified: true, verifyError: null },
    })
  })

  it.each<[what: string, sent: (chain: TestChain) => string[]]>([
    ['the leaf alone', ({ leaf }) => [leaf]],
    ['a full chain', ({ leaf, intermediate }) => [leaf, intermediate]],
    ['a chain with its root', ({ leaf, intermediate, root }) => [leaf, intermediate, root]],
    ['a chain out of order', ({ leaf, intermediate, root }) => [leaf, root, intermediate]],
  ])('gives %s as it was sent', async (_, sent) => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const server = await serve(chain, sent(chain), { maxVersion })
      const outcome = await direct().handshake(to(server.port), NEVER)
      expect(outcome.ok && subjects(outcome.result.chain)).toEqual(
        sent(chain).map((pem) => new X509Certificate(pem).subject),
      )
    }
  })

  it.each<[what: string, sent: () => [TestChain, string[]], verifyError: string]>([
    ['an incomplete chain', () => [chain, [chain.leaf]], 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    [
      'the same names with other keys',
      () => [impostor, [impostor.leaf, impostor.intermediate]],
      'CERT_SIGNATURE_FAILURE',
    ],
    [
      'the same names with other keys and root',
      () => [impostor, [impostor.leaf, impostor.intermediate, impostor.root]],
      'CERT_SIGNATURE_FAILURE',
    ],
    [
      'an authority that nobody knows',
      () => [stranger, [stranger.leaf, stranger.intermediate]],
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    ],
  ])('does not verify %s, and goes on', async (_, sent, verifyError) => {
    const [from, certificates] = sent()
    const server = await serve(from, certificates)
    const outcome = await direct().handshake(to(server.port), NEVER)
    expect(outcome).toMatchObject({ ok: true, result: { verified: false, verifyError } })
    expect(outcome.ok && outcome.result.chain).toHaveLength(certificates.length)
  })

  it('checks the host name', async () => {
    const server = await serve(chain, [chain.leaf, chain.intermediate])
    const outcome = await direct().handshake({ ...to(server.port), host: 'teams.test' }, NEVER)
    expect(outcome).toMatchObject({
      result: { verified: false, verifyError: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    })
  })

  it('verifies nothing without roots', async () => {
    const server = await serve(chain, [chain.leaf, chain.intermediate])
    const outcome = await tcpProbe(directDialer, secureContextOf([])).handshake(to(server.port), NEVER)
    expect(outcome).toMatchObject({ ok: true, result: { verified: false } })
  })

  it('counts the round trip of a HelloRetryRequest', async () => {
    const server = await serve(chain, [chain.leaf, chain.intermediate], { ecdhCurve: 'P-384' })
    const outcome = await direct().handshake(to(server.port), NEVER)
    expect(outcome).toMatchObject({ ok: true, result: { version: 'TLSv1.3', roundTrips: 2 } })
  })

  it.each([
    [false, 1200, 4000],
    [true, 200, 1200],
  ])('sends a ClientHello of the asked size (small: %s)', async (smallHello, least, most) => {
    const hello = Promise.withResolvers<number>()
    const port = await plain((socket) => {
      socket.once('data', (bytes) => {
        hello.resolve(bytes.readUInt16BE(3))
        socket.destroy()
      })
    })
    const outcome = await direct().handshake({ ...to(port), smallHello }, NEVER)
    expect(await hello.promise).toBeGreaterThan(least)
    expect(await hello.promise).toBeLessThan(most)
    expect(outcome).toMatchObject({ ok: false, failure: 'reset' })
  })

  it('shakes hands with a small ClientHello', async () => {
    const server = await serve(chain, [chain.leaf, chain.intermediate])
    const outcome = await direct().handshake({ ...to(server.port), smallHello: true }, NEVER)
    expect(outcome).toMatchObject({ ok: true, result: { verified: true, roundTrips: 1 } })
  })

  it.each<[what: string, onSocket: (socket: Socket) => void, failure: string]>([
    ['a reset', (socket) => socket.once('data', () => socket.resetAndDestroy()), 'reset'],
    ['a close', (socket) => socket.once('data', () => socket.end()), 'reset'],
    ['silence', (socket) => socket.resume(), 'timeout'],
    [
      'something that is no TLS',
      (socket) => socket.once('data', () => socket.write('HTTP/1.1 400 no\r\n\r\n')),
      'tls-failed',
    ],
    [
      'an alert',
      (socket) => socket.once('data', () => socket.write(Buffer.from([21, 3, 3, 0, 2, 2, 40]))),
      'tls-failed',
    ],
  ])('%s is a failure', async (_, onSocket, failure) => {
    const outcome = await direct().handshake(to(await plain(onSocket), 500), NEVER)
    expect(outcome).toMatchObject({ ok: false, failure })
  })
})

describe('request', () => {
  const serving = (handle: RequestListener) => serve(chain, [chain.leaf, chain.intermediate], {}, handle)
  const get = (port: number, more: object = {}) =>
    direct().request({ ...to(port), path: '/owa/', tls: true, method: 'GET', ...more }, NEVER)

  it('gives status, headers and body, and follows no redirect', async () => {
    const seen: unknown[] = []
    const server = await serving((request, response) => {
      seen.push(request.method, request.url, request.headers)
      response
        .writeHead(302, { Location: 'https://elsewhere.test/', 'X-FirstHopCafeEFZ': 'LHR' })
        .end('moved')
    })
    const outcome = await get(server.port)
    expect(outcome).toMatchObject({
      ok: true,
      result: { status: 302, body: 'moved', headers: { 'x-firsthopcafeefz': 'LHR' } },
    })
    expect(seen).toMatchObject([
      'GET',
      '/owa/',
      { host: `${HOST}:${server.port}`, 'accept-encoding': 'identity' },
    ])
  })

  it('joins repeated headers in order, whatever they are called', async () => {
    const server = await serving((_, response) => {
      response
        .writeHead(200, ['Set-Cookie', 'a=1', 'set-cookie', 'b=2', 'Age', '1', 'Age', '2', '__proto__', 'x'])
        .end()
    })
    const outcome = await get(server.port)
    expect(outcome.ok && outcome.result.headers).toMatchObject({ 'set-cookie': 'a=1, b=2', age: '1, 2' })
    expect(outcome.ok && Object.hasOwn(outcome.result.headers, '__proto__')).toBe(true)
  })

  it('reads 10,000 bytes of an endless body', async () => {
    const server = await serving((_, response) => {
      const more = (): void => void (response.destroyed || response.write('x'.repeat(4096), more))
      more()
    })
    const outcome = await get(server.port)
    expect(outcome.ok && outcome.result.body).toBe('x'.repeat(10_000))
  })

  it('asks for the head alone', async () => {
    const server = await serving((_, response) =>
      response.writeHead(200, { 'Content-Length': '999999' }).end(),
    )
    expect(await get(server.port, { method: 'HEAD' })).toMatchObject({
      ok: true,
      result: { status: 200, body: '' },
    })
  })

  it('goes on with a chain that does not verify', async () => {
    const server = await serve(impostor, [impostor.leaf])
    expect(await get(server.port)).toMatchObject({ ok: true, result: { status: 200 } })
  })

  it('speaks plain HTTP', async () => {
    const port = await plain((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}')),
    )
    expect(await get(port, { tls: false })).toMatchObject({ ok: true, result: { status: 200, body: '{}' } })
  })

  it.each([
    ['no HTTP at all', 'SSH-2.0-x\r\n', 'http-malformed'],
    ['headers without end', `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(20_000)}`, 'http-too-large'],
    ['a close in the middle', 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc', 'reset'],
    ['a close before anything', '', 'reset'],
    ['an upgrade', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n', 'http-malformed'],
  ])('%s is a failure', async (_, bytes, failure) => {
    const port = await plain((socket) => socket.once('data', () => socket.end(bytes)))
    expect(await get(port, { tls: false })).toMatchObject({ ok: false, failure })
  })

  it('gives up on a server that dribbles', async () => {
    const port = await plain((socket) => socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n')))
    expect(await get(port, { tls: false, timeoutMs: 200 })).toMatchObject({ ok: false, failure: 'timeout' })
  })
})

describe('through a gateway', () => {
  it('everything is the same, later by the path', async () => {
    const server = await serve(chain, [chain.leaf, chain.intermediate])
    const gateway = await startSocksGateway({ way: () => ({ port: server.port }), rttMs: 50 })
    closing.push(gateway.close)
    const probe = tcpProbe(gatewayDialer({ address: '127.0.0.1', port: gateway.port }), clean)
    const target = { address: '52.96.1.1', port: 443, host: HOST, timeoutMs: 5000 }
    const shaken = await probe.handshake(target, NEVER)
    expect(shaken).toMatchObject({ ok: true, result: { verified: true, roundTrips: 1 } })
    expect(shaken.ok && shaken.result.tcpMs).toBeGreaterThanOrEqual(48)
    expect(shaken.ok && shaken.result.tlsMs).toBeGreaterThanOrEqual(48)
    const answer = await probe.request({ ...target, path: '/', tls: true, method: 'GET' }, NEVER)
    expect(answer).toMatchObject({ ok: true, result: { status: 200, body: 'ok' } })
    expect(answer.ok && answer.result.ms).toBeGreaterThanOrEqual(48)
  })
})
