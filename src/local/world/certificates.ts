import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { bits, integer, objectId, octets, sequence, set, tagged, text, utcTime, yes } from './der.ts'
import type { InspectorCa } from './spec.ts'

const DAY_MS = 86_400_000

/** A distinguished name, most telling part first, as Microsoft's are written. */
type Name = readonly (readonly [part: keyof typeof PARTS, value: string])[]

const PARTS = { CN: '2.5.4.3', O: '2.5.4.10', L: '2.5.4.7', ST: '2.5.4.8', C: '2.5.4.6' } as const

const MICROSOFT = 'Microsoft Corporation'

/** The genuine names of a world: a root of its own, and an issuer named like one of Microsoft's. */
const GENUINE_ROOT: Name = [
  ['CN', 'World Global Root G2'],
  ['O', 'World Trust Services'],
  ['C', 'US'],
]
const GENUINE_ISSUER = 'Microsoft Azure ECC TLS Issuing CA 04'

/** A certificate authority with one intermediate (an inspector of its own name has none). All texts are PEM. */
export interface Authority {
  readonly root: string
  /** What a server sends after the leaf. */
  readonly intermediates: string
  /** Makes a leaf for a host. Written by hand, for a check asks for a hundred: 0.2 ms each, where a package took 3. */
  issue(host: string): Leaf
}

export interface Leaf {
  readonly certificate: string
  readonly key: string
}

interface Keys {
  readonly private: KeyObject
  /** SubjectPublicKeyInfo. */
  readonly spki: Buffer
  /** SHA-1 of the public key's bits (RFC 5280 4.2.1.2), which is all that the last 65 bytes of a P-256 key are. */
  readonly id: Buffer
}

const POINT_BYTES = 65

const makeKeys = (): Keys => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' })
  return {
    private: pair.privateKey,
    spki,
    id: createHash('sha1').update(spki.subarray(-POINT_BYTES)).digest(),
  }
}

const ECDSA_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'))
const SERVER_AUTH = objectId('1.3.6.1.5.5.7.3.1')
const VERSION_3 = tagged(0xa0, integer(Buffer.from([2])))

/** Extensions of RFC 5280 4.2.1. */
const EXTENSION = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectNames: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const

const extension = (name: keyof typeof EXTENSION, value: Buffer, critical = false): Buffer =>
  sequence(objectId(EXTENSION[name]), ...(critical ? [yes()] : []), octets(value))

/** `digitalSignature` is bit 0, `keyCertSign` 5 and `cRLSign` 6, counted from the left. */
const MAY_SIGN_CERTIFICATES = bits(Buffer.from([0b0000_0110]), 1)
const MAY_SIGN_HANDSHAKES = bits(Buffer.from([0b1000_0000]), 7)

const CA_EXTENSIONS = [
  extension('basicConstraints', sequence(yes()), true),
  extension('keyUsage', MAY_SIGN_CERTIFICATES, true),
]

const leafExtensions = (host: string): readonly Buffer[] => [
  extension('basicConstraints', sequence()),
  extension('keyUsage', MAY_SIGN_HANDSHAKES, true),
  extension('extendedKeyUsage', sequence(SERVER_AUTH)),
  extension('subjectNames', sequence(tagged(0x82, Buffer.from(host)))),
]

interface Signer {
  readonly name: Name
  readonly keys: Keys
}

const written = (name: Name): Buffer =>
  sequence(...name.map(([part, value]) => set(sequence(objectId(PARTS[part]), text(value)))))

/** 16 bytes that begin with 1: a positive number of full length. */
const serial = (): Buffer => Buffer.concat([Buffer.from([1]), randomBytes(15)])

const pem = (der: Buffer): string => {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----`
}

const certificate = (
  subject: Name,
  keys: Keys,
  by: Signer,
  valid: { readonly now: number; readonly days: number },
  extensions: readonly Buffer[],
): string => {
  const { now, days } = valid
  // Key ids, as public authorities write them, keep a verifier from taking an imitator's root for the genuine one.
  const keyIds = [
    extension('subjectKeyId', octets(keys.id)),
    extension('authorityKeyId', sequence(tagged(0x80, by.keys.id))),
  ]
  const body = sequence(
    VERSION_3,
    integer(serial()),
    ECDSA_SHA256,
    written(by.name),
    sequence(utcTime(now - DAY_MS), utcTime(now + days * DAY_MS)),
    written(subject),
    keys.spki,
    tagged(0xa3, sequence(...extensions, ...keyIds)),
  )
  return pem(sequence(body, ECDSA_SHA256, bits(sign('sha256', body, by.keys.private))))
}

const createAuthority = (
  names: { readonly root: Name; readonly issuer: Name | null },
  now: number,
): Authority => {
  const root: Signer = { name: names.root, keys: makeKeys() }
  const rootPem = certificate(root.name, root.keys, root, { now, days: 3650 }, CA_EXTENSIONS)
  const issuer: Signer = names.issuer === null ? root : { name: names.issuer, keys: makeKeys() }
  const between =
    issuer === root
      ? rootPem
      : certificate(issuer.name, issuer.keys, root, { now, days: 1825 }, CA_EXTENSIONS)
  // One key serves every leaf.
  const leafKeys = makeKeys()
  const key = leafKeys.private.export({ type: 'pkcs8', format: 'pem' }).toString()
  const subjectOf = (host: string): Name => [
    ['CN', host],
    ['O', MICROSOFT],
    ['L', 'Redmond'],
    ['ST', 'WA'],
    ['C', 'US'],
  ]
  return {
    root: rootPem,
    intermediates: between,
    issue: (host) => ({
      certificate: certificate(subjectOf(host), leafKeys, issuer, { now, days: 90 }, leafExtensions(host)),
      key,
    }),
  }
}

/** The genuine authority of a world. `now` in ms since 1970; `issuer` is the common name of its intermediate. */
export const genuineAuthority = (now: number, issuer = GENUINE_ISSUER): Authority =>
  createAuthority(
    {
      root: GENUINE_ROOT,
      issuer: [
        ['CN', issuer],
        ['O', MICROSOFT],
        ['C', 'US'],
      ],
    },
    now,
  )

/** An inspector's authority: its own name, or the genuine names with other keys. */
export const inspectorAuthority = (ca: InspectorCa, now: number, issuer?: string): Authority => {
  if (ca === 'imitates-genuine') return genuineAuthority(now, issuer)
  const root: Name = [
    ['CN', ca.name],
    ['O', ca.organization],
  ]
  return createAuthority({ root, issuer: null }, now)
}
