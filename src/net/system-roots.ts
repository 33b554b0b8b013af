import { X509Certificate } from 'node:crypto'
import { getCACertificates, rootCertificates } from 'node:tls'
import { splitPem } from './public-roots.ts'

/**
 * The roots that the machine's own store holds besides the public ones that Node carries, as PEM text: empty when it
 * adds none, null when the store could not be read or shows nothing. Only what names itself as its issuer counts: the
 * stores of Windows also keep public authorities below a root, by which a genuine chain that lacks one would look like
 * an inspector's. Reading takes 0.1 s and 6 MB on Linux and may
 * take seconds on macOS: where it is needed, and away from what is timed. Node reads a store once in a process.
 */
export function addedRoots(read: () => readonly string[] = systemStore): string | null {
  const held = heldBy(read)
  if (held.length === 0) return null
  const known = new Set(rootCertificates.map(bodyOf))
  const further = new Map(held.map((pem) => [bodyOf(pem), pem]))
  return [...further]
    .filter(([body, pem]) => !known.has(body) && isSelfIssued(pem))
    .map(([, pem]) => pem)
    .join('\n')
}

function systemStore(): readonly string[] {
  return getCACertificates('system')
}

function heldBy(read: () => readonly string[]): readonly string[] {
  try {
    return read().flatMap(splitPem)
  } catch {
    // What a platform's store throws is its own; nothing was learned.
    return []
  }
}

/** What two texts of one certificate share, however their lines are broken. */
function bodyOf(pem: string): string {
  return pem.replace(/-----[A-Z ]+-----|\s/g, '')
}

function isSelfIssued(pem: string): boolean {
  try {
    const { subject, issuer } = new X509Certificate(pem)
    return subject === issuer
  } catch {
    return false
  }
}
