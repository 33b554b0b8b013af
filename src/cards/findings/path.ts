import type { ChainState } from '../../core/finding.ts'
import type { PathFindings } from '../../core/findings/path.ts'
import { t } from '../../core/t.ts'
import { listText, msText } from '../formats.ts'
import { outside } from '../text.ts'
import type { FindingWords } from './words.ts'

const CHAINS: Readonly<Record<ChainState, string>> = {
  clean: t`its certificate chain verifies against the public roots`,
  'clean-with-known-intermediate': t`its chain verifies once the known intermediate is added`,
  impostor: t`a public issuer’s name signs with another key, so the traffic is inspected`,
  'unknown-authority': t`its certificate comes from an authority that no public root vouches for`,
  incomplete: t`its certificate chain is incomplete`,
  unsettled: t`its certificate chain settles nothing`,
}

/** What people read of each finding about what stands in the way. */
export const PATH_WORDS: FindingWords<PathFindings> = {
  'tls-seen': {
    severity: 'fact',
    sentence: ({ host, chain, issuer, tcpMs, tlsRoundTripMs, tlsVersion, ...seen }) => {
      const times = [
        tcpMs === null ? '' : t`TCP ${msText(tcpMs)}`,
        tlsRoundTripMs === null ? '' : t`TLS ${msText(tlsRoundTripMs)} per round trip`,
      ].filter((text) => text !== '')
      return [
        t`${outside(host)}: ${CHAINS[chain]}. The issuer it names is ${outside(issuer)}${tlsVersion === null ? '' : t`, over ${outside(tlsVersion)}`}.`,
        times.length === 0 ? '' : `${listText(times)}.`,
        seen.tcpTooFast ? t`TCP answers faster than light reaches the door.` : '',
        seen.proxyServerHeader ? t`A proxy put its header into the answer.` : '',
        seen.httpStatus === 407 ? t`A proxy asks for a sign-in.` : '',
        seen.smallHelloOnly ? t`Only a small ClientHello gets through.` : '',
      ]
        .filter((text) => text !== '')
        .join(' ')
    },
    remedy: null,
    source: t`Verification against public roots alone`,
  },
  'large-clienthello-dropped': {
    severity: 'warning',
    sentence: ({ host }) => t`${outside(host)} answers a small ClientHello alone: large ones are dropped.`,
    remedy: t`Update what drops a ClientHello of more than one packet, most often a firewall, or let this traffic by.`,
    source: t`RFC 8446; a ClientHello with a post-quantum key share takes 1,613 bytes, two packets`,
  },
  'chain-incomplete': {
    severity: 'notice',
    sentence: ({ host, issuer }) =>
      t`${outside(host)} sends its certificate without that of its issuer, ${outside(issuer)}.`,
    remedy: t`Compare with what another network gets. Where all get the same, name the missing root to the runner (DOORSTEP_PROBE_ROOTS).`,
    source: t`RFC 8446 section 4.4.2: each certificate should certify the one before it`,
  },
  'issuer-impersonated': {
    severity: 'problem',
    sentence: ({ host, issuer }) =>
      t`${outside(host)} shows the issuer ${outside(issuer)}, under a trusted authority’s name and with another key: the traffic is inspected.`,
    remedy: t`Exempt the Optimize and Allow names from TLS inspection.`,
    source: t`Verification against public roots alone`,
  },
  'host-absent': {
    severity: 'fact',
    sentence: ({ host }) => t`${outside(host)} does not exist, so nothing can be inspected under it.`,
    remedy: null,
    source: t`DNS, NXDOMAIN`,
  },
  'private-answer': {
    severity: 'warning',
    sentence: ({ host, address, kind }) =>
      t`${outside(host)} leads to ${outside(address)}, ${
        kind === 'private'
          ? t`a private address`
          : kind === 'cgnat'
            ? t`a carrier’s shared address`
            : t`no public address`
      }.`,
    remedy: t`Let Microsoft’s names resolve to Microsoft’s own addresses.`,
    source: 'RFC 6890, RFC 6598',
  },
  'outside-ranges': {
    severity: 'notice',
    sentence: ({ host, address }) =>
      t`${outside(host)} leads to ${outside(address)}, outside Microsoft’s published ranges.`,
    remedy: t`Compare the address with the endpoint list; a resolver or gateway may answer in Microsoft’s name.`,
    source: t`Microsoft 365 endpoint list`,
  },
}
