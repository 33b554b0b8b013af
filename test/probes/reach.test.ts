import { afterEach, describe, expect, it } from 'vitest'
import { done, failed, type Outcome } from '../../src/core/failure.ts'
import type { Target } from '../../src/core/measurement.ts'
import type { HttpSeen } from '../../src/core/ports.ts'
import { directDialer } from '../../src/net/dialer.ts'
import { secureContextOf } from '../../src/net/public-roots.ts'
import { tcpProbe } from '../../src/net/tcp-probe.ts'
import { reach } from '../../src/probes/reach.ts'
import { makeChain, startTlsServer } from '../support/tls-server.ts'
import { argsOf, contextOf, evaluation, type Fakes, good, http, system } from './fakes.ts'

const HOST = 'outlook.office365.com'
const EXCHANGE: Target = { set: 1, host: HOST }
const RELAY: Target = { set: 11, host: 'world.tr.teams.microsoft.com' }
const TENANT: Target = { set: 31, host: '{tenant}.sharepoint.com' }
const ANY: Target = { set: 31, host: 'microsoft.sharepoint.com' }

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function look(fakes: Fakes, targets: readonly Target[] = [EXCHANGE]) {
  const outcome = await reach.run({ targets }, contextOf(fakes))
  const result = good(reach.read(JSON.parse(JSON.stringify(good(outcome)))))
  return { result, findings: reach.evaluate(result, evaluation('reach', targets)) }
}

const found: Fakes = { dns: { systemLookup: async () => system(['52.96.1.1']) } }

/** What a host answers over HTTPS, of a set that does not name port 80 unless told what comes there. */
const answering =
  (https: Outcome<HttpSeen>, plain: Outcome<HttpSeen> = failed('policy-refused')) =>
  async ({ port }: { readonly port: number }) =>
    port === 443 ? https : plain

