import { createServer, type Socket } from 'node:net'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/core/failure.ts'
import { directDialer } from '../../src/net/dialer.ts'
import { type CleanRoots, secureContextOf } from '../../src/net/public-roots.ts'
import { stunClient } from '../../src/net/stun.ts'
import { MAX_BODY_BYTES, tcpProbe } from '../../src/net/tcp-probe.ts'
import { systemRandom } from '../../src/os/random.ts'
import { startStunServer, stunMapped } from '../support/stun-server.ts'
import { makeChain, startTlsServer, type TestChain } from '../support/tls-server.ts'

const HOST = 'outlook.test'
const NEVER = new AbortController().signal
/** Long enough for what ends by itself, short enough for what must be given up. */
const TIMEOUT_MS = 400
/** A busy machine calls timers back late. */
const LATE_MS = 3_000
/** What the kernel's buffers and a few reads hold; a client that gathered a flood would take far more in its time. */
const FLOOD_BYTES = 64 * 1024 * 1024

let chain: TestChain
let clean: CleanRoots
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  chain = await makeChain(HOST)
  clean = secureContextOf([chain.root])
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

type Peer = (socket: Socket) => void

/** A real server that lets `peer` do what it likes with each connection. */
const serve = async (peer: Peer): Promise<{ port: number; sockets: Set<Socket> }> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    peer(socket)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  closing.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((closed) => server.close(closed))
  })
  const bound = server.address()
  return { port: bound !== null && typeof bound === 'object' ? bound.port : 0, sockets }
}

const to = (port: number) => ({ address: '127.0.0.1', port, host: HOST, timeoutMs: TIMEOUT_MS })
const probe = () => tcpProbe(directDialer, clean)
const handshake = (port: number) => probe().handshake(to(port), NEVER)
const request = (port: number, tls = false) =>
  probe().request({ ...to(port), path: '/', tls, method: 'GET' }, NEVER)

/** One byte at a time, for ever, once the other side has spoken. */
const dribble =
  (bytes: Buffer): Peer =>
  (socket) => {
    let at = 0
    socket.once('data', () => {
      const timer = setInterval(
        () => socket.write(bytes.subarray(at % bytes.length, (at++ % bytes.length) + 1)),
        10,
      )
      socket.on('close', () => clearInterval(timer))
    })
  }

/** As much as the other side takes, for ever, after `head`. */
const flood =
  (head: string | Buffer, chunk: Buffer): Peer =>
  (socket) => {
    const pour = (): void => {
      while (!socket.destroyed && socket.bytesWritten < FLOOD_BYTES && socket.write(chunk));
    }
    socket.on('drain', pour)
    socket.once('data', () => {
      socket.write(head)
      pour()
    })
  }

const says =
  (text: string | Buffer, then: (socket: Socket) => void = () => {}): Peer =>
  (socket) => {
    socket.once('data', () => {
      socket.write(text, () => then(socket))
    })
  }

/** A handshake record that announces a message of 16 MB, and what such a record may hold of it. */
const HUGE_MESSAGE = Buffer.concat([
  Buffer.from([22, 3, 3, 0x40, 0, 2, 0xff, 0xff, 0xff]),
  Buffer.alloc(16_380),
])

const ended = async <R>(work: Promise<Outcome<R>>): Promise<string> => {
  const began = performance.now()
  const outcome = await work
  expect(performance.now() - began).toBeLessThan(TIMEOUT_MS + LATE_MS)
  return outcome.ok ? 'ok' : outcome.failure
}

describe('a handshake ends in time, with a word', () => {
  it.each<[what: string, peer: Peer, words: readonly string[]]>([
    ['says nothing', (socket) => socket.resume(), ['timeout']],
    ['dribbles', dribble(Buffer.from([22, 3, 3, 0x3f, 0xff, 2, 0, 0, 0x50])), ['timeout', 'tls-failed']],
    ['closes at once', (socket) => socket.end(), ['reset']],
    ['resets at once', (socket) => socket.resetAndDestroy(), ['reset']],
    [
      'closes half way through its first record',
      says(HUGE_MESSAGE.subarray(0, 40), (socket) => socket.end()),
      ['reset', 'tls-failed'],
    ],
    [
      'resets half way through its first record',
      says(HUGE_MESSAGE.subarray(0, 40), (socket) => socket.resetAndDestroy()),
      ['reset'],
    ],
    ['sends an alert', says(Buffer.from([21, 3, 3, 0, 2, 2, 40])), ['tls-failed']],
    ['speaks plain HTTP', says('HTTP/1.1 400 Bad Request\r\n\r\n'), ['tls-failed']],
    ['sends its own ClientHello back', (socket) => socket.pipe(socket), ['tls-failed']],
    ['floods with nonsense', flood('', Buffer.alloc(65_536, 0x41)), ['tls-failed']],
    ['floods with a message without end', flood(HUGE_MESSAGE, Buffer.alloc(65_536)), ['tls-failed']],
    [
      'floods with warnings',
      flood('', Buffer.concat(Array.from({ length: 4_000 }, () => Buffer.from([21, 3, 3, 0, 2, 1, 90])))),
      ['tls-failed'],
    ],
  ])('with a peer that %s', async (_what, peer, words) => {
    const { port, sockets } = await serve(peer)
    expect(words).toContain(await ended(handshake(port)))
    expect(words).toContain(await ended(request(port, true)))
    for (const socket of sockets) expect(socket.bytesWritten).toBeLessThan(FLOOD_BYTES)
  })
})

