import type { ChainState } from '../../core/finding.ts'
import type { PathFindings } from '../../core/findings/path.ts'
import { listText, msText } from '../formats.ts'
import { outside } from '../text.ts'
import type { FindingWords } from './words.ts'

const CHAINS: Readonly<Record<ChainState, string>> = {
  clean: 'its certificate chain verifies against the public roots',
  'clean-with-known-intermediate': 'its chain verifies once the known intermediate is added',
  impostor: 'a public issuer’s name signs with another key, so the traffic is inspected',
  'unknown-authority': 'its certificate comes from an authority that no public root vouches for',
  incomplete: 'its certificate chain is incomplete',
  unsettled: 'its certificate chain settles nothing',
}

/** What people read of each finding about what stands in the way. */
export const PATH_WORDS: FindingWords<PathFindings> = {
  'tls-seen': {
    severity: 'fact',
    sentence: ({ host, chain, issuer, tcpMs, tlsRoundTripMs, tlsVersion, ...seen }) => {
      const times = [
        tcpMs === null ? '' : `TCP ${msText(tcpMs)}`,
        tlsRoundTripMs === null ? '' : `TLS ${msText(tlsRoundTripMs)} per round trip`,
      ].filter((text) => text !== '')
      return [
        `${outside(host)}: ${CHAINS[chain]}. The issuer it names is ${outside(issuer)}${tlsVersion === null ? '' : `, over ${outside(tlsVersion)}`}.`,
        times.length === 0 ? '' : `${listText(times)}.`,
        seen.tcpTooFast ? 'TCP answers faster than light reaches the door.' : '',
        seen.proxyServerHeader ? 'A proxy put its header into the answer.' : '',
        seen.httpStatus === 407 ? 'A proxy asks for a sign-in.' : '',
        seen.smallHelloOnly ? 'Only a small ClientHello gets through.' : '',
      ]
        .filter((text) => text !== '')
        .join(' ')
    },
    remedy: null,
    source: 'Verification against public roots alone',
  },
  'large-clienthello-dropped': {
    severity: 'warning',
    sentence: ({ host }) => `${outside(host)} answers a small ClientHello alone: large ones are dropped.`,
    remedy:
      'Update what drops a ClientHello of more than one packet, most often a firewall, or let this traffic by.',
    source: 'RFC 8446; a ClientHello with a post-quantum key share takes 1,613 bytes, two packets',
  },
  'chain-incomplete': {
    severity: 'notice',
    sentence: ({ host, issuer }) =>
      `${outside(host)} sends its certificate without that of its issuer, ${outside(issuer)}.`,
    remedy:
      'Compare with what another network gets. Where all get the same, name the missing root to the runner (DOORSTEP_PROBE_ROOTS).',
    source: 'RFC 8446 section 4.4.2: each certificate should certify the one before it',
  },
  'issuer-impersonated': {
    severity: 'problem',
    sentence: ({ host, issuer }) =>
      `${outside(host)} shows the issuer ${outside(issuer)}, under a trusted authority’s name and with another key: the traffic is inspected.`,
    remedy: 'Exempt the Optimize and Allow names from TLS inspection.',
    source: 'Verification against public roots alone',
  },
  'host-absent': {
    severity: 'fact',
    sentence: ({ host }) => `${outside(host)} does not exist, so nothing can be inspected under it.`,
    remedy: null,
    source: 'DNS, NXDOMAIN',
  },
  'private-answer': {
    severity: 'warning',
    sentence: ({ host, address, kind }) =>
      `${outside(host)} leads to ${outside(address)}, ${
        kind === 'private'
          ? 'a private address'
          : kind === 'cgnat'
            ? 'a carrier’s shared address'
            : 'no public address'
      }.`,
    remedy: 'Let Microsoft’s names resolve to Microsoft’s own addresses.',
    source: 'RFC 6890, RFC 6598',
  },
  'outside-ranges': {
    severity: 'notice',
    sentence: ({ host, address }) =>
      `${outside(host)} leads to ${outside(address)}, outside Microsoft’s published ranges.`,
    remedy:
      'Compare the address with the endpoint list; a resolver or gateway may answer in Microsoft’s name.',
    source: 'Microsoft 365 endpoint list',
  },
}
