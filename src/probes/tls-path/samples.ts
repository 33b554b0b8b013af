import type { SampleLine, SamplePiece } from '../../core/sampled.ts'
import { t } from '../../core/t.ts'
import { theirs, timesText } from '../shared/samples.ts'
import { parseCertificate, shortName } from './certificates.ts'
import type { TlsChain, TlsHost, TlsPathResult } from './result.ts'

/** Issuers that one line names: of a longer chain the rest is counted. */
const ISSUERS_MAX = 3

/** The chain and the handshake times of every host; hosts without a chain first, and those that could not be verified. */
export function tlsSamples({ hosts }: TlsPathResult): readonly SampleLine[] {
  return hosts
    .toSorted((a, b) => rankOf(a) - rankOf(b))
    .map((seen): SampleLine => {
      const { target, host, address, handshakes, smallHelloOnly } = seen
      const at = address === null ? [] : [theirs(address), ', ']
      const small = smallHelloOnly ? t`, with a small hello only` : ''
      const times =
        handshakes.length === 0
          ? ''
          : t`; TCP ${timesText(handshakes.map(({ tcpMs }) => tcpMs))}; TLS ${timesText(handshakes.map(({ tlsMs }) => tlsMs))}`
      return {
        of: theirs(host ?? target),
        about: target,
        says: [...at, ...chainPieces(seen), small, times, ...httpPieces(seen)],
      }
    })
}

function rankOf({ chain }: TlsHost): number {
  if (chain === null) return 1
  return chain.verified ? 2 : 0
}

function chainPieces({ chain, system, failure }: TlsHost): readonly SamplePiece[] {
  if (chain !== null) return [theirs(chain.version), `, ${trustText(chain)}`, ...issuerPieces(chain)]
  if ('failure' in system) return [t`lookup: ${system.failure}`]
  return [failure ?? t`no chain`]
}

function trustText({ verified, verifyError }: TlsChain): string {
  return verified ? 'verified' : t`not verified${verifyError === null ? '' : ': '}`
}

function issuerPieces({ certificates, truncated, verified, verifyError }: TlsChain): readonly SamplePiece[] {
  const why = verified || verifyError === null ? [] : [theirs(verifyError)]
  const names = certificates.map((der) => {
    const certificate = parseCertificate(Buffer.from(der, 'base64'))
    return certificate === null ? t`a certificate that cannot be read` : shortName(certificate.issuer)
  })
  const shown = names.slice(0, ISSUERS_MAX).flatMap((name) => [t`, issued by `, theirs(name)])
  const hidden = names.length - ISSUERS_MAX
  return [...why, ...shown, hidden > 0 ? t` +${hidden} more` : '', truncated ? ', cut' : '']
}

function httpPieces({ http }: TlsHost): readonly SamplePiece[] {
  if (http === null) return []
  if ('failure' in http) return [t`; HTTP: ${http.failure}`]
  const by = http.server === null ? [] : [t` by `, theirs(http.server)]
  return [t`; HTTP ${http.status}`, ...by, `: ${timesText([http.ms])}`]
}
