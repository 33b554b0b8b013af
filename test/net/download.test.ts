import type { RequestListener, ServerResponse } from 'node:http'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { directDialer } from '../../src/net/dialer.ts'
import { MAX_DOWNLOAD_BYTES } from '../../src/net/download.ts'
import { gatewayDialer } from '../../src/net/gateway-dialer.ts'
import { type CleanRoots, secureContextOf } from '../../src/net/public-roots.ts'
import { tcpProbe } from '../../src/net/tcp-probe.ts'
import { startSocksGateway } from '../support/socks-gateway.ts'
import { makeChain, startTlsServer, type TestChain } from '../support/tls-server.ts'

const HOST = 'contoso.sharepoint.test'
const NEVER = new AbortController().signal
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

const serving = async (handle: RequestListener): Promise<number> => {
  const server = await startTlsServer(chain, [chain.leaf, chain.intermediate], {}, handle)
  closing.push(server.close)
  return server.port
}
const download = (port: number, more: { readonly timeoutMs?: number } = {}, signal = NEVER) =>
  tcpProbe(directDialer, clean).download(
    { address: '127.0.0.1', port, host: HOST, path: '/sites/net/15mb.bin?a=1', timeoutMs: 5_000, ...more },
    signal,
  )
const flood = (response: ServerResponse): void => {
  const piece = Buffer.alloc(262_144, 1)
  const more = (): void => void (response.destroyed || response.write(piece, more))
  more()
}

describe('download', () => {
  it('counts a file and tells how fast it came', async () => {
    const seen: unknown[] = []
    const port = await serving((request, response) => {
      seen.push(request.method, request.url, request.headers['accept-encoding'])
      response.end(Buffer.alloc(3_000_000, 1))
    })
    const outcome = await download(port)
    expect(seen).toEqual(['GET', '/sites/net/15mb.bin?a=1', 'identity'])
    expect(outcome).toMatchObject({ ok: true, result: { status: 200, bytes: 3_000_000, ended: 'whole' } })
    expect(outcome.ok && outcome.result.ms).toBeGreaterThan(0)
    expect(outcome.ok && outcome.result.secondHalfPerMs).toBeGreaterThan(0)
  })

  it('ends a flood at 15 MB', async () => {
    const outcome = await download(await serving((_, response) => flood(response)))
    expect(outcome).toMatchObject({ ok: true, result: { ended: 'bytes' } })
    // The last piece is at most one TLS record too much.
    expect(outcome.ok && outcome.result.bytes).toBeLessThan(MAX_DOWNLOAD_BYTES + 100_000)
  })

  it('takes what a slow line brought in its time for an answer', async () => {
    const port = await serving((_, response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(40_000)), 20)
      response.on('close', () => clearInterval(timer))
    })
    const outcome = await download(port, { timeoutMs: 600 })
    expect(outcome).toMatchObject({ ok: true, result: { status: 200, ended: 'time' } })
    // 2 MB/s at most: timers are late, never early.
    expect(outcome.ok && (outcome.result.secondHalfPerMs ?? 0)).toBeLessThan(4_000)
  })

  it('leaves TCP’s slow start out of the second half', async () => {
    const port = await serving((_, response) => {
      response.write(Buffer.alloc(400_000))
      setTimeout(() => response.end(Buffer.alloc(4_000_000)), 300)
    })
    const outcome = await download(port)
    const seen = outcome.ok ? outcome.result : null
    expect(seen?.ms).toBeGreaterThanOrEqual(299)
    expect(seen?.secondHalfPerMs).toBeGreaterThan((seen?.bytes ?? 0) / (seen?.ms ?? 1))
  })

  it('gives up on a file that stands still', { timeout: 10_000 }, async () => {
    const port = await serving((_, response) => void response.write(Buffer.alloc(100_000)))
    expect(await download(port, { timeoutMs: 9_000 })).toMatchObject({ ok: false, failure: 'timeout' })
  })

  it('gives up on a server that says nothing', async () => {
    const port = await serving(() => {})
    expect(await download(port, { timeoutMs: 200 })).toMatchObject({ ok: false, failure: 'timeout' })
  })

  it.each([
    ['with a length', { 'Content-Length': '9000000' }],
    ['in chunks', {}],
  ])('says reset for a file that is cut, sent %s', async (_, headers) => {
    const port = await serving((_request, response) => {
      response.writeHead(200, headers)
      response.write(Buffer.alloc(500_000), () => response.destroy())
    })
    expect(await download(port)).toMatchObject({ ok: false, failure: 'reset' })
  })

  it('reads no body but that of a 200, and follows no redirect', async () => {
    const port = await serving((_, response) => {
      response.writeHead(302, { Location: 'https://login.test/' })
      flood(response)
    })
    expect(await download(port)).toMatchObject({ ok: true, result: { status: 302, bytes: 0 } })
  })

  it('ends with its signal', async () => {
    const stop = new AbortController()
    const port = await serving((_, response) => {
      response.write('x', () => stop.abort())
    })
    expect(await download(port, {}, stop.signal)).toMatchObject({ ok: false, failure: 'deadline-passed' })
  })

  it('is refused where nothing listens', async () => {
    const port = await serving(() => {})
    for (const close of closing.splice(0)) await close()
    expect(await download(port)).toMatchObject({ ok: false, failure: 'refused' })
  })

  it('goes through a gateway as well', async () => {
    const port = await serving((_, response) => response.end(Buffer.alloc(1_500_000)))
    const gateway = await startSocksGateway({ way: () => ({ port }), rttMs: 20 })
    closing.push(gateway.close)
    const probe = tcpProbe(gatewayDialer({ address: '127.0.0.1', port: gateway.port }), clean)
    const target = { address: '13.107.136.9', port: 443, host: HOST, path: '/f', timeoutMs: 5_000 }
    const outcome = await probe.download(target, NEVER)
    expect(outcome).toMatchObject({ ok: true, result: { bytes: 1_500_000, ended: 'whole' } })
  })
})
