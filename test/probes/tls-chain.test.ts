import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ChainState } from '../../src/core/finding.ts'
import { createTlsPath } from '../../src/probes/tls-path.ts'
import { type Made, makeCertificate, pemOf, spkiOf } from './certificates.ts'
import { argsOf, contextOf, http, tls } from './fakes.ts'
import { chainOf, HOST, ISSUING, LEAF, look, reachable, TARGET } from './tls-support.ts'

const ROOT = 'C=US, O=DigiCert Inc, CN=DigiCert Global Root G2'
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
const forgedRoot = await makeCertificate({ name: G2 })
const forgedIssuing = await makeCertificate({
  name: 'C=US, O=Microsoft Corporation, CN=Microsoft TLS G2 RSA CA OCSP 02',
  by: forgedRoot,
})
const forgedLeaf = await makeCertificate({ name: LEAF, by: forgedIssuing, host: HOST })
const selfSigned = await makeCertificate({ name: LEAF, host: HOST })
const future = await makeCertificate({ name: 'O=DigiCert Inc, CN=DigiCert Global Root G9' })
const futureLeaf = await makeCertificate({ name: LEAF, by: future, host: HOST })

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
  ['names copied, but what was told is the time', [fakeLeaf, fakeRoot], 'CERT_HAS_EXPIRED', 'unsettled'],
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

  it('takes a leaf alone for an inspector’s where a root that the machine adds signed it', async () => {
    const { findings } = await look({
      settings: { cleanRoots: [pemOf(root)], systemRoots: pemOf(corp) },
      tcp: { handshake: async () => tls(chainOf([corpLeaf], NO_LEAF)), request: async () => http(200, {}) },
    })
    expect(argsOf(findings, 'tls-seen')).toMatchObject({ chain: 'unknown-authority', acceptedBySystem: true })
  })

  it.each([
    ['not named by the operator', [], 'unsettled'],
    ['named by the operator', [pemOf(newRoot)], 'impostor'],
  ] as const)('with a forged newest root, the true one %s', async (_name, further, state) => {
    for (const sent of [
      [forgedLeaf, forgedIssuing],
      [forgedLeaf, forgedIssuing, forgedRoot],
    ]) {
      const { findings } = await look({
        settings: { cleanRoots: [pemOf(root), ...further] },
        tcp: { handshake: async () => tls(chainOf(sent, LOCALLY)), request: async () => http(200, {}) },
      })
      expect(argsOf(findings, 'tls-seen').chain).toBe(state)
    }
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

  it.each([
    ['issuer-impersonated', [fakeLeaf, issuingUnderFake], LOCALLY],
    ['chain-incomplete', [leaf], NO_LEAF],
    [null, [corpLeaf, corp], IN_CHAIN],
    [null, [leaf, issuing], null],
  ] as const)('is %s by its own name where that is certain', async (code, made, error) => {
    const { findings } = await look({
      settings: { cleanRoots: [pemOf(root)] },
      tcp: { handshake: async () => tls(chainOf(made, error)), request: async () => http(200, {}) },
    })
    const beside = findings.filter(({ question }) => question === `chain:${HOST}`)
    expect(beside.map((found) => found.code)).toEqual(code === null ? [] : [code])
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

  it('does not take a public root that is newer than our bundle for one that the owner added', async () => {
    const stamped = await makeCertificate({ name: LEAF, by: corp, host: HOST, stamped: true })
    for (const sent of [[stamped, corp], [stamped]]) {
      const { findings } = await look({
        settings: { systemRoots: pemOf(corp) },
        tcp: { handshake: async () => tls(chainOf(sent, IN_CHAIN)) },
      })
      expect(argsOf(findings, 'tls-seen').acceptedBySystem).toBeNull()
    }
  })

  it.each([
    ['not read where every chain verifies', null, 0],
    ['read once where some do not', IN_CHAIN, 1],
  ] as const)('the machine’s store is %s', async (_name, error, times) => {
    let read = 0
    const settings = {
      get systemRoots() {
        read += 1
        return ''
      },
    }
    const context = contextOf({ dns: reachable, tcp: { handshake: async () => tls(chainOf([leaf], error)) } })
    const targets = [TARGET, { set: 31, host: 'microsoft.sharepoint.com' }]
    const told = Object.defineProperties({ ...context.settings }, Object.getOwnPropertyDescriptors(settings))
    await createTlsPath([]).run({ targets }, { ...context, settings: told })
    expect(read).toBe(times)
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
