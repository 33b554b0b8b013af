import type { X509Certificate } from 'node:crypto'
import type { ChainState } from '../../core/finding.ts'
import { attributeOf, isSelfIssued, isSignedBy, signedPath } from './certificates.ts'

/** What the runner saw of a chain, parsed. */
export interface ChainFacts {
  readonly certificates: readonly X509Certificate[]
  readonly host: string
  readonly truncated: boolean
  readonly verified: boolean
  readonly verifyError: string | null
  readonly knownIssuerName: boolean
  readonly knownIssuerSigned: boolean
  /** The roots that the machine's own store adds reach the chain; null when they are not known. */
  readonly acceptedBySystem: boolean | null
  /** When it was seen, epoch ms. */
  readonly at: number
}

/**
 * OpenSSL's words for "no trusted issuer with that key". Any other trouble (expired, another host's name, a wrong
 * clock) is found only after the chain led to a trusted root, so it says nothing about who signed.
 */
const AUTHORITY_ERRORS: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
])

/**
 * Microsoft's root of 2026 (`Microsoft TLS RSA Root G2`) and its siblings are in no public bundle yet, and some front
 * doors leave the cross-signed bridge out (probes.md 1d): a chain that names one of them proves nothing either way,
 * unless the operator named the root (`DOORSTEP_PROBE_ROOTS`).
 */
const NEWEST_ROOT = /^Microsoft TLS (RSA|ECC) Root G\d+$/

/** Issuing authorities of Microsoft's hosts; the genuine ones are never self-issued (probes.md 1d). */
const MICROSOFT_ISSUING =
  /^Microsoft (Azure (RSA|ECC) TLS Issuing (CA|ECC)|TLS G2 (RSA|ECC) CA OCSP|Azure TLS Issuing CA|RSA TLS CA)\b/

/** Organisations that sign for Microsoft's hosts. */
const SIGNS_FOR_MICROSOFT = /^(Microsoft Corporation|DigiCert,? Inc\.?|DigiCert)$/i

/**
 * What a chain turned out to be. `knownIntermediates` are genuine ones that may be missing from a chain. An impostor
 * needs proof: a trusted issuer's whole name with a key that is not that issuer's.
 */
export function chainState(
  facts: ChainFacts,
  knownIntermediates: readonly X509Certificate[] = [],
): ChainState {
  const leaf = facts.certificates[0]
  if (leaf === undefined) return 'unsettled'
  if (facts.verified) return 'clean'
  const path = signedPath(facts.certificates)
  const top = path.at(-1) ?? leaf
  if (facts.truncated || !AUTHORITY_ERRORS.has(facts.verifyError ?? '')) return 'unsettled'
  const namesakes = knownIntermediates.filter((known) => known.subject === top.issuer)
  if (namesakes.some((known) => isSignedBy(top, known))) {
    return holdsNow(path, facts) ? 'clean-with-known-intermediate' : 'unsettled'
  }
  const newest = path.length > 1 && path.some((one) => names(one).some((name) => NEWEST_ROOT.test(name)))
  // Where the operator named that very root, its key is known, and so is who it is not.
  if (newest && !(facts.knownIssuerName && NEWEST_ROOT.test(attributeOf(top.issuer, 'CN'))))
    return 'unsettled'
  // A true root that signed what was sent, yet the chain did not verify: nothing here explains that.
  if (facts.knownIssuerSigned) return 'unsettled'
  if (facts.knownIssuerName || namesakes.length > 0) return 'impostor'
  if (path.length === 1 && !isSelfIssued(leaf)) {
    if (signsForMicrosoft(leaf.issuer)) return 'incomplete'
    // Signed by a root that the machine adds itself: a root need not be sent, so nothing of this chain is missing.
    return facts.acceptedBySystem === true ? 'unknown-authority' : 'unsettled'
  }
  if (isSelfIssued(top) && MICROSOFT_ISSUING.test(attributeOf(top.subject, 'CN'))) return 'impostor'
  // A root that is newer than our bundle looks like this too.
  return signsForMicrosoft(top.issuer) ? 'unsettled' : 'unknown-authority'
}

function names(certificate: X509Certificate): string[] {
  return [attributeOf(certificate.subject, 'CN'), attributeOf(certificate.issuer, 'CN')]
}

function signsForMicrosoft(name: string): boolean {
  return SIGNS_FOR_MICROSOFT.test(attributeOf(name, 'O'))
}

/** What verification would have checked next: the host's name and every certificate's time. */
function holdsNow(path: readonly X509Certificate[], facts: ChainFacts): boolean {
  const valid = path.every((one) => {
    return Date.parse(one.validFrom) <= facts.at && facts.at <= Date.parse(one.validTo)
  })
  return valid && path[0]?.checkHost(facts.host) !== undefined
}
