import { createHash, X509Certificate } from 'node:crypto'

/** Parses DER; null for bytes that are no certificate. */
export function parseCertificate(bytes: Uint8Array | string): X509Certificate | null {
  try {
    return new X509Certificate(bytes)
  } catch {
    return null
  }
}

/** Every certificate of a PEM text that parses. */
export function certificatesInPem(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return blocks.flatMap((block) => parseCertificate(block) ?? [])
}

/** Reports whether `issuer` signed `certificate`: by name and by key. */
export function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  if (certificate.issuer !== issuer.subject) return false
  try {
    return certificate.verify(issuer.publicKey)
  } catch {
    // A key of a kind that OpenSSL does not know signs nothing.
    return false
  }
}

/** The OID of the list of signed certificate timestamps inside a certificate (RFC 6962 3.3), as DER has it. */
const TIMESTAMPS = Buffer.from('060a2b06010401d679020402', 'hex')

/**
 * Reports whether a certificate carries timestamps of Certificate Transparency. Browsers take no leaf of a public
 * authority without; an inspector's are made on the spot and have none.
 */
export function hasTimestamps(certificate: X509Certificate): boolean {
  return certificate.raw.includes(TIMESTAMPS)
}

/** Reports whether a certificate names itself as its issuer. */
export function isSelfIssued(certificate: X509Certificate): boolean {
  return certificate.issuer === certificate.subject
}

/** The signed path from the leaf as far up as the certificates sent reach; empty when none was sent. */
export function signedPath(certificates: readonly X509Certificate[]): X509Certificate[] {
  const path = certificates.slice(0, 1)
  for (let at = path[0]; at !== undefined && !isSelfIssued(at); ) {
    const below = at
    const next = certificates.find((one) => !path.includes(one) && isSignedBy(below, one))
    if (next !== undefined) path.push(next)
    at = next
  }
  return path
}

/** One attribute of a name as Node prints it, one `KEY=value` per line; empty when absent. */
export function attributeOf(name: string, key: 'CN' | 'O'): string {
  const line = name.split('\n').find((one) => one.startsWith(`${key}=`))
  return line?.slice(key.length + 1) ?? ''
}

/** `common name, organisation` of a name, 120 characters at most, without control characters. Outside text. */
export function shortName(name: string): string {
  const parts = [attributeOf(name, 'CN'), attributeOf(name, 'O')].filter((part) => part !== '')
  return parts.join(', ').replace(/\p{C}/gu, ' ').slice(0, 120)
}

/**
 * What tells one signing authority from another: base64url SHA-256 of the public key of the highest certificate sent;
 * where only a leaf was sent, of the issuer's name, prefixed `name:`.
 */
export function authorityKeyOf(path: readonly X509Certificate[]): string {
  const top = path.at(-1)
  if (top === undefined) return 'name:'
  if (path.length === 1 && !isSelfIssued(top)) return `name:${hash(Buffer.from(top.issuer))}`
  try {
    return hash(top.publicKey.export({ type: 'spki', format: 'der' }))
  } catch {
    return `name:${hash(Buffer.from(top.issuer))}`
  }
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url')
}
