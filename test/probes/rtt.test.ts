import { describe, expect, it } from 'vitest'
import { done, failed } from '../../src/core/failure.ts'
import { rtt } from '../../src/probes/rtt.ts'
import { answer, argsOf, contextOf, evaluation, type Fakes, good, queryTable, system, tls } from './fakes.ts'

const HOST = 'outlook.office365.com'
const TARGETS = [{ set: 1, host: HOST }]
const led = (code: string, address: string) =>
  answer([`${HOST} CNAME ${code}-efz.ms-acdc.office.com`, `${code}-efz.ms-acdc.office.com A ${address}`])

const look = async (fakes: Fakes) => {
  const result = good(await rtt.run({ targets: TARGETS }, contextOf(fakes)))
  const read = good(rtt.read(JSON.parse(JSON.stringify(result))))
  expect(read).toEqual(result)
  return { result, findings: rtt.evaluate(read, evaluation('rtt', TARGETS)) }
}

const NEAR: NonNullable<Fakes['dns']> = {
  servers: () => ['192.0.2.53'],
  systemLookup: async () => system(['52.96.1.1']),
  query: queryTable({ [`${HOST} A`]: led('eat', '52.96.1.1') }),
}

describe('rtt', () => {
  it('discards the first, keeps seven, and divides TLS by its round trips', async () => {
    const times = [99, 5, 4.111, 6, 4.5, 7, 8, 9]
    const shakes = [50, 12, 10, 11]
    let flying = 0
    const { result, findings } = await look({
      dns: NEAR,
      tcp: {
        connect: async () => {
          expect(++flying).toBe(1)
          await Promise.resolve()
          flying--
          return done({ ms: times.shift() ?? 0 })
        },
        handshake: async () => tls({ tlsMs: shakes.shift() ?? 0, roundTrips: 2 }),
      },
    })
    expect(result.hosts[0]?.timed[0]?.tcpMs).toEqual([5, 4.11, 6, 4.5, 7, 8, 9])
    expect(argsOf(findings, 'door-timed')).toEqual({
      host: HOST,
      doors: [
        {
          address: '52.96.1.1',
          code: 'EAT',
          km: 161,
          servers: ['192.0.2.53'],
          bySystem: true,
          minMs: 4.11,
          medianMs: 6,
          tlsRoundTripMs: 5,
          failure: null,
        },
      ],
    })
  })

  it('times every door once, those of applications first', async () => {
    const { result, findings } = await look({
      dns: {
        servers: () => ['192.0.2.53', '192.0.2.54'],
        systemLookup: async () => system(['52.96.9.1']),
        query: queryTable({
          [`192.0.2.53 ${HOST} A`]: led('eat', '52.96.1.1'),
          [`192.0.2.54 ${HOST} A`]: led('lhr', '52.96.9.1'),
        }),
      },
      tcp: {
        connect: async ({ address }) => (address === '52.96.1.1' ? failed('timeout') : done({ ms: 138 })),
        handshake: async () => failed('tls-failed'),
      },
    })
    expect(result.hosts[0]?.timed.map((one) => one.address)).toEqual(['52.96.9.1', '52.96.1.1'])
    expect(result.hosts[0]?.timed[1]?.tcpFailures).toEqual(['timeout', 'timeout'])
    expect(argsOf(findings, 'door-timed').doors).toMatchObject([
      { code: 'EAT', minMs: null, failure: 'timeout', bySystem: false },
      { code: 'LHR', minMs: 138, tlsRoundTripMs: null, failure: null, bySystem: true },
    ])
  })

  it('is unmeasured where no door could be timed', async () => {
    const { findings } = await look({ dns: NEAR, tcp: { connect: async () => failed('refused') } })
    expect(findings).toMatchObject([
      { code: 'unmeasured', question: `rtt:${HOST}`, args: { failure: 'refused' } },
    ])
  })

  it('never contacts a private address', async () => {
    const { result, findings } = await look({
      dns: { systemLookup: async () => system(['100.64.1.1']) },
      tcp: {
        connect: async () => {
          throw new Error('contacted')
        },
      },
    })
    expect(result.hosts[0]?.timed).toEqual([])
    expect(findings).toMatchObject([{ code: 'unmeasured', args: { failure: 'policy-refused' } }])
  })

  it('is unmeasured where the name was not answered', async () => {
    const { findings } = await look({ dns: { systemLookup: async () => failed('dns-nxdomain') } })
    expect(findings).toMatchObject([{ code: 'unmeasured', args: { failure: 'dns-nxdomain' } }])
  })
})

describe('IPv6 that is not answered', () => {
  const [V4, V6, OWN6] = ['52.96.1.1', '2603:1016::1', '2001:db8:51::20']
  const silent = async (
    ways: Readonly<Record<string, 'open' | 'timeout' | 'refused' | 'network-unreachable'>>,
    source: string | null = OWN6,
  ) => {
    const { findings } = await look({
      dns: {
        servers: () => ['192.0.2.53'],
        systemLookup: async (_name, family) => system([family === 4 ? V4 : V6]),
        query: queryTable({
          [`${HOST} A`]: led('lhr', V4),
          [`${HOST} AAAA`]: answer([
            `${HOST} CNAME lhr-efz.ms-acdc.office.com`,
            `lhr-efz.ms-acdc.office.com AAAA ${V6}`,
          ]),
        }),
      },
      tcp: {
        connect: async ({ address }) => {
          const way = ways[address] ?? 'timeout'
          return way === 'open' ? done({ ms: 5 }) : failed(way)
        },
      },
      host: {
        sourceTowards: async () => (source === null ? failed('network-unreachable') : done(source)),
      },
    })
    expect(findings.filter(({ code }) => code !== 'ipv6-unanswered')).toHaveLength(1)
    return findings.find(({ code }) => code === 'ipv6-unanswered')?.args
  }

  it('is told where the host has an address of its own for it and IPv4 answers', async () => {
    expect(await silent({ [V4]: 'open' })).toEqual({
      host: HOST,
      source: OWN6,
      addresses: [V6],
      attempts: 2,
      over4Ms: 5,
    })
  })

  it.each([
    ['it answers', { [V4]: 'open', [V6]: 'open' }, OWN6],
    ['it is refused, which is an answer', { [V4]: 'open', [V6]: 'refused' }, OWN6],
    ['there is no way to it', { [V4]: 'open', [V6]: 'network-unreachable' }, OWN6],
    ['IPv4 is silent too', { [V4]: 'timeout' }, OWN6],
    ['the host has no address for it', { [V4]: 'open' }, null],
    ['its only address is good for the link', { [V4]: 'open' }, 'fe80::1'],
  ] as const)('is not told where %s', async (_what, ways, source) => {
    expect(await silent(ways, source)).toBeUndefined()
  })
})
