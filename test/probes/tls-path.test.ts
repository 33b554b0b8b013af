import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { failed } from '../../src/core/failure.ts'
import type { ChainState } from '../../src/core/finding.ts'
import type { Target } from '../../src/core/measurement.ts'
import type { TlsSeen } from '../../src/core/ports.ts'
import { createTlsPath, tlsPath } from '../../src/probes/tls-path.ts'
import { type Made, makeCertificate, pemOf, spkiOf } from './certificates.ts'
import {
  answer,
  argsOf,
  contextOf,
  evaluation,
  type Fakes,
  good,
  http,
  queryTable,
  SEATTLE,
  system,
  tls,
} from './fakes.ts'

const HOST = 'outlook.office365.com'
const TARGET: Target = { set: 1, host: HOST }

const ROOT = 'C=US, O=DigiCert Inc, CN=DigiCert Global Root G2'
const ISSUING = 'C=US, O=Microsoft Corporation, CN=Microsoft Azure RSA TLS Issuing CA 03'
const LEAF = 'CN=outlook.com'
const CORP = 'O=Contoso, CN=Contoso Inspection CA'

const root = await makeCertificate({ name: ROOT })
const issuing = await makeCertificate({ name: ISSUING, by: root })
const leaf = await makeCertificate({ name: LEAF, by: issuing, host: HOST })
const expired = await makeCertificate({ name: LEAF, by: issuing, host: HOST, until: new Date('2026-02-01') })
const elsewhere = await makeCertificate({ name: LEAF, by: issuing, host: 'elsewhere.example' })
const corp = await makeCertificate({ name: CORP })
const corpLeaf = await makeCertificate({ name: LEAF, by: corp, host: HOST })
const fakeRoot = await makeCertificate({ name: ROOT })
const underFakeRoot = await makeCertificate({ name: LEAF, by: fakeRoot, host: HOST })
const fakeIssuing = await makeCertificate({ name: ISSUING })
const underFakeIssuing = await makeCertificate({ name: LEAF, by: fakeIssuing, host: HOST })
const issuingUnderFake = await makeCertificate({ name: ISSUING, by: fakeRoot })
const fakeLeaf = await makeCertificate({ name: LEAF, by: issuingUnderFake, host: HOST })
const issuingUnderCorp = await makeCertificate({ name: ISSUING, by: corp })
const corpLeafBehind = await makeCertificate({ name: LEAF, by: issuingUnderCorp, host: HOST })
const G2 = 'C=US, O=Microsoft Corporation, CN=Microsoft TLS RSA Root G2'
const newRoot = await makeCertificate({ name: G2 })
const newIssuing = await makeCertificate({
  name: 'C=US, O=Microsoft Corporation, CN=Microsoft TLS G2 RSA CA OCSP 02',
  by: newRoot,
})
const newLeaf = await makeCertificate({ name: LEAF, by: newIssuing, host: HOST })
const selfSigned = await makeCertificate({ name: LEAF, host: HOST })
const future = await makeCertificate({ name: 'O=DigiCert Inc, CN=DigiCert Global Root G9' })
const futureLeaf = await makeCertificate({ name: LEAF, by: future, host: HOST })

const reachable: Fakes['dns'] & object = { systemLookup: async () => system(['52.96.1.1']) }
const chainOf = (made: readonly Made[], verifyError: string | null): Partial<TlsSeen> => ({
  chain: made.map((one) => one.der),
  verified: verifyError === null,
  verifyError,
})

const look = async (
  fakes: Fakes,
  targets: readonly Target[] = [TARGET],
  probe = tlsPath,
  office = SEATTLE,
) => {
  const outcome = await probe.run({ targets }, contextOf({ dns: reachable, ...fakes }))
  const result = good(outcome)
  const read = good(probe.read(JSON.parse(JSON.stringify(result))))
  expect(read).toEqual(result)
  return { result, findings: probe.evaluate(read, evaluation('tls-path', targets, office)) }
}