const OK = 'HTTP/1.1 200 OK\r\n'
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`

describe('a request ends in time, with a word', () => {
  it.each<[what: string, peer: Peer, words: readonly string[]]>([
    ['says nothing', (socket) => socket.resume(), ['timeout']],
    ['closes without an answer', says('', (socket) => socket.end()), ['reset', 'http-malformed']],
    ['resets instead of answering', says('', (socket) => socket.resetAndDestroy()), ['reset']],
    ['closes within the head', says(`${OK}Ser`, (socket) => socket.end()), ['reset', 'http-malformed']],
    [
      'closes before the body is whole',
      says(`${OK}Content-Length: 100\r\n\r\nx`, (socket) => socket.end()),
      ['reset', 'http-malformed'],
    ],
    [
      'resets within the body',
      says(`${OK}Content-Length: 100\r\n\r\nx`, (socket) => socket.resetAndDestroy()),
      ['reset'],
    ],
    ['stalls within the body', says(`${OK}Content-Length: 100\r\n\r\nx`), ['timeout']],
    ['dribbles its head', dribble(Buffer.from(`${OK}X: ${'x'.repeat(500)}`)), ['timeout', 'http-malformed']],
    [
      'dribbles its body',
      dribble(Buffer.from(`${OK}Content-Length: 9000\r\n\r\n${'x'.repeat(200)}`)),
      ['timeout'],
    ],
    ['has a head without end', flood(OK, Buffer.from(`X: ${'x'.repeat(1_000)}\r\n`)), ['http-too-large']],
    ['has a header without end', flood(`${OK}X: `, Buffer.alloc(65_536, 0x78)), ['http-too-large']],
    ['has a status line without end', flood('HTTP/1.1 200 ', Buffer.alloc(65_536, 0x78)), ['http-too-large']],
    ['goes on saying that it will go on', says('HTTP/1.1 100 Continue\r\n\r\n'.repeat(1_000)), ['timeout']],
    [
      'lies about two lengths',
      says(`${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`),
      ['http-malformed'],
    ],
    ['has a length that is none', says(`${OK}Content-Length: -1\r\n\r\n`), ['http-malformed']],
    ['has a chunk of no size', says(`${CHUNKED}zz\r\n`), ['http-malformed']],
    [
      'has a chunk extension without end',
      flood(`${CHUNKED}1;x=`, Buffer.alloc(65_536, 0x78)),
      ['http-malformed'],
    ],
    [
      'switches protocols unasked',
      says('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
      ['http-malformed'],
    ],
    ['speaks TLS', says(HUGE_MESSAGE), ['http-malformed']],
    ['speaks another protocol', says('SSH-2.0-OpenSSH_9.7\r\n'), ['http-malformed']],
  ])('with a peer that %s', async (_what, peer, words) => {
    const { port, sockets } = await serve(peer)
    expect(words).toContain(await ended(request(port)))
    for (const socket of sockets) expect(socket.bytesWritten).toBeLessThan(FLOOD_BYTES)
  })

  it('with a body without end, of which little is kept', async () => {
    const { port, sockets } = await serve(flood(`${OK}\r\n`, Buffer.alloc(65_536, 0x78)))
    const outcome = await request(port)
    expect(outcome.ok && outcome.result.body.length).toBe(MAX_BODY_BYTES)
    for (const socket of sockets) expect(socket.bytesWritten).toBeLessThan(FLOOD_BYTES)
  })

  it('with a TLS peer that stalls after its handshake', async () => {
    const server = await startTlsServer(chain, [chain.leaf, chain.intermediate], {}, () => {})
    closing.push(server.close)
    expect(await ended(request(server.port, true))).toBe('timeout')
  })

  it('when it is called off in the middle', async () => {
    const { port } = await serve(says(`${OK}Content-Length: 100\r\n\r\nx`))
    const stop = new AbortController()
    const work = probe().request({ ...to(port), path: '/', tls: false, method: 'GET' }, stop.signal)
    stop.abort()
    expect(await ended(work)).not.toBe('ok')
  })
})

describe('a STUN binding ends in time, with a word', () => {
  it.each<[what: string, reply: (transaction: Buffer) => readonly Buffer[], words: readonly string[]]>([
    ['says nothing', () => [], ['timeout']],
    ['sends empty datagrams', () => Array.from({ length: 50 }, () => Buffer.alloc(0)), ['timeout']],
    ['floods with nonsense', () => Array.from({ length: 500 }, () => Buffer.alloc(1_400, 0x41)), ['timeout']],
    ['answers what nobody asked', () => [stunMapped(Buffer.alloc(12, 7), '203.0.113.9', 1)], ['timeout']],
    [
      'cuts its answer short',
      (transaction) => [stunMapped(transaction, '203.0.113.9', 1).subarray(0, 25)],
      ['timeout', 'stun-error'],
    ],
  ])('with a peer that %s', async (_what, reply, words) => {
    const server = await startStunServer(({ transaction }) => reply(transaction))
    closing.push(server.close)
    const client = stunClient(directDialer, systemRandom)
    const target = { address: '127.0.0.1', port: server.port, timeoutMs: TIMEOUT_MS }
    expect(words).toContain(await ended(client.binding(target, NEVER)))
  })
})
