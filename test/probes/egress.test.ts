import { describe, expect, it } from 'vitest'
import { done, failed } from '../../src/core/failure.ts'
import { relayRegion } from '../../src/probes/egress/evaluate.ts'
import { egress } from '../../src/probes/egress.ts'
import {
  answer,
  argsOf,
  contextOf,
  evaluation,
  type Fakes,
  good,
  http,
  LONDON,
  queryTable,
  SEATTLE,
  system,
} from './fakes.ts'

const HOST = 'world.tr.teams.microsoft.com'
const TARGETS = [{ set: 11, host: HOST }]

const look = async (fakes: Fakes, office = SEATTLE) => {
  const result = good(await egress.run({ targets: TARGETS }, contextOf(fakes)))
  const read = good(egress.read(JSON.parse(JSON.stringify(result))))
  expect(read).toEqual(result)
  return { result, findings: egress.evaluate(read, evaluation('egress', TARGETS, office)) }
}

const dns: NonNullable<Fakes['dns']> = {
  servers: () => ['192.0.2.53'],
  systemLookup: async (_name, family) =>
    family === 4 ? system(['52.114.1.1', '52.114.1.2']) : failed('dns-empty'),
  query: queryTable({
    [`${HOST} A`]: answer([
      `${HOST} CNAME a-tr-teasc-euwe-02.westeurope.cloudapp.azure.com`,
      'a-tr-teasc-euwe-02.westeurope.cloudapp.azure.com A 52.114.1.2',
    ]),
  }),
}
const from = (address: string): NonNullable<Fakes['stun']> => ({
  binding: async () => done({ address, port: 40_000, ms: 4.005 }),
})

describe('the relay’s region (T1)', () => {
  it.each([
    ['a-tr-teasc-euwe-02.westeurope.cloudapp.azure.com', 'westeurope'],
    ['a-tr-teasc-ukso-04.uksouth.cloudapp.azure.com', 'uksouth'],
    ['a-tr-teasc-usea2-02.EASTUS2.cloudapp.azure.com', 'eastus2'],
    ['sip-du-a-euwe.westeurope.cloudapp.azure.com', null],
  ])('%s is in %s', (name, region) => {
    expect(relayRegion([['tr.trafficmanager.net', name]])).toBe(region)
  })
})

