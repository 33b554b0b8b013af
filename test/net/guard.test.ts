import { describe, expect, it } from 'vitest'
import { done, failed, type Outcome } from '../../src/core/failure.ts'
import type { DnsAnswer, ProbePorts } from '../../src/core/ports.ts'
import { type GuardPolicy, guardedPorts } from '../../src/net/guard.ts'
import { policyFor } from '../../src/net/probe-ports.ts'
import { systemClock } from '../../src/os/clock.ts'
import { systemRandom } from '../../src/os/random.ts'

const NEVER = new AbortController().signal
const WORLD: GuardPolicy = policyFor({
  beacon: 'b.world.example',
  echo: 'http://198.51.100.90:8080/',
  proxies: ['http://10.4.0.8:3128'],
})

/** Ports that note what reached them, and answer any name with `zone[name]`. */
function recording(zone: Readonly<Record<string, string>> = {}) {
  const reached: string[] = []
  const answer = (name: string): Outcome<DnsAnswer> => {
    const data = zone[name]
    const records = data === undefined ? [] : [{ name, type: 'A', ttl: 0, data }]
    const flags = { authoritative: true, recursionAvailable: false }
    return done({ records, flags, transport: 'udp', ms: 1, strays: 0, subnetScope: null })
  }
  const tcp = async (target: { address: string; port: number }) => {
    reached.push(`tcp ${target.address} ${target.port}`)
    return failed('refused')
  }
  const stun = async ({ address, port }: { address: string; port: number }) => {
    reached.push(`stun ${address} ${port}`)
    return failed('timeout')
  }
  const ports: ProbePorts = {
    dns: {
      servers: () => ['192.168.1.1', '2001:db8::53'],
      query: async ({ name, server }) => {
        reached.push(`dns ${server}`)
        return answer(name)
      },
      systemLookup: async (name, family) => {
        const address = zone[name]
        return address === undefined
          ? failed('dns-nxdomain')
          : done({ addresses: [{ address, family }], ms: 1, server: null })
      },
    },
    tcp: {
      largeHello: true,
      connect: tcp,
      handshake: tcp,
      request: tcp,
      download: tcp,
      tunnel: ({ proxy }) => tcp(proxy),
    },
    host: {
      interfaces: () => [],
      sourceTowards: async (address) => {
        reached.push(`source ${address}`)
        return done('10.0.0.1')
      },
    },
    stun: { binding: stun, train: stun, hops: stun },
    random: systemRandom,
    clock: systemClock(),
  }
  return { ports: guardedPorts(ports, WORLD), reached }
}

const at = (address: string, port: number) => ({ address, port, timeoutMs: 100, host: 'outlook.test' })
const asking = (server: string, name = 'a.test') => ({ name, type: 'A', server, timeoutMs: 100 }) as const

describe('guardedPorts over TCP', () => {
  const rows: readonly (readonly [string, number, boolean])[] = [
    ['52.96.1.1', 443, true],
    ['52.96.1.1', 80, true],
    ['2620:1ec::1', 443, true],
    ['198.51.100.80', 443, true],
    ['198.51.100.90', 8080, true],
    ['10.4.0.8', 3128, true],
    ['52.96.1.1', 22, false],
    ['52.96.1.1', 3478, false],
    ['52.96.1.1', 8080, false],
    ['10.4.0.8', 80, false],
    ['192.168.1.1', 443, false],
    ['192.168.1.1', 53, false],
    ['169.254.169.254', 80, false],
    ['::ffff:10.0.0.1', 443, false],
    ['64:ff9b::a00:1', 443, false],
  ]
  it.each(rows)('%s port %d: allowed %s', async (address, port, allowed) => {
    const { ports, reached } = recording()
    const request = { ...at(address, port), path: '/', tls: true, method: 'GET' } as const
    const outcomes = await Promise.all([
      ports.tcp.connect(at(address, port), NEVER),
      ports.tcp.handshake(at(address, port), NEVER),
      ports.tcp.request(request, NEVER),
    ])
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ ok: false, failure: allowed ? 'refused' : 'policy-refused' })
    }
    expect(reached).toHaveLength(allowed ? 3 : 0)
  })
})

describe('guardedPorts over STUN', () => {
  it.each([
    ['52.112.0.1', 3478, true],
    ['52.112.0.1', 3481, true],
    // The beacon's own, as any public address.
    ['203.0.113.200', 3478, true],
    ['52.112.0.1', 3482, false],
    ['52.112.0.1', 443, false],
    ['10.0.0.1', 3478, false],
  ])('%s port %d: allowed %s', async (address, port, allowed) => {
    const { ports, reached } = recording()
    const target = at(address, port)
    const outcomes = [
      await ports.stun.binding(target, NEVER),
      await ports.stun.train(target, { count: 1, intervalMs: 20, lateMs: 800 }, NEVER),
      await ports.stun.hops(target, NEVER),
    ]
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ failure: allowed ? 'timeout' : 'policy-refused' })
    }
    expect(reached).toHaveLength(allowed ? 3 : 0)
  })
})

