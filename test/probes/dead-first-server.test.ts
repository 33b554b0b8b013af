import { describe, expect, it } from 'vitest'
import { done, failed, type Outcome } from '../../src/core/failure.ts'
import type { DnsPort, SystemAnswer } from '../../src/core/ports.ts'
import type { Probe } from '../../src/core/probe.ts'
import { Turns } from '../../src/net/turns.ts'
import { lookupThreads } from '../../src/os/lookup-threads.ts'
import { host } from '../../src/probes/host.ts'
import { reach } from '../../src/probes/reach.ts'
import { testClock } from '../support/test-clock.ts'
import { contextOf, type Fakes, good, http, system, tls } from './fakes.ts'

/** glibc waits so long for a server that does not answer before it asks the next: each time anew. */
const DEAD_MS = 5_000

const turnOver = () => new Promise((resolve) => setImmediate(resolve))

/** Runs a probe where each of the system's lookups takes 5 s, on the runner's threads, and tells how long it took. */
async function run<R>(probe: Probe<R>, hosts: readonly string[], fakes: Fakes = {}) {
  const clock = testClock()
  const turns = new Turns(lookupThreads({}, 'linux'))
  const systemLookup: DnsPort['systemLookup'] = async (_name, _family, timeoutMs, signal) => {
    if (!(await turns.take(signal))) return failed('deadline-passed')
    const { promise, resolve } = Promise.withResolvers<Outcome<SystemAnswer>>()
    clock.after(timeoutMs, () => resolve(failed('dns-timeout')))
    clock.after(DEAD_MS, () => {
      turns.give()
      resolve(system(['52.96.1.1']))
    })
    return promise
  }
  const context = contextOf({ ...fakes, dns: { systemLookup } })
  const targets = hosts.map((name, set) => ({ set, host: name }))
  const began = clock.monotonic()
  const running = probe.run({ targets }, { ...context, ports: { ...context.ports, clock } })
  let ended = false
  const tookMs = running.then(() => {
    ended = true
    return clock.monotonic() - began
  })
  for (;;) {
    for (let turn = 0; turn < 5; turn++) await turnOver()
    if (ended || clock.next === null) break
    clock.advance(clock.next)
  }
  return { result: good(await running), tookMs: await tookMs }
}

describe('behind a dead first server, where applications resolve', () => {
  it('reach finds the address of every name', async () => {
    const hosts = Array.from({ length: 40 }, (_, at) => `host-${at}.office365.com`)
    const { result, tookMs } = await run(reach, hosts, { tcp: { request: async () => http(200, {}) } })
    expect(result.hosts.map(({ lookupFailure, address }) => [lookupFailure, address])).toEqual(
      hosts.map(() => [null, '52.96.1.1']),
    )
    expect(tookMs).toBeLessThan(reach.budgetMs)
  })

  it('host finds its source addresses and compares the proxy', async () => {
    const setting = { from: 'system', url: 'http://proxy.corp.example:8080', bypass: [], pac: null } as const
    const { result, tookMs } = await run(host, ['outlook.office365.com', 'www.digicert.com'], {
      host: { sourceTowards: async () => done('10.0.0.2') },
      tcp: {
        handshake: async () => tls(),
        tunnel: async () => done({ status: 407, server: null, openMs: 1, tls: null }),
      },
      settings: { proxies: [setting] },
    })
    expect(result.sources.map(({ failure, source }) => [failure, source])).toEqual([
      [null, '10.0.0.2'],
      [null, '10.0.0.2'],
    ])
    expect(result.compared).toMatchObject({ connectStatus: 407 })
    expect(tookMs).toBeLessThan(host.budgetMs)
  })
})