describe('the relay’s view of the office', () => {
  it('is eight flows over two addresses, two of them alone', async () => {
    let flying = 0
    const crowd: number[] = []
    const { result, findings } = await look({
      dns,
      stun: {
        binding: async ({ address, port }) => {
          expect(port).toBe(3478)
          crowd.push(++flying)
          await Promise.resolve()
          flying--
          return done({ address: '203.0.113.5', port: 1, ms: address === '52.114.1.1' ? 4 : 5 })
        },
      },
    })
    expect(crowd).toEqual([1, 1, 1, 2, 3, 4, 5, 6])
    expect(result.flows.map((flow) => flow.to).filter((to) => to === '52.114.1.1')).toHaveLength(4)
    const args = argsOf(findings, 'relay-egress-seen')
    expect(args.region).toBe('westeurope')
    expect(args.flows[0]).toEqual({
      to: '52.114.1.1',
      from: {
        address: '203.0.113.5',
        km: 3,
        label: 'Seattle',
        owner: null,
        registered: true,
        otherOffices: [],
      },
      failure: null,
      rttMs: 4,
    })
    expect(findings.map(({ code }) => code)).toEqual(['relay-egress-seen', 'relay-region-seen'])
  })

  it('states a relay outside the published ranges beside what it saw', async () => {
    const { findings } = await look({
      dns: { ...dns, systemLookup: async () => system(['192.0.2.9']) },
      stun: from('203.0.113.5'),
    })
    expect(findings.map(({ code }) => code)).toContain('outside-ranges')
    expect(argsOf(findings, 'outside-ranges').address).toBe('192.0.2.9')
  })

  it('tells another office’s range and a vendor', async () => {
    const { findings } = await look({ dns, stun: from('198.51.100.5') })
    expect(argsOf(findings, 'relay-egress-seen').flows[0]?.from).toMatchObject({
      registered: false,
      otherOffices: ['London'],
      owner: 'Example Cloud Gateway',
    })
  })

  it.each([
    ['of another world', { world: 'demo' }],
    ['that holds every address', { egress: ['0.0.0.0/0'] }],
    ['that is none', { egress: ['rubbish'] }],
  ])('looks at no range %s', async (_name, changes) => {
    const result = good(
      await egress.run({ targets: TARGETS }, contextOf({ dns, stun: from('198.51.100.5') })),
    )
    const context = { ...evaluation('egress', TARGETS), otherOffices: [{ ...LONDON, ...changes }] }
    const args = argsOf(egress.evaluate(result, context), 'relay-egress-seen')
    expect(args.flows[0]?.from?.otherOffices).toEqual([])
  })

  it('keeps flows that failed beside those that did not', async () => {
    let turn = 0
    const { findings } = await look({
      dns,
      stun: {
        binding: async () =>
          turn++ % 2 === 0 ? failed('timeout') : done({ address: '203.0.113.5', port: 1, ms: 4 }),
      },
    })
    const { flows } = argsOf(findings, 'relay-egress-seen')
    expect(flows.filter((flow) => flow.failure === 'timeout' && flow.from === null)).toHaveLength(4)
  })

  it('keeps the round trip of an error, which tells no address', async () => {
    const binding = async ({ address }: { readonly address: string }) =>
      address === '52.114.1.1'
        ? done({ address: null, error: 401, ms: 4.256 } as const)
        : done({ address: '203.0.113.5', port: 1, ms: 5 })
    const { flows } = argsOf((await look({ dns, stun: { binding } })).findings, 'relay-egress-seen')
    const erring = flows.filter(({ to }) => to === '52.114.1.1')
    expect(erring).toEqual(
      Array(4).fill({ to: '52.114.1.1', from: null, failure: 'stun-error', rttMs: 4.26 }),
    )
    const alone = await look({
      dns,
      stun: { binding: async () => done({ address: null, error: 401, ms: 4 } as const) },
    })
    expect(argsOf(alone.findings, 'unmeasured').failure).toBe('stun-error')
  })

  it('uses IPv6 beside IPv4, unless there is no route', async () => {
    const both: NonNullable<Fakes['dns']> = {
      systemLookup: async (_name, family) => system(family === 4 ? ['52.114.1.1'] : ['2603:1063::1']),
    }
    const v6 = (answered: boolean): NonNullable<Fakes['stun']> => ({
      binding: async ({ address }) =>
        address.includes(':') && !answered
          ? failed('network-unreachable')
          : done({ address: address.includes(':') ? '2001:db8::5' : '203.0.113.5', port: 1, ms: 4 }),
    })
    expect((await look({ dns: both, stun: v6(true) })).result.flows).toHaveLength(16)
    const without = await look({ dns: both, stun: v6(false) })
    expect(without.result).toMatchObject({ noIpv6: 'network-unreachable' })
    expect(argsOf(without.findings, 'relay-egress-seen').flows).toHaveLength(8)
  })

  it('is unmeasured by the commonest failure', async () => {
    const { findings } = await look({ dns })
    expect(findings.slice(0, 1)).toMatchObject([
      { code: 'unmeasured', question: 'relay-egress', args: { failure: 'timeout' } },
    ])
  })

  it('is a private answer where the name leads inside', async () => {
    const { findings } = await look({ dns: { systemLookup: async () => system(['10.0.0.9']) } })
    expect(findings).toMatchObject([{ code: 'private-answer', question: 'relay-egress' }])
  })

  it('needs a relay', async () => {
    expect(await egress.run({ targets: [] }, contextOf({}))).toMatchObject({ failure: 'params-refused' })
  })
})

describe('the default path', () => {
  it.each([
    ['an address', 'http://198.51.100.90/', '198.51.100.90', 80, false, '/'],
    ['a name', 'https://hub.example:8443/echo?x=1', '52.114.1.1', 8443, true, '/echo?x=1'],
    ['an IPv6 address', 'http://[2001:db8::90]/', '2001:db8::90', 80, false, '/'],
  ])('is what an echo at %s saw', async (_name, echo, address, port, secure, path) => {
    const { findings } = await look({
      dns,
      stun: from('203.0.113.5'),
      settings: { echo },
      tcp: {
        request: async (target) => {
          expect(target).toMatchObject({ address, port, tls: secure, path, method: 'GET' })
          return http(200, {}, JSON.stringify({ address: '198.51.100.5', port: 9, headers: {} }))
        },
      },
    })
    expect(findings).toHaveLength(3)
    expect(argsOf(findings, 'default-egress-seen').from).toMatchObject({ address: '198.51.100.5' })
  })

  it.each([
    ['no JSON', http(200, {}, '<html>')],
    ['no address', http(200, {}, '{"address":"nobody"}')],
    ['another status', http(302, {}, '{"address":"198.51.100.5"}')],
    ['nothing', failed<never>('timeout')],
  ])('is not known where the echo answers %s', async (_name, reply) => {
    const { findings } = await look({
      dns,
      stun: from('203.0.113.5'),
      settings: { echo: 'http://198.51.100.90/' },
      tcp: { request: async () => reply },
    })
    expect(findings.map((finding) => finding.code)).toEqual(['relay-egress-seen', 'relay-region-seen'])
  })
})

