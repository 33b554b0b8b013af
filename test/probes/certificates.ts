import 'reflect-metadata'
import { type KeyObject, X509Certificate as NodeCertificate, webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  Extension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

type Keys = webcrypto.CryptoKeyPair

/** A certificate with the key that it is for. */
export interface Made {
  readonly der: Uint8Array
  readonly certificate: NodeCertificate
  readonly keys: Keys
  readonly name: string
}

export interface Wanted {
  readonly name: string
  /** Self-signed when missing. */
  readonly by?: Made
  readonly host?: string
  readonly until?: Date
  /** With timestamps of Certificate Transparency, as every public authority's. */
  readonly stamped?: boolean
}

let serial = 1

/** Makes a certificate: an authority, or a leaf when a host is named. */
export async function makeCertificate(wanted: Wanted): Promise<Made> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const { name, by, host, until, stamped = false } = wanted
  const made = await X509CertificateGenerator.create(
    {
      serialNumber: (serial++).toString(16).padStart(4, '0'),
      subject: name,
      issuer: by?.name ?? name,
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: until ?? new Date('2036-01-01T00:00:00Z'),
      publicKey: keys.publicKey,
      signingKey: (by?.keys ?? keys).privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        host === undefined
          ? new BasicConstraintsExtension(true)
          : new SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
        ...(stamped ? [new Extension('1.3.6.1.4.1.11129.2.4.2', false, new Uint8Array([4, 2, 0, 0]))] : []),
      ],
    },
    webcrypto as unknown as typeof globalThis.crypto,
  )
  const der = new Uint8Array(made.rawData)
  return { der, certificate: new NodeCertificate(der), keys, name }
}

/** PEM of an authority. */
export function pemOf(made: Made): string {
  return made.certificate.toString()
}

/** The SPKI of an authority's key. */
export function spkiOf(made: Made): Buffer {
  const key: KeyObject = made.certificate.publicKey
  return key.export({ type: 'spki', format: 'der' })
}
