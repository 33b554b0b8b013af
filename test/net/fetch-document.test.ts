import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { done, type Failure, failed } from '../../src/core/failure.ts'
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

const LOCAL_LOOKUP: FetchOptions['lookup'] = async () =>
  done({ addresses: [{ address: '127.0.0.1', family: 4 }], ms: 0, server: null })

async function get(sent: TestChain, maxBytes = 1_000_000, lookup = LOCAL_LOOKUP) {
  const server = await startTlsServer(sent, [sent.leaf, sent.intermediate], {}, (request, response) =>
    response.end(request.url === '/all?id=1' ? LIST : ''),
  )
  closing.push(server.close)
  const options: FetchOptions = {
    dialer: directDialer,
    roots: secureContextOf([chain.root]),
    lookup,
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

  it.each<Failure>(['dns-nxdomain', 'dns-empty'])(
    'asks for IPv6 where the name has no IPv4 address (%s)',
    async (failure) => {
      const asked: number[] = []
      // The server listens in IPv4 alone, and is named here by what IPv6 calls it.
      const lookup: FetchOptions['lookup'] = async (_, family) => {
        asked.push(family)
        if (family === 4) return failed(failure)
        return done({ addresses: [{ address: '::ffff:127.0.0.1', family: 6 }], ms: 0, server: null })
      }
      expect(await get(chain, 1_000_000, lookup)).toMatchObject({ ok: true, result: { body: LIST } })
      expect(asked).toEqual([4, 6])
    },
  )

  it('tells the trouble with IPv4 where there is no address at all', async () => {
    const lookup: FetchOptions['lookup'] = async (_, family) =>
      failed(family === 4 ? 'dns-servfail' : 'dns-empty')
    expect(await get(chain, 1_000_000, lookup)).toMatchObject({ ok: false, failure: 'dns-servfail' })
  })

  it('refuses a document that is too large', async () => {
    expect(await get(chain, 1000)).toMatchObject({ ok: false, failure: 'http-too-large' })
  })
})
