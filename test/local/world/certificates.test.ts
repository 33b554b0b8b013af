import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { genuineAuthority, inspectorAuthority } from '../../../src/local/world/certificates.ts'
import { objectId, sequence, utcTime } from '../../../src/local/world/der.ts'

const NOW = Date.UTC(2026, 10, 26, 8, 5, 9)
const CONTOSO = { name: 'Contosö Gateway', organization: 'Contoso' } as const

const read = (pem: string) => new X509Certificate(pem)

describe('the certificates of a world', () => {
  it('read as a public server’s do', () => {
    const authority = genuineAuthority(NOW)
    const leaf = read(authority.issue('outlook.office365.com').certificate)
    expect(leaf.subject).toBe('CN=outlook.office365.com\nO=Microsoft Corporation\nL=Redmond\nST=WA\nC=US')
    expect(leaf.issuer).toBe('CN=Microsoft Azure ECC TLS Issuing CA 04\nO=Microsoft Corporation\nC=US')
    expect(leaf.subjectAltName).toBe('DNS:outlook.office365.com')
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    expect(leaf.ca).toBe(false)
    expect(leaf.validFrom).toBe('Nov 25 08:05:09 2026 GMT')
    expect(leaf.validTo).toBe('Feb 24 08:05:09 2027 GMT')
    expect(leaf.serialNumber).toMatch(/^01[0-9A-F]{30}$/)
  })

  it('are signed by one another up to the root, and by nobody else', () => {
    const authority = genuineAuthority(NOW)
    const leaf = read(authority.issue('a.example').certificate)
    const between = read(authority.intermediates)
    const root = read(authority.root)
    expect(leaf.verify(between.publicKey)).toBe(true)
    expect(between.verify(root.publicKey)).toBe(true)
    expect(root.verify(root.publicKey)).toBe(true)
    expect(between.ca && root.ca).toBe(true)
    expect(leaf.checkIssued(between) && between.checkIssued(root)).toBe(true)
    expect(leaf.checkIssued(read(genuineAuthority(NOW).intermediates))).toBe(false)
  })

  it('have a private key that fits', () => {
    const { certificate, key } = genuineAuthority(NOW).issue('a.example')
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/)
    expect(read(certificate).publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1')
  })

  it('hold names that need more than one byte for their length, and more than ASCII', () => {
    const host = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.example`
    const leaf = read(inspectorAuthority(CONTOSO, NOW).issue(host).certificate)
    expect(leaf.checkHost(host)).toBe(host)
    expect(leaf.issuer).toBe('CN=Contosö Gateway\nO=Contoso')
  })
})

describe('the elements that certificates are made of', () => {
  it('are those of the standard', () => {
    expect(objectId('1.2.840.10045.4.3.2').toString('hex')).toBe('06082a8648ce3d040302')
    expect(sequence(Buffer.alloc(300)).subarray(0, 4).toString('hex')).toBe('3082012c')
    expect(utcTime(NOW).toString('latin1').slice(2)).toBe('261126080509Z')
  })
})