describe('guardedPorts for a download', () => {
  it.each([
    ['13.107.136.9', 443, true],
    ['13.107.136.9', 80, false],
    ['10.4.0.8', 3128, false],
    ['198.51.100.90', 8080, false],
    ['192.168.1.1', 443, false],
    ['::ffff:127.0.0.1', 443, false],
  ])('%s port %d: allowed %s', async (address, port, allowed) => {
    const { ports, reached } = recording()
    const outcome = await ports.tcp.download({ ...at(address, port), path: '/f' }, NEVER)
    expect(outcome).toMatchObject({ failure: allowed ? 'refused' : 'policy-refused' })
    expect(reached).toHaveLength(allowed ? 1 : 0)
  })
})

describe('guardedPorts over DNS', () => {
  it('asks configured servers, private or not, however they are written', async () => {
    const { ports, reached } = recording()
    expect(await ports.dns.query(asking('192.168.1.1'), NEVER)).toMatchObject({ ok: true })
    expect(await ports.dns.query(asking('2001:0db8::0053'), NEVER)).toMatchObject({ ok: true })
    expect(reached).toHaveLength(2)
  })

  it.each([['8.8.8.8'], ['192.168.1.2'], ['127.0.0.1'], ['a.test']])('asks no other: %s', async (server) => {
    const { ports, reached } = recording()
    expect(await ports.dns.query(asking(server), NEVER)).toMatchObject({ failure: 'policy-refused' })
    expect(reached).toEqual([])
  })

  it.each([
    ['ns.b.world.example', 'query'],
    ['silent.b.world.example', 'query'],
    ['NS.b.world.example', 'lookup'],
  ])('asks the beacon once %s was found by %s', async (name, how) => {
    const { ports } = recording({ [name]: '203.0.113.200' })
    expect(await ports.dns.query(asking('203.0.113.200'), NEVER)).toMatchObject({ failure: 'policy-refused' })
    if (how === 'query') await ports.dns.query(asking('192.168.1.1', name), NEVER)
    else await ports.dns.systemLookup(name, 4, 100, NEVER)
    expect(await ports.dns.query(asking('203.0.113.200'), NEVER)).toMatchObject({ ok: true })
  })

  it('learns nothing from other names, nor private addresses, nor from the beacon itself', async () => {
    const zone = {
      'x.test': '203.0.113.1',
      'ns.b.world.example': '10.0.0.1',
      'silent.b.world.example': '203.0.113.2',
    }
    const { ports } = recording(zone)
    for (const name of Object.keys(zone)) await ports.dns.query(asking('192.168.1.1', name), NEVER)
    for (const server of ['203.0.113.1', '10.0.0.1']) {
      expect(await ports.dns.query(asking(server), NEVER)).toMatchObject({ failure: 'policy-refused' })
    }
    expect(await ports.dns.query(asking('203.0.113.2'), NEVER)).toMatchObject({ ok: true })
  })
})

describe('guardedPorts towards a proxy and the host itself', () => {
  const through = (address: string, port: number, to = 443) => ({
    proxy: { address, port, host: address, tls: false },
    host: 'outlook.test',
    port: to,
    timeoutMs: 100,
  })

  it.each([
    ['10.4.0.8', 3128, 443, true],
    ['10.4.0.8', 3129, 443, false],
    ['10.4.0.9', 3128, 443, false],
    ['52.96.1.1', 443, 443, false],
    ['10.4.0.8', 3128, 22, false],
  ])('a tunnel at %s port %d to port %d: allowed %s', async (address, port, to, allowed) => {
    const { ports, reached } = recording()
    const outcome = await ports.tcp.tunnel(through(address, port, to), NEVER)
    expect(outcome).toMatchObject({ ok: false, failure: allowed ? 'refused' : 'policy-refused' })
    expect(reached).toHaveLength(allowed ? 1 : 0)
  })

  it('finds source addresses towards public addresses alone', async () => {
    const { ports, reached } = recording()
    expect(await ports.host.sourceTowards('52.96.1.1', NEVER)).toMatchObject({ ok: true })
    expect(await ports.host.sourceTowards('169.254.169.254', NEVER)).toMatchObject({
      failure: 'policy-refused',
    })
    expect(reached).toEqual(['source 52.96.1.1'])
  })

  it('learns the prefix of a NAT64 and reaches no private address behind it', async () => {
    const { ports, reached } = recording({ 'ipv4only.arpa': '2001:db8:64::c000:aa' })
    const dial = (address: string) => ports.tcp.connect({ address, port: 443, timeoutMs: 1 }, NEVER)
    await ports.dns.systemLookup('ipv4only.arpa', 6, 1, NEVER)
    expect(await dial('2001:db8:64::a00:1')).toMatchObject({ failure: 'policy-refused' })
    expect(await dial('2001:db8:64::3461:102')).toMatchObject({ failure: 'refused' })
    expect(reached).toEqual(['tcp 2001:db8:64::3461:102 443'])
  })
})
