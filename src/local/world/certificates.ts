// x509 resolves its parts through this reflection table when it is first loaded.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import type { InspectorCa } from './spec.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY_MS = 86_400_000

/** The genuine names of a world: a root of its own, and an issuer named like one of Microsoft's. */
const GENUINE_ROOT = 'CN=World Global Root G2, O=World Trust Services, C=US'
const GENUINE_ISSUER = 'Microsoft Azure ECC TLS Issuing CA 04'

/** A certificate authority with one intermediate (an inspector of its own name has none). All texts are PEM. */
export interface Authority {
  readonly root: string
  /** What a server sends after the leaf. */
  readonly intermediates: string
  /** Makes a leaf for a host. */
  issue(host: string): Promise<Leaf>
}

export interface Leaf {
  readonly certificate: string
  readonly key: string
}

type Keys = Awaited<ReturnType<typeof webcrypto.subtle.generateKey>> & {
  privateKey: CryptoKey
  publicKey: CryptoKey
}
type CryptoKey = webcrypto.CryptoKey

const makeKeys = async (): Promise<Keys> =>
  (await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])) as Keys

const keyPem = async (key: CryptoKey): Promise<string> =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')

const caExtensions = [
  new x509.BasicConstraintsExtension(true, undefined, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
]

interface Signer {
  readonly name: string
  readonly keys: Keys
}

const serial = (): string =>
  Buffer.from(webcrypto.getRandomValues(new Uint8Array(15)))
    .toString('hex')
    .padStart(32, '01')

const sign = async (
  subject: string,
  publicKey: CryptoKey,
  by: Signer,
  days: number,
  extensions: x509.Extension[],
  now: number,
) => {
  // Key ids, as public authorities write them, keep a verifier from taking an imitator's root for the genuine one.
  const keyIds = [
    await x509.SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto as never),
    await x509.AuthorityKeyIdentifierExtension.create(by.keys.publicKey, false, webcrypto as never),
  ]
  return x509.X509CertificateGenerator.create(
    {
      serialNumber: serial(),
      subject,
      issuer: by.name,
      notBefore: new Date(now - DAY_MS),
      notAfter: new Date(now + days * DAY_MS),
      signingAlgorithm: ALGORITHM,
      publicKey,
      signingKey: by.keys.privateKey,
      extensions: [...extensions, ...keyIds],
    },
    webcrypto as never,
  )
}

const leafExtensions = (host: string): x509.Extension[] => [
  new x509.BasicConstraintsExtension(false),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
  new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
  new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
]

const createAuthority = async (
  names: { readonly root: string; readonly issuer: string | null },
  now: number,
): Promise<Authority> => {
  const root: Signer = { name: names.root, keys: await makeKeys() }
  const rootCertificate = await sign(root.name, root.keys.publicKey, root, 3650, caExtensions, now)
  const issuer: Signer = names.issuer === null ? root : { name: names.issuer, keys: await makeKeys() }
  const between =
    names.issuer === null
      ? rootCertificate
      : await sign(issuer.name, issuer.keys.publicKey, root, 1825, caExtensions, now)
  // One key serves every leaf: making a key per host would cost more than all the rest of a world's start.
  const leafKeys = await makeKeys()
  const key = await keyPem(leafKeys.privateKey)
  return {
    root: rootCertificate.toString('pem'),
    intermediates: between.toString('pem'),
    issue: async (host) => {
      const subject = `CN=${host}, O=Microsoft Corporation, L=Redmond, ST=WA, C=US`
      const leaf = await sign(subject, leafKeys.publicKey, issuer, 90, leafExtensions(host), now)
      return { certificate: leaf.toString('pem'), key }
    },
  }
}

/** The genuine authority of a world. `now` in ms since 1970; `issuer` is the common name of its intermediate. */
export const genuineAuthority = (now: number, issuer = GENUINE_ISSUER): Promise<Authority> =>
  createAuthority({ root: GENUINE_ROOT, issuer: `CN=${issuer}, O=Microsoft Corporation, C=US` }, now)

/** An inspector's authority: its own name, or the genuine names with other keys. */
export const inspectorAuthority = (ca: InspectorCa, now: number, issuer?: string): Promise<Authority> =>
  ca === 'imitates-genuine'
    ? genuineAuthority(now, issuer)
    : createAuthority({ root: `CN=${ca.name}, O=${ca.organization}`, issuer: null }, now)
