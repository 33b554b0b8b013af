import * as fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { directDialer } from '../../src/net/dialer.ts'
import { rootsFor } from '../../src/net/probe-ports.ts'
import { bundledRoots, readRoots, sendsLargeHello } from '../../src/net/public-roots.ts'
import { tcpProbe } from '../../src/net/tcp-probe.ts'
import { makeChain, startTlsServer, type TestChain } from '../support/tls-server.ts'

const HOST = 'outlook.test'
let chain: TestChain
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  chain = await makeChain(HOST)
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

describe('an operator’s file of further roots', () => {
  it('is read certificate by certificate, whatever stands between them', () => {
    const text = `Microsoft's newest root\n${chain.root}\n# and its bridge\n${chain.intermediate}\n`
    expect(readRoots(text)?.map((pem) => pem.trim())).toEqual([chain.root.trim(), chain.intermediate.trim()])
  })

  it.each([
    ['an empty file', ''],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'],
    ['a certificate that is none', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
  ])('is not read from %s', (_name, text) => {
    expect(readRoots(text)).toBeNull()
  })

  it('is not read where one of several certificates is damaged', () => {
    expect(readRoots(chain.root + chain.root.replace(/MII/, 'AAA'))).toBeNull()
  })

  it('is read or refused, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readRoots(`-----BEGIN CERTIFICATE-----${text}-----END CERTIFICATE-----`) ?? null).toBeNull()
      }),
    )
  })

  it('lets a chain verify that no public root vouches for, and takes no public root away', async () => {
    const server = await startTlsServer(chain, [chain.leaf, chain.intermediate])
    closing.push(server.close)
    const to = { address: '127.0.0.1', port: server.port, host: HOST, timeoutMs: 5_000 }
    const shake = (further: readonly string[]) =>
      tcpProbe(directDialer, rootsFor(null, further)).handshake(to, new AbortController().signal)
    expect(await shake([])).toMatchObject({ ok: true, result: { verified: false } })
    expect(await shake(readRoots(chain.root) ?? [])).toMatchObject({ ok: true, result: { verified: true } })
    expect(rootsFor(null, [chain.root]).pems).toHaveLength(bundledRoots().length + 1)
  })
})

describe('the size of an ordinary ClientHello', () => {
  it.each([
    ['3.0.17', false],
    ['3.4.1', false],
    ['3.5.0', true],
    ['3.5.8+quic', true],
    ['4.0.0', true],
    ['1.1.1w', false],
    ['', false],
    [undefined, false],
  ])('is known by the version of OpenSSL, %s: large %s', (openssl, large) => {
    expect(sendsLargeHello(openssl)).toBe(large)
  })
})
