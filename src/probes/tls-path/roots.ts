import type { X509Certificate } from 'node:crypto'
import type { ProbeSettings, TlsSeen } from '../../core/ports.ts'
import { certificatesInPem, hasTimestamps, isSignedBy, parseCertificate, signedPath } from './certificates.ts'
import { MAX_CERTIFICATES, MAX_DER_BYTES, type TlsChain } from './result.ts'

/** Roots by their whole name. Two roots may share a name. */
export type Roots = ReadonlyMap<string, readonly X509Certificate[]>

/** The runner's roots: the clean public ones, and what its machine's store adds (null when not known). */
export interface RootSets {
  readonly clean: Roots
  readonly system: Roots | null
}

/**
 * Parses the roots of the runner's settings: a few ms for the 145 public ones, so once per measurement. The machine's own
 * store is read when a chain first did not verify, which few offices ever see: that takes a tenth of a second or more, and
 * is told as the runner's own delay.
 */
export function rootSets(settings: Pick<ProbeSettings, 'cleanRoots' | 'systemRoots'>): RootSets {
  let system: Roots | null | undefined
  return {
    clean: byName(settings.cleanRoots.flatMap(certificatesInPem)),
    get system() {
      if (system === undefined) {
        const { systemRoots } = settings
        system = systemRoots === null ? null : byName(certificatesInPem(systemRoots))
      }
      return system
    },
  }
}

/** What is kept of a handshake's chain, with what only the holder of the roots can tell. */
export function chainOf(seen: TlsSeen, host: string, roots: RootSets): TlsChain {
  const kept = seen.chain.slice(0, MAX_CERTIFICATES).filter((der) => der.length <= MAX_DER_BYTES)
  const path = signedPath(kept.flatMap((der) => parseCertificate(der) ?? []))
  const top = path.at(-1)
  const namesakes = (top && roots.clean.get(top.issuer)) ?? []
  return {
    version: seen.version.replace(/[^A-Za-z0-9.]/g, '').slice(0, 16) || 'none',
    certificates: kept.map((der) => Buffer.from(der).toString('base64')),
    truncated: kept.length < seen.chain.length,
    verified: seen.verified,
    verifyError: seen.verifyError?.replace(/[^\x20-\x7e]/g, ' ').slice(0, 100) ?? null,
    knownIssuerName: namesakes.length > 0,
    knownIssuerSigned: top !== undefined && namesakes.some((root) => isSignedBy(top, root)),
    acceptedBySystem: seen.verified || acceptedBy(path, host, roots.system),
  }
}

/**
 * Whether a store's own roots reach the chain; null when that store is not known, or when the leaf is a public
 * authority's: its root may only be newer than our bundle, and then the machine's owner did not add it.
 */
function acceptedBy(path: readonly X509Certificate[], host: string, system: Roots | null): boolean | null {
  if (system === null) return null
  const reaches = path.some((one) => system.get(one.issuer)?.some((root) => isSignedBy(one, root)))
  const leaf = path[0]
  if (!reaches || leaf === undefined || leaf.checkHost(host) === undefined) return false
  return hasTimestamps(leaf) ? null : true
}

function byName(certificates: readonly X509Certificate[]): Roots {
  return Map.groupBy(certificates, (certificate) => certificate.subject)
}
