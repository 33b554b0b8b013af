import { describe, expect, it } from 'vitest'
import { done, failed } from '../../src/core/failure.ts'
import type { Target } from '../../src/core/measurement.ts'
import type { ProxySetting } from '../../src/core/proxy-setting.ts'
import { host } from '../../src/probes/host.ts'
import { ATLAS, argsOf, contextOf, evaluation, type Fakes, good, system, tls } from './fakes.ts'

const EXCHANGE: Target = { set: 1, host: 'outlook.office365.com' }
const RELAY: Target = { set: 11, host: 'world.tr.teams.microsoft.com' }
const NEUTRAL: Target = { set: 125, host: 'www.digicert.com' }
const TARGETS = [EXCHANGE, RELAY, NEUTRAL]
const ADDRESSES: Readonly<Record<string, string>> = {
  [EXCHANGE.host]: '52.96.1.1',
  [RELAY.host]: '52.112.0.1',
  [NEUTRAL.host]: '198.51.100.7',
  'proxy.corp.example': '10.0.0.8',
}
const PROXY: ProxySetting = { from: 'system', url: 'http://10.0.0.8:3128', bypass: [], pac: null }

async function look(fakes: Fakes) {
  const context = contextOf({
    ...fakes,
    dns: {
      systemLookup: async (name) =>
        ADDRESSES[name] === undefined ? failed('dns-nxdomain') : system([ADDRESSES[name]]),
    },
  })
  const outcome = await host.run({ targets: TARGETS }, context)
  const result = good(host.read(JSON.parse(JSON.stringify(good(outcome)))))
  const given = evaluation('host', TARGETS)
  const atlas = { ...ATLAS, category: (set: number) => (set === 125 ? 'Default' : 'Optimize') }
  return { result, findings: host.evaluate(result, { ...given, atlas }) }
}

describe('host', () => {
  it('tells its addresses, which hint at a tunnel, and whether it has IPv6', async () => {
    const interfaces = () =>
      [
        { name: 'eth0', address: '10.4.0.20', family: 4 },
        { name: 'utun3', address: '100.64.0.9', family: 4 },
        { name: 'eth0', address: 'fd00::1', family: 6 },
      ] as const
    const { findings } = await look({ host: { interfaces } })
    expect(argsOf(findings, 'host-seen')).toMatchObject({
      ipv6: true,
      interfaces: [
        { name: 'eth0', kind: 'private', maybeTunnel: false },
        { name: 'utun3', kind: 'cgnat', maybeTunnel: true },
        { kind: 'private' },
      ],
    })
    expect(argsOf(findings, 'no-proxy-set')).toEqual({})
  })

  it('tells when Optimize names leave by another address than an ordinary one', async () => {
    const split = async (address: string) => done(address === '198.51.100.7' ? '10.99.0.2' : '10.4.0.20')
    const { findings } = await look({ host: { sourceTowards: split } })
    expect(argsOf(findings, 'different-source-address')).toEqual({
      optimize: [
        { host: EXCHANGE.host, source: '10.4.0.20' },
        { host: RELAY.host, source: '10.4.0.20' },
      ],
      rest: { host: NEUTRAL.host, source: '10.99.0.2' },
    })
    const same = await look({ host: { sourceTowards: async () => done('10.4.0.20') } })
    expect(same.findings.some(({ code }) => code === 'different-source-address')).toBe(false)
  })

  it.each([
    [299_000, false],
    [-300_001, true],
    [400_000, true],
  ])('a clock that is off by %d ms is wrong: %s', async (offset, wrong) => {
    const { findings } = await look({ settings: { clockOffsetMs: () => offset } })
    expect(findings.some(({ code }) => code === 'clock-wrong')).toBe(wrong)
    expect(argsOf(findings, 'host-seen').clockOffsetMs).toBe(offset)
  })

  it('compares the straight way with the one through a proxy', async () => {
    const asked: string[] = []
    const { findings } = await look({
      settings: {
        proxies: [{ ...PROXY, url: 'http://proxy.corp.example:3128', bypass: ['*.teams.microsoft.com'] }],
      },
      tcp: {
        handshake: async () => tls({ tcpMs: 10, tlsMs: 11 }),
        tunnel: async ({ proxy, host: to, port }) => {
          asked.push(`${proxy.address}:${proxy.port} ${proxy.host} ${to}:${port}`)
          return done({ status: 200, server: 'squid', openMs: 20, tls: tls({ tlsMs: 30, verified: false }) })
        },
      },
    })
    expect(asked).toEqual(['10.0.0.8:3128 proxy.corp.example outlook.office365.com:443'])
    expect(argsOf(findings, 'proxy-compared')).toMatchObject({
      proxy: 'http://proxy.corp.example:3128',
      from: 'system',
      host: EXCHANGE.host,
      // The relay takes no part, and the ordinary name may be proxied.
      takes: [EXCHANGE.host],
      direct: { ms: 21, verified: true },
      connectStatus: 200,
      via: { ms: 50, verified: false },
    })
  })

  it.each([
    ['asks for a sign-in', done({ status: 407, server: null, openMs: 2, tls: null }), 407, null],
    ['does not answer', failed('timeout'), null, { failure: 'timeout' }],
    [
      'opens a tunnel to nothing',
      done({ status: 200, server: null, openMs: 2, tls: failed('reset') }),
      200,
      { failure: 'reset' },
    ],
  ])('tells of a proxy that %s', async (_, seen, connectStatus, via) => {
    const { findings } = await look({ settings: { proxies: [PROXY] }, tcp: { tunnel: async () => seen } })
    expect(argsOf(findings, 'proxy-compared')).toMatchObject({ connectStatus, via })
  })

  it.each([
    ['https://proxy.corp.example', 443, true],
    ['https://proxy.corp.example:8443', 8443, true],
    ['http://proxy.corp.example', 80, false],
  ])('speaks with %s on port %i, in TLS: %s', async (url, port, spoken) => {
    const asked: unknown[] = []
    await look({
      tcp: {
        tunnel: async ({ proxy }) => {
          asked.push(proxy)
          return done({ status: 407, server: null, openMs: 1, tls: null })
        },
      },
      settings: { proxies: [{ ...PROXY, url }] },
    })
    expect(asked).toEqual([{ address: '10.0.0.8', port, host: 'proxy.corp.example', tls: spoken }])
  })

  it('shows a script and runs none', async () => {
    const pac = 'http://wpad.example/a.pac'
    const { findings } = await look({ settings: { proxies: [{ ...PROXY, url: null, pac }] } })
    expect(argsOf(findings, 'proxy-script-set')).toEqual({ script: pac, from: 'system' })
  })

  it('says that the setting could not be read', async () => {
    const { findings } = await look({ settings: { proxies: null } })
    expect(argsOf(findings, 'unmeasured')).toMatchObject({ question: 'proxy' })
  })
})
