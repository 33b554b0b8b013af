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