describe('reach', () => {
  it.each([
    ['any status is an answer', http(401, {}), { status: 401, failure: null, proxy: null }],
    ['no response is the word for it', failed('timeout'), { status: null, failure: 'timeout', proxy: null }],
    ['a 407 is a proxy', http(407, {}, '', false), { status: 407, proxy: 'asks-sign-in' }],
    ['a 403 of a proxy', http(403, { server: 'squid/6.1' }, '', false), { status: 403, proxy: 'refuses' }],
    [
      'a 403 of a front door is an answer',
      http(403, { server: 'Microsoft-IIS/10.0' }, '', false),
      { proxy: null },
    ],
    [
      'behind a verified chain no proxy answers',
      http(403, { server: 'squid' }),
      { status: 403, proxy: null },
    ],
  ])('%s', async (_, answered, expected) => {
    const { findings } = await look({ ...found, tcp: { request: answering(answered) } })
    const args = argsOf(findings, 'reach-seen')
    expect(args).toMatchObject({
      set: 1,
      category: 'Optimize',
      hosts: [{ host: HOST, port: 443, ...expected }],
    })
  })

  it.each([
    [
      'an answer on port 80 is one more',
      http(301, {}, '', null),
      { status: 301, failure: null, proxy: null },
    ],
    [
      'silence on port 80 alone is told',
      failed('timeout'),
      { status: null, failure: 'timeout', proxy: null },
    ],
    [
      'a proxy that takes port 80 alone shows itself',
      http(407, { server: 'BlueCoat-ProxySG' }, '', null),
      { status: 407, proxy: 'asks-sign-in' },
    ],
    [
      'a block page on port 80 is a proxy',
      http(403, { server: 'squid/6.10' }, '', null),
      { status: 403, proxy: 'refuses' },
    ],
  ])('%s', async (_, plain, expected) => {
    const { findings } = await look({ ...found, tcp: { request: answering(http(200, {}), plain) } })
    expect(argsOf(findings, 'reach-seen').hosts).toMatchObject([
      { host: HOST, port: 443, status: 200 },
      { host: HOST, port: 80, ...expected },
    ])
  })

  it('reads what a runner measured that did not ask port 80 yet', () => {
    const https = { status: 200, server: null, verified: true, ms: 4 }
    const old = { target: HOST, host: HOST, lookupFailure: null, address: '52.96.1.1', https, relay: [] }
    const result = good(reach.read({ hosts: [old], nat64: [] }))
    const findings = reach.evaluate(result, evaluation('reach', [EXCHANGE]))
    expect(argsOf(findings, 'reach-seen').hosts).toMatchObject([{ port: 443, status: 200 }])
  })

  it('says why a name gave no address', async () => {
    const { findings } = await look({ dns: { systemLookup: async () => failed('dns-nxdomain') } })
    expect(argsOf(findings, 'reach-seen').hosts).toMatchObject([{ address: null, failure: 'dns-nxdomain' }])
  })

  it('never contacts an address that no public service can have', async () => {
    let asked = 0
    const { findings } = await look({
      dns: { systemLookup: async () => system(['10.0.0.1']) },
      tcp: {
        request: async () => {
          asked += 1
          return http(200, {})
        },
      },
    })
    expect(asked).toBe(0)
    expect(argsOf(findings, 'reach-seen').hosts).toMatchObject([
      { address: '10.0.0.1', hidden: true, failure: 'policy-refused' },
    ])
  })

  it('asks each port of the relay', async () => {
    const { findings } = await look(
      {
        ...found,
        stun: {
          binding: async ({ port }) =>
            port === 3480 ? failed('timeout') : done({ address: '203.0.113.5', port: 9, ms: 4 }),
        },
      },
      [RELAY],
    )
    const { hosts } = argsOf(findings, 'reach-seen')
    expect(hosts.map(({ port, failure }) => [port, failure])).toEqual([
      [3478, null],
      [3479, null],
      [3480, 'timeout'],
      [3481, null],
    ])
  })

  it('takes an error of the relay for an answer', async () => {
    const stun = { binding: async () => done({ address: null, error: 401, ms: 4 } as const) }
    const { findings } = await look({ ...found, stun }, [RELAY])
    const { hosts } = argsOf(findings, 'reach-seen')
    expect(hosts.map(({ failure, ms }) => [failure, ms])).toEqual(Array(4).fill([null, 4]))
  })

  it('looks at a host once, and answers for every set that names it', async () => {
    const asked: number[] = []
    const request = async ({ port }: { readonly port: number }) => {
      asked.push(port)
      return http(200, {})
    }
    const { findings } = await look({ ...found, tcp: { request } }, [EXCHANGE, { set: 71, host: HOST }])
    expect(asked).toEqual([443, 80])
    expect(findings.map(({ question }) => question)).toEqual(['reach:1', 'reach:71'])
  })

  it('answers for SharePoint without a tenant, and says what needs one', async () => {
    const request = answering(http(200, {}))
    const both = await look({ ...found, tcp: { request } }, [TENANT, ANY])
    expect(argsOf(both.findings, 'reach-seen').hosts.map(({ host }) => host)).toEqual([ANY.host])
    const alone = await look({ ...found, tcp: { request } }, [TENANT])
    expect(argsOf(alone.findings, 'unmeasured').failure).toBe('not-configured')
  })

  it('lets the next hosts start beside those that are silent, and ends all at its own limit', async () => {
    const timers: { readonly ms: number; readonly run: () => void }[] = []
    const context = contextOf({
      ...found,
      tcp: {
        request: ({ port }, signal) =>
          new Promise((resolve) => {
            if (port === 443) begun += 1
            signal.addEventListener('abort', () => resolve(failed('deadline-passed')))
          }),
      },
    })
    let begun = 0
    const after = (ms: number, run: () => void) => {
      timers.push({ ms, run })
      return () => undefined
    }
    const targets = Array.from({ length: 20 }, (_, at) => ({ set: at + 100, host: `h${at}.example` }))
    const ports = { ...context.ports, clock: { ...context.ports.clock, after } }
    const running = reach.run({ targets }, { ...context, ports })
    const settled = () => new Promise((resolve) => setImmediate(resolve))
    await settled()
    expect(begun).toBe(4)
    for (let round = 2; round <= 5; round++) {
      for (const { ms, run } of [...timers]) if (ms === 150) run()
      await settled()
      expect(begun).toBe(4 * round)
    }
    timers.find(({ ms }) => ms === 12_000)?.run()
    const result = good(await running)
    const silent = targets.map(() => ({ failure: 'timeout' }))
    expect(result.hosts.map(({ https }) => https)).toEqual(silent)
    expect(result.hosts.map(({ http: plain }) => plain)).toEqual(silent)
  })

  it('asks a real server by HEAD and tells whether its chain verified', async () => {
    const chain = await makeChain('outlook.test')
    const server = await startTlsServer(chain, [chain.leaf, chain.intermediate])
    closing.push(server.close)
    const tcp = tcpProbe(
      {
        ...directDialer,
        tcp: (target, signal) =>
          directDialer.tcp({ ...target, address: '127.0.0.1', port: server.port }, signal),
      },
      secureContextOf([chain.root]),
    )
    const { result } = await look({ ...found, tcp }, [{ set: 1, host: 'outlook.test' }])
    expect(result.hosts[0]?.https).toMatchObject({ status: 200, verified: true })
  })
})