describe('the way out of UDP to elsewhere', () => {
  const ZONE = 'b.doorstep.example'
  const NS = ['203.0.113.200', '2001:db8::200']
  /** The relay as before, and the beacon's name with an address of each family. */
  const withBeacon: NonNullable<Fakes['dns']> = {
    ...dns,
    systemLookup: async (name, family, timeoutMs, signal) => {
      if (name !== `ns.${ZONE}`)
        return dns.systemLookup?.(name, family, timeoutMs, signal) ?? failed('dns-empty')
      return system(NS.filter((address) => address.includes(':') === (family === 6)))
    },
  }
  const isBeacon = (address: string) => NS.includes(address)

  it('is what the beacon’s STUN saw of two flows per family, after the flows that are timed', async () => {
    const asked: string[] = []
    const { result, findings } = await look({
      dns: withBeacon,
      settings: { beacon: ZONE },
      stun: {
        binding: async ({ address, port }) => {
          asked.push(`${address} ${port}`)
          const seen = address.includes(':') ? '2001:db8:5::5' : '203.0.113.5'
          return done({ address: isBeacon(address) ? seen : '198.51.100.5', port: 9, ms: 4 })
        },
      },
    })
    expect(asked.slice(-4)).toEqual(NS.flatMap((address) => Array(2).fill(`${address} 3478`)))
    expect(asked.slice(0, -4).some((one) => isBeacon(one.split(' ')[0] ?? ''))).toBe(false)
    expect(result.beacon).toMatchObject({ flows: Array(4).fill({ port: 9, ms: 4 }) })
    expect(argsOf(findings, 'beacon-egress-seen').from).toMatchObject([
      { address: '203.0.113.5', label: 'Seattle', registered: true },
      { address: '2001:db8:5::5', registered: false },
    ])
  })

  it('is told where the relay answers errors alone', async () => {
    const { findings } = await look({
      dns: withBeacon,
      settings: { beacon: ZONE },
      stun: {
        binding: async ({ address }) =>
          isBeacon(address)
            ? done({ address: '198.51.100.5', port: 9, ms: 4 })
            : done({ address: null, error: 401, ms: 4 }),
      },
    })
    expect(argsOf(findings, 'unmeasured')).toEqual({ question: 'relay-egress', failure: 'stun-error' })
    expect(argsOf(findings, 'beacon-egress-seen').from).toMatchObject([{ address: '198.51.100.5' }])
  })

  it.each<[string, Fakes, object | null]>([
    ['no beacon is configured', { dns: withBeacon, settings: { beacon: null } }, null],
    [
      'its name does not exist',
      { dns: { ...withBeacon, systemLookup: async () => failed('dns-nxdomain') } },
      { failure: 'dns-nxdomain' },
    ],
    [
      'its name has private addresses alone',
      { dns: { ...withBeacon, systemLookup: async () => system(['10.0.0.1']) } },
      { failure: 'dns-empty' },
    ],
    [
      'its STUN is silent',
      { dns: withBeacon },
      { flows: NS.flatMap((to) => Array(2).fill({ to, failure: 'timeout', ms: null })) },
    ],
  ])('is not known, and nothing is said of it, where %s', async (_name, fakes, beacon) => {
    const asked: string[] = []
    const { result, findings } = await look({
      settings: { beacon: ZONE },
      stun: {
        binding: async ({ address }) => {
          asked.push(address)
          return failed('timeout')
        },
      },
      ...fakes,
    })
    expect(result.beacon).toEqual(beacon)
    expect(asked).not.toContain('10.0.0.1')
    expect(findings.map(({ code }) => code)).not.toContain('beacon-egress-seen')
  })

  it('is left to IPv6 on a host that has no other', async () => {
    const { result } = await look({
      dns: withBeacon,
      settings: { beacon: ZONE },
      host: { interfaces: () => [{ name: 'eth0', address: '2001:db8:5::5', family: 6 }] },
      stun: { binding: async () => done({ address: '2001:db8:5::5', port: 9, ms: 4 }) },
    })
    const { beacon } = result
    expect(beacon !== null && 'flows' in beacon ? beacon.flows.map(({ to }) => to) : []).toEqual(
      Array(2).fill(NS[1]),
    )
  })

  it('is unknown of a measurement that an older runner made', async () => {
    const { result } = await look({ dns, stun: from('203.0.113.5') })
    const { beacon, ...older } = result
    expect(beacon).toBeNull()
    expect(good(egress.read(older))).toEqual(result)
  })
})
