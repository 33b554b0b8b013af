import { afterEach, describe, expect, it } from 'vitest'
import { directDialer } from '../../src/net/dialer.ts'
import { dialerFor, policyFor, probePorts, rootsFor } from '../../src/net/probe-ports.ts'
import type { World } from '../../src/net/world-file.ts'
import { systemClock } from '../../src/os/clock.ts'
import { systemRandom } from '../../src/os/random.ts'
import { dnsReply, startDnsServer } from '../support/dns-server.ts'
import { startSocksGateway } from '../support/socks-gateway.ts'
import { startStunServer } from '../support/stun-server.ts'
import { makeChain, startTlsServer } from '../support/tls-server.ts'

const NEVER = new AbortController().signal
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function smallWorld() {
  const chain = await makeChain('outlook.test')
  const dns = await startDnsServer((asked) =>
    dnsReply(asked, {
      answers: asked.type === 'A' ? [{ type: 'A', name: asked.name, ttl: 0, data: '52.96.1.1' }] : [],
    }),
  )
  const door = await startTlsServer(chain, [chain.leaf, chain.intermediate])
  const relay = await startStunServer()
  const ways: Readonly<Record<string, number>> = {
    '10.0.0.53 53': dns.port,
    '52.96.1.1 443': door.port,
    '52.112.0.1 3478': relay.port,
  }
  const gateway = await startSocksGateway({
    way: (address, port) => {
      const there = ways[`${address} ${port}`]
      return there === undefined ? { reply: 4 } : { port: there }
    },
  })
  closing.push(dns.close, door.close, relay.close, gateway.close)
  const world: World = {
    name: 'test',
    gateway: { address: '127.0.0.1', port: gateway.port },
    resolvers: ['10.0.0.53'],
    systemLookup: undefined,
    interfaces: undefined,
    proxy: null,
    tenant: null,
    roots: [chain.root],
    systemRoots: null,
    endpoints: null,
    echo: null,
    beacon: null,
    clockOffsetMs: 0,
    unknownKeys: [],
  }
  return { world, gateway }
}

function portsOf(world: World | null) {
  return probePorts({
    world,
    systemResolvers: () => ['192.0.2.1'],
    hostAddresses: () => [],
    lookupsAtOnce: 2,
    clock: systemClock(),
    random: systemRandom,
    policy: policyFor({ beacon: null, echo: null, proxies: [] }),
    roots: rootsFor(world),
  })
}

describe('probePorts in a world', () => {
  it('resolves, connects, shakes hands, asks and binds by claimed addresses only', async () => {
    const { world, gateway } = await smallWorld()
    const ports = portsOf(world)
    expect(ports.dns.servers()).toEqual(['10.0.0.53'])
    expect(await ports.dns.systemLookup('outlook.test', 4, 5000, NEVER)).toMatchObject({
      ok: true,
      result: { addresses: [{ address: '52.96.1.1' }], server: '10.0.0.53' },
    })
    const door = { address: '52.96.1.1', port: 443, host: 'outlook.test', timeoutMs: 5000 }
    expect(await ports.tcp.connect(door, NEVER)).toMatchObject({ ok: true })
    expect(await ports.tcp.handshake(door, NEVER)).toMatchObject({ ok: true, result: { verified: true } })
    expect(await ports.tcp.request({ ...door, path: '/', tls: true, method: 'GET' }, NEVER)).toMatchObject({
      result: { status: 200 },
    })
    expect(
      await ports.stun.binding({ address: '52.112.0.1', port: 3478, timeoutMs: 5000 }, NEVER),
    ).toMatchObject({ ok: true })
    expect(await ports.tcp.connect({ ...door, address: '52.96.9.9' }, NEVER)).toMatchObject({
      failure: 'host-unreachable',
    })
    const before = gateway.requests.length
    expect(await ports.tcp.connect({ ...door, address: '10.0.0.53' }, NEVER)).toMatchObject({
      failure: 'policy-refused',
    })
    expect(await ports.tcp.connect({ ...door, address: '127.0.0.1' }, NEVER)).toMatchObject({
      failure: 'policy-refused',
    })
    expect(gateway.requests).toHaveLength(before)
  })
})

describe('probePorts in a world without a gateway', () => {
  it('dials directly and asks the resolvers that the world names, else the host itself', async () => {
    const { world, gateway } = await smallWorld()
    const own = { ...world, gateway: undefined }
    expect(dialerFor(own)).toBe(directDialer)
    expect(dialerFor(world)).not.toBe(directDialer)
    expect(portsOf(own).dns.servers()).toEqual(['10.0.0.53'])
    const hosts = portsOf({ ...own, resolvers: undefined })
    expect(hosts.dns.servers()).toEqual(['192.0.2.1'])
    expect(await hosts.dns.systemLookup('localhost', 4, 5000, NEVER)).toMatchObject({
      result: { addresses: [{ address: '127.0.0.1' }], server: null },
    })
    expect(gateway.requests).toHaveLength(0)
  })
})

describe('probePorts on the real host', () => {
  it('asks the system which servers it has', () => {
    expect(portsOf(null).dns.servers()).toEqual(['192.0.2.1'])
  })

  it('sends nothing to loopback', async () => {
    const target = { address: '127.0.0.1', port: 443, timeoutMs: 1000 }
    expect(await portsOf(null).tcp.connect(target, NEVER)).toMatchObject({ failure: 'policy-refused' })
  })
})
