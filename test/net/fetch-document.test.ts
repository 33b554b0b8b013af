import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { done } from '../../src/core/failure.ts'
import { directDialer } from '../../src/net/dialer.ts'
import { type FetchOptions, fetchDocument } from '../../src/net/fetch-document.ts'
import { secureContextOf } from '../../src/net/public-roots.ts'
import { makeChain, startTlsServer, type TestChain } from '../support/tls-server.ts'

const HOST = 'endpoints.test'
const LIST = JSON.stringify({ id: 1, ips: 'x'.repeat(50_000) })
const closing: (() => Promise<unknown>)[] = []
let chain: TestChain
let other: TestChain
beforeAll(async () => {
  chain = await makeChain(HOST)
  other = await makeChain(HOST, 'Inspector')
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function get(sent: TestChain, maxBytes = 1_000_000) {
  const server = await startTlsServer(sent, [sent.leaf, sent.intermediate], {}, (request, response) =>
    response.end(request.url === '/all?id=1' ? LIST : ''),
  )
  closing.push(server.close)
  const options: FetchOptions = {
    dialer: directDialer,
    roots: secureContextOf([chain.root]),
    lookup: async () => done({ addresses: [{ address: '127.0.0.1', family: 4 }], ms: 0, server: null }),
    maxBytes,
    timeoutMs: 5000,
    signal: new AbortController().signal,
  }
  return fetchDocument(new URL(`https://${HOST}:${server.port}/all?id=1`), options)
}

describe('fetchDocument', () => {
  it('gets a document whole over a connection that verifies', async () => {
    expect(await get(chain)).toMatchObject({ ok: true, result: { status: 200, body: LIST } })
  })

  it('asks nobody whose chain does not verify', async () => {
    expect(await get(other)).toMatchObject({ ok: false, failure: 'tls-failed' })
  })

  it('refuses a document that is too large', async () => {
    expect(await get(chain, 1000)).toMatchObject({ ok: false, failure: 'http-too-large' })
  })
})