const LOCALLY = 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'
const IN_CHAIN = 'SELF_SIGNED_CERT_IN_CHAIN'
const NO_LEAF = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'

const CHAINS: readonly (readonly [string, readonly Made[], string | null, ChainState])[] = [
  ['genuine', [leaf, issuing], null, 'clean'],
  ['genuine, intermediate left out', [leaf], NO_LEAF, 'incomplete'],
  ['an inspector’s own name', [corpLeaf, corp], IN_CHAIN, 'unknown-authority'],
  ['an inspector’s leaf alone', [corpLeaf], NO_LEAF, 'unsettled'],
  ['the root’s name with another key, sent', [underFakeRoot, fakeRoot], IN_CHAIN, 'impostor'],
  ['the root’s name with another key, not sent', [underFakeRoot], 'CERT_SIGNATURE_FAILURE', 'impostor'],
  ['both names copied, root not sent', [fakeLeaf, issuingUnderFake], LOCALLY, 'impostor'],
  ['both names copied, root sent', [fakeLeaf, issuingUnderFake, fakeRoot], IN_CHAIN, 'impostor'],
  ['Microsoft’s issuing name, self-issued', [underFakeIssuing, fakeIssuing], IN_CHAIN, 'impostor'],
  [
    'Microsoft’s issuing name under another root',
    [corpLeafBehind, issuingUnderCorp],
    LOCALLY,
    'unknown-authority',
  ],
  ['Microsoft’s newest root, bridge left out', [newLeaf, newIssuing], LOCALLY, 'unsettled'],
  ['Microsoft’s newest root itself', [newLeaf, newIssuing, newRoot], IN_CHAIN, 'unsettled'],
  ['Microsoft’s newest family, leaf alone', [newLeaf], NO_LEAF, 'incomplete'],
  ['a root newer than the bundle', [futureLeaf, future], IN_CHAIN, 'unsettled'],
  ['a leaf of its own', [selfSigned], 'DEPTH_ZERO_SELF_SIGNED_CERT', 'unknown-authority'],
  ['expired', [expired, issuing], 'CERT_HAS_EXPIRED', 'unsettled'],
  [
    'expired and copied: time is found first only under a known root',
    [fakeLeaf, fakeRoot],
    'CERT_HAS_EXPIRED',
    'unsettled',
  ],
  ['another host’s', [elsewhere, issuing], 'ERR_TLS_CERT_ALTNAME_INVALID', 'unsettled'],
  ['a sent authority that did not sign the leaf', [leaf, fakeIssuing], NO_LEAF, 'incomplete'],
  ['genuine throughout, yet refused', [leaf, issuing, root], IN_CHAIN, 'unsettled'],
  ['nothing sent', [], NO_LEAF, 'unsettled'],
]

