import { X509Certificate } from 'node:crypto'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'

/** What chains are judged by: the clean public roots alone, never the machine's own store. */
export interface CleanRoots {
  /** PEM, one certificate each. */
  readonly pems: readonly string[]
  /** For ordinary handshakes. */
  readonly context: SecureContext
  /** For handshakes whose ClientHello stays under 1,200 bytes. */
  readonly smallContext: SecureContext
}

/**
 * The groups of a small ClientHello. OpenSSL 3.5 sends an ML-KEM key share by default, which makes a hello of 1,613
 * bytes; with these it is 414 bytes.
 */
export const SMALL_GROUPS = 'P-256:X25519'

/** The OpenSSL that first sent an ML-KEM key share by default: Node 24 has it, the first releases of Node 22 have not. */
const LARGE_SINCE = [3, 5] as const

/** Whether an ordinary ClientHello of an OpenSSL is large, by its version as `process.versions.openssl` has it. */
export function sendsLargeHello(openssl: string | undefined): boolean {
  const [major = 0, minor = 0] = (openssl ?? '').split('.').map(Number)
  return major > LARGE_SINCE[0] || (major === LARGE_SINCE[0] && minor >= LARGE_SINCE[1])
}

/**
 * Makes each context once: building one from 145 roots takes about 17 ms, which must not fall into a timing. The small
 * one is made when a host first needs it, which few networks do: its handshake is timed from after, and what others wait
 * meanwhile is told as the runner's own delay. With `ca` given, Node takes neither its own roots nor NODE_EXTRA_CA_CERTS. No roots at all means that nothing
 * verifies.
 */
export function secureContextOf(roots: readonly string[]): CleanRoots {
  const ca = [...roots]
  let small: SecureContext | null = null
  return {
    pems: ca,
    context: createSecureContext({ ca }),
    get smallContext() {
      small ??= createSecureContext({ ca, ecdhCurve: SMALL_GROUPS })
      return small
    },
  }
}

/** The roots that Node itself carries (Mozilla's list). */
export function bundledRoots(): readonly string[] {
  return rootCertificates
}

/**
 * The certificates of an operator's file of further roots (`DOORSTEP_PROBE_ROOTS`); null when it holds none, or one that
 * cannot be read. For roots that are public but newer than Node's list: `Microsoft TLS RSA Root G2` of 2026 is in no
 * bundle yet, and some front doors leave out the bridge that DigiCert signed, so that their chains prove nothing
 * until the operator, who can get that root from Microsoft, names it. The root of an inspecting proxy does not belong
 * here: with it, inspection would look clean.
 */
export function readRoots(text: string): readonly string[] | null {
  const pems = splitPem(text)
  return pems.length > 0 && pems.every(isCertificate) ? pems : null
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}

/** The single certificates of a PEM text, without the comments between them. */
export function splitPem(text: string): readonly string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
}
