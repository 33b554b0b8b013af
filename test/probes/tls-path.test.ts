import { describe, expect, it } from 'vitest'
import { failed } from '../../src/core/failure.ts'
import { tlsPath } from '../../src/probes/tls-path.ts'
import { makeCertificate } from './certificates.ts'
import { answer, argsOf, contextOf, evaluation, good, http, queryTable, system, tls } from './fakes.ts'
import { chainOf, HOST, ISSUING, LEAF, look, reachable, TARGET } from './tls-support.ts'

const issuing = await makeCertificate({ name: ISSUING })
const leaf = await makeCertificate({ name: LEAF, by: issuing, host: HOST })

/** A chain that did not verify: only then is the answer over it looked at. */
const UNVERIFIED = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'

describe('what else a host shows', () => {
  it('discards the first handshake and divides by round trips', async () => {
    const times = [90, 12, 10, 11]
    const { result, findings } = await look({
      tcp: {
        handshake: async () =>
          tls({ ...chainOf([leaf, issuing], UNVERIFIED), tlsMs: times.shift() ?? 0, roundTrips: 2 }),
        request: async () => http(407, { Server: 'squid/6.1' }),
      },
    })
    expect(result.hosts[0]?.handshakes.map((one) => one.tlsMs)).toEqual([12, 10, 11])
    expect(argsOf(findings, 'tls-seen')).toMatchObject({
      host: HOST,
      set: 1,
      category: 'Optimize',
      tcpMs: 4,
      tlsRoundTripMs: 5,
      tlsVersion: 'TLSv1.3',
      httpStatus: 407,
      proxyServerHeader: true,
      tcpTooFast: false,
      smallHelloOnly: false,
    })
  })

  it('takes two more handshakes only where the first was slow', async () => {
    let count = 0
    await look({
      tcp: {
        handshake: async () => {
          count++
          return tls({ ...chainOf([leaf], null), tcpMs: 300, tlsMs: 301 })
        },
      },
    })
    expect(count).toBe(3)
  })

  it.each([
    ['an undisturbed one shows that it is not', [50, 50, 50, 50, 50, 9], [9, 50, 50], 6],
    ['seconds later it still is', Array.from({ length: 20 }, () => 50), [50, 50, 50], 14],
  ])(
    'shakes hands again, alone, where it was as slow as through a proxy: %s',
    async (_, times, kept, count) => {
      let asked = 0
      const { result } = await look({
        tcp: {
          handshake: async () => tls({ ...chainOf([leaf], null), tcpMs: 4, tlsMs: times[asked++] ?? 0 }),
        },
      })
      expect(result.hosts[0]?.handshakes.map((one) => one.tlsMs)).toEqual(kept)
      expect(asked).toBe(count)
    },
  )

  it('does not ask for a page behind a verified chain, where no proxy could answer', async () => {
    const { result } = await look({
      tcp: {
        handshake: async () => tls(chainOf([leaf], null)),
        request: async () => http(407, { Server: 'squid/6.1' }),
      },
    })
    expect(result.hosts[0]?.http).toBeNull()
  })

  it.each(['Microsoft-IIS/10.0', 'Microsoft-HTTPAPI/2.0', 'nginx', 'AkamaiGHost'])(
    '%s is no proxy',
    async (server) => {
      const { findings } = await look({
        tcp: {
          handshake: async () => tls(chainOf([leaf], UNVERIFIED)),
          request: async () => http(403, { server }),
        },
      })
      expect(argsOf(findings, 'tls-seen').proxyServerHeader).toBe(false)
    },
  )

  it('looks at no IPv6 where IPv4 shows a chain, though the name has both', async () => {
    const asked: number[] = []
    const dialed = new Set<string>()
    await look({
      dns: {
        systemLookup: async (_name, family) => {
          asked.push(family)
          return system([family === 4 ? '52.96.1.1' : '2603:1016::1'])
        },
      },
      tcp: {
        handshake: async ({ address }) => {
          dialed.add(address)
          return tls(chainOf([leaf, issuing], null))
        },
      },
    })
    expect(asked).toEqual([4])
    expect([...dialed]).toEqual(['52.96.1.1'])
  })

  it('takes the IPv6 address where the host has no way to IPv4', async () => {
    const dialed: string[] = []
    const { findings } = await look({
      dns: { systemLookup: async (_name, family) => system([family === 4 ? '52.96.1.1' : '2603:1016::1']) },
      tcp: {
        handshake: async ({ address }) => {
          dialed.push(address)
          return address.includes(':') ? tls(chainOf([leaf, issuing], null)) : failed('network-unreachable')
        },
      },
    })
    expect(dialed.slice(0, 2)).toEqual(['52.96.1.1', '2603:1016::1'])
    expect(argsOf(findings, 'tls-seen').chain).toBe('clean')
  })

  it.each([
    ['tls-failed', 2],
    ['reset', 2],
    ['timeout', 2],
    ['refused', 1],
    ['policy-refused', 1],
  ] as const)('is unmeasured by %s after %i tries', async (word, tries) => {
    let count = 0
    const { findings } = await look({
      tcp: {
        handshake: async () => {
          count++
          return failed(word)
        },
      },
    })
    expect(count).toBe(tries)
    // The range finding stands beside it: the name's address was known.
    expect(findings).toMatchObject([{ code: 'unmeasured', question: `tls:${HOST}`, args: { failure: word } }])
  })

  it('sees that an answer came sooner than light from the door', async () => {
    const { findings } = await look({
      dns: {
        ...reachable,
        servers: () => ['192.0.2.53'],
        query: queryTable({
          [`${HOST} A`]: answer([
            `${HOST} CNAME LHR-efz.ms-acdc.office.com`,
            'LHR-efz.ms-acdc.office.com A 52.96.1.1',
          ]),
        }),
      },
      tcp: { handshake: async () => tls({ ...chainOf([leaf], null), tcpMs: 0.3 }) },
    })
    expect(argsOf(findings, 'tls-seen').tcpTooFast).toBe(true)
  })

  it.each([
    ['does not exist', failed<never>('dns-nxdomain'), 'host-absent'],
    ['was not answered', failed<never>('dns-timeout'), 'unmeasured'],
    ['leads inside', system(['100.64.3.4']), 'private-answer'],
    ['leads nowhere', system([]), 'unmeasured'],
  ])('a name that %s', async (_name, reply, code) => {
    const { findings } = await look({ dns: { systemLookup: async () => reply } })
    expect(findings.map((finding) => finding.code)).toEqual([code])
  })

  it('uses IPv6 where there is no IPv4', async () => {
    const { result } = await look({
      dns: {
        systemLookup: async (_name, family) =>
          family === 4 ? failed('dns-nxdomain') : system(['2603:1006::1']),
      },
      tcp: { handshake: async () => tls(chainOf([leaf], null)) },
    })
    expect(result.hosts[0]?.address).toBe('2603:1006::1')
  })

  it('states an address outside the published ranges beside its answer', async () => {
    const { findings } = await look({
      dns: { systemLookup: async () => system(['192.0.2.9']) },
      tcp: { handshake: async () => tls(chainOf([leaf], null)) },
    })
    expect(findings).toMatchObject([
      { code: 'tls-seen', question: `tls:${HOST}` },
      { code: 'outside-ranges', question: `range:${HOST}`, args: { address: '192.0.2.9' } },
    ])
  })

  it('keeps five hosts in flight, and one host’s trouble to itself', async () => {
    let flying = 0
    let most = 0
    const targets = Array.from({ length: 7 }, (_, index) => ({ set: 9, host: `h${index}.example` }))
    const { findings } = await look(
      {
        tcp: {
          handshake: async ({ host }) => {
            most = Math.max(most, ++flying)
            await new Promise((go) => setImmediate(go))
            flying--
            return host === 'h3.example' ? failed('reset') : tls(chainOf([leaf], null))
          },
        },
      },
      targets,
    )
    expect(most).toBe(5)
    expect(findings.map((finding) => finding.code).filter((code) => code === 'unmeasured')).toHaveLength(1)
    expect(findings).toHaveLength(7)
  })

  it('names hosts that it did not come to', async () => {
    const { findings } = await look({ signal: AbortSignal.abort() })
    expect(findings).toMatchObject([{ code: 'unmeasured', args: { failure: 'deadline-passed' } }])
  })

  it('needs a tenant for a tenant’s host only', async () => {
    const tenantTarget = { set: 31, host: '{tenant}-my.sharepoint.com' }
    expect(await tlsPath.run({ targets: [tenantTarget] }, contextOf({}))).toMatchObject({
      ok: false,
      failure: 'not-configured',
    })
    const { findings } = await look({}, [TARGET, tenantTarget])
    expect(findings[1]).toMatchObject({
      question: 'tls:{tenant}-my.sharepoint.com',
      args: { failure: 'not-configured' },
    })
  })

  it('reads what makes no certificate without a throw', () => {
    const host = {
      target: HOST,
      host: HOST,
      system: { addresses: ['52.96.1.1'], ms: 1, server: null },
      address: '52.96.1.1',
      lastName: null,
      chain: {
        version: 'TLSv1.3',
        certificates: ['AAAA'],
        truncated: false,
        verified: true,
        verifyError: null,
        knownIssuerName: true,
        knownIssuerSigned: false,
        acceptedBySystem: null,
      },
      handshakes: [],
      failure: null,
      smallHelloOnly: false,
      http: null,
    }
    const read = good(tlsPath.read({ hosts: [host], nat64: [] }))
    const args = argsOf(tlsPath.evaluate(read, evaluation('tls-path', [TARGET])), 'tls-seen')
    expect(args).toMatchObject({ chain: 'unsettled', issuer: '', authorityKey: 'name:', tcpMs: null })
  })
})