describe('the state of a chain', () => {
  it.each(CHAINS)('%s', async (_name, made, error, state) => {
    const { findings } = await look({
      settings: { cleanRoots: [pemOf(root)] },
      tcp: { handshake: async () => tls(chainOf(made, error)), request: async () => http(200, {}) },
    })
    expect(argsOf(findings, 'tls-seen').chain).toBe(state)
  })

  it.each([
    ['a known intermediate', leaf, 'clean-with-known-intermediate'],
    ['the same, expired', expired, 'unsettled'],
    ['the same, for another host', elsewhere, 'unsettled'],
    ['its name with another key', underFakeIssuing, 'impostor'],
  ] as const)('a leaf alone under %s', async (_name, made, state) => {
    const probe = createTlsPath([issuing.certificate])
    const { findings } = await look(
      { tcp: { handshake: async () => tls(chainOf([made], NO_LEAF)) } },
      [TARGET],
      probe,
    )
    expect(argsOf(findings, 'tls-seen').chain).toBe(state)
  })

  it('is never an impostor’s where more was sent than is kept', async () => {
    const many = [underFakeRoot, fakeRoot, ...Array.from({ length: 6 }, () => corp)]
    const { findings } = await look({
      settings: { cleanRoots: [pemOf(root)] },
      tcp: { handshake: async () => tls(chainOf(many, IN_CHAIN)) },
    })
    expect(argsOf(findings, 'tls-seen').chain).toBe('unsettled')
  })

  it('names who signed, by the highest key sent', async () => {
    const keyOf = async (made: readonly Made[]) => {
      const { findings } = await look({ tcp: { handshake: async () => tls(chainOf(made, NO_LEAF)) } })
      return argsOf(findings, 'tls-seen')
    }
    const spki = createHash('sha256').update(spkiOf(corp)).digest('base64url')
    expect(await keyOf([corpLeaf, corp])).toMatchObject({
      authorityKey: spki,
      issuer: 'Contoso Inspection CA, Contoso',
    })
    expect((await keyOf([corpLeaf])).authorityKey).toMatch(/^name:[\w-]{43}$/)
    expect((await keyOf([])).authorityKey).toBe('name:')
  })

  it('tells whether the machine itself would accept it', async () => {
    const accepted = async (systemRoots: string | null) => {
      const { findings } = await look({
        settings: { systemRoots },
        tcp: { handshake: async () => tls(chainOf([corpLeaf, corp], IN_CHAIN)) },
      })
      return argsOf(findings, 'tls-seen').acceptedBySystem
    }
    expect(await accepted(null)).toBeNull()
    expect(await accepted(`${pemOf(root)}\n${pemOf(corp)}`)).toBe(true)
    expect(await accepted(pemOf(root))).toBe(false)
  })

  it('tells of the one handshake in several that did not verify', async () => {
    let turn = 0
    const { findings } = await look({
      tcp: {
        handshake: async () =>
          turn++ === 2 ? tls(chainOf([corpLeaf, corp], IN_CHAIN)) : tls(chainOf([leaf, issuing], null)),
      },
    })
    expect(argsOf(findings, 'tls-seen').chain).toBe('unknown-authority')
  })
})

describe('what else a host shows', () => {
  it('discards the first handshake and divides by round trips', async () => {
    const times = [90, 12, 10, 11]
    const { result, findings } = await look({
      tcp: {
        handshake: async () =>
          tls({ ...chainOf([leaf, issuing], null), tlsMs: times.shift() ?? 0, roundTrips: 2 }),
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

  it('takes one more handshake only where the first was slow', async () => {
    let count = 0
    await look({
      tcp: {
        handshake: async () => {
          count++
          return tls({ ...chainOf([leaf], null), tcpMs: 300, tlsMs: 301 })
        },
      },
    })
    expect(count).toBe(2)
  })

  it.each(['Microsoft-IIS/10.0', 'Microsoft-HTTPAPI/2.0', 'nginx', 'AkamaiGHost'])(
    '%s is no proxy',
    async (server) => {
      const { findings } = await look({
        tcp: {
          handshake: async () => tls(chainOf([leaf], null)),
          request: async () => http(403, { server }),
        },
      })
      expect(argsOf(findings, 'tls-seen').proxyServerHeader).toBe(false)
    },
  )

  it('tries a small ClientHello once where the usual one fails', async () => {
    const hellos: (boolean | undefined)[] = []
    const { findings } = await look({
      tcp: {
        handshake: async ({ smallHello }) => {
          hellos.push(smallHello)
          return smallHello ? tls(chainOf([leaf, issuing], null)) : failed('timeout')
        },
      },
    })
    expect(hellos).toEqual([false, true, true, true, true])
    expect(argsOf(findings, 'tls-seen').smallHelloOnly).toBe(true)
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

  it('keeps three hosts in flight, and one host’s trouble to itself', async () => {
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
    expect(most).toBe(3)
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
    const read = good(tlsPath.read({ hosts: [host] }))
    const args = argsOf(tlsPath.evaluate(read, evaluation('tls-path', [TARGET])), 'tls-seen')
    expect(args).toMatchObject({ chain: 'unsettled', issuer: '', authorityKey: 'name:', tcpMs: null })
  })
})
