import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { ConfigError } from '../config/config-error.ts'
import { Secret } from '../core/secret.ts'

/** A certificate that is fit to prove who the bot is. */
export interface BotCertificate {
  /** SHA-256 of the certificate, base64url. */
  readonly thumbprint: string
  /** PKCS#8 in PEM. */
  readonly key: Secret
  /** Epoch ms. */
  readonly endsAt: number
  /** Whether every user of this machine may read the key's file. */
  readonly isExposed: boolean
}

/** What Entra takes at least, bits. */
const MIN_RSA_BITS = 2048

/** The bit of a file's mode by which everybody may read it; Windows has none such. */
const READ_BY_ALL = 0o004

/** Reads the bot's certificate and key. Throws a `ConfigError` that names every problem and no content. `now` is epoch ms. */
export function readBotCertificate(
  files: { readonly certificateFile: string; readonly keyFile: string },
  now: number,
): BotCertificate {
  const problems: string[] = []
  const certificate = attempt(problems, 'DOORSTEP_APP_CERTIFICATE', () =>
    readCertificate(files.certificateFile),
  )
  const keySetting = files.keyFile === files.certificateFile ? 'DOORSTEP_APP_CERTIFICATE' : 'DOORSTEP_APP_KEY'
  const key = attempt(problems, keySetting, () => readKey(files.keyFile))
  if (certificate) {
    if (certificate.validToDate.getTime() <= now) {
      problems.push(`DOORSTEP_APP_CERTIFICATE: it ended on ${dayOf(certificate.validToDate)}`)
    }
    if (certificate.validFromDate.getTime() > now) {
      problems.push(`DOORSTEP_APP_CERTIFICATE: it begins on ${dayOf(certificate.validFromDate)}`)
    }
    if (key && !certificate.checkPrivateKey(key)) {
      problems.push(`${keySetting}: the key does not belong to the certificate`)
    }
  }
  if (!certificate || !key || problems.length > 0) throw new ConfigError([...new Set(problems)])
  return {
    thumbprint: Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url'),
    key: new Secret(key.export({ type: 'pkcs8', format: 'pem' }).toString()),
    endsAt: certificate.validToDate.getTime(),
    isExposed: process.platform !== 'win32' && (statSync(files.keyFile).mode & READ_BY_ALL) !== 0,
  }
}

/** Something about a file that a person can put right. */
class Unfit extends Error {}

function attempt<T>(problems: string[], setting: string, read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = error instanceof Unfit ? error.message : `the file cannot be read (${code})`
    problems.push(`${setting}: ${reason}`)
    return null
  }
}

function readCertificate(file: string): X509Certificate {
  const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(readFileSync(file, 'latin1'))
  try {
    return new X509Certificate(pem?.[0] ?? '')
  } catch {
    throw new Unfit('the file holds no certificate in PEM')
  }
}

function readKey(file: string): KeyObject {
  const text = readFileSync(file, 'latin1')
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    throw new Unfit('the key has a passphrase; keep it in a file without one that only the hub can read')
  }
  const pem = /-----BEGIN ((?:RSA )?PRIVATE KEY)-----[^-]+-----END \1-----/.exec(text)
  const key = parsed(pem?.[0] ?? '')
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < MIN_RSA_BITS) {
    throw new Unfit(`the key must be RSA with ${MIN_RSA_BITS} bits or more`)
  }
  return key
}

function parsed(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw new Unfit('the file holds no private key in PEM')
  }
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}
