import { FAILURES } from '../../core/failure.ts'
import type { Interception, ResolverPlace, ResolverSeen } from '../../core/finding.ts'
import type { DnsFindings } from '../../core/findings/dns.ts'
import { t } from '../../core/t.ts'
import { countText, kmText, listText, msText } from '../formats.ts'
import { outside } from '../text.ts'
import { locatedText } from './located-text.ts'
import type { FindingWords } from './words.ts'

const RESOLVER_PLACES: Readonly<Record<ResolverPlace, string>> = {
  registered: t`registered for the office`,
  near: t`near`,
  bounded: t`near by time`,
  far: t`far`,
  unlocated: t`at an unknown place`,
  disputed: t`at a disputed place`,
}

type Method = DnsFindings['resolvers-seen']['method']

const resolverText =
  (method: Method) =>
  (seen: ResolverSeen): string => {
    const times = [
      seen.cachedMs === null ? '' : t`${msText(seen.cachedMs)} for a known name`,
      seen.uncachedMs === null ? '' : t`${msText(seen.uncachedMs)} for a new one`,
    ].filter((text) => text !== '')
    const parts = [locatedText(seen)]
    if (!seen.registered && seen.km === null) parts.push(RESOLVER_PLACES[seen.place])
    else if (seen.place === 'bounded' || seen.place === 'disputed') parts.push(RESOLVER_PLACES[seen.place])
    if (seen.nonces > 0) parts.push(countText(seen.nonces, method === 'beacon' ? 'one-time name' : 'lookup'))
    if (times.length > 0) parts.push(listText(times))
    if (seen.clientSubnet !== null) parts.push(subnetText(seen.clientSubnet, seen.subnetScope))
    if (seen.alsoFrom.length > 0) parts.push(t`also asking from ${listText(seen.alsoFrom.map(outside))}`)
    if (seen.overTcpOnly) parts.push(t`over TCP only`)
    return parts.join(', ')
  }

function subnetText(subnet: string, scope: number | null): string {
  const heeded =
    scope === null
      ? ''
      : scope === 0
        ? t`, which Microsoft does not heed`
        : t`, which Microsoft heeds to /${scope}`
  return t`client subnet ${outside(subnet)}${heeded}`
}

const SHOWN_BY: Readonly<Record<Interception, string>> = {
  'not-authoritative': t`the answer has no authority`,
  recursive: t`the answer offers recursion`,
  'silent-answers': t`an address at which nothing answers did`,
}

const SERVICES: Readonly<Record<DnsFindings['resolver-nodes-seen']['nodes'][number]['service'], string>> = {
  cloudflare: 'Cloudflare',
  google: t`Google Public DNS`,
  quad9: 'Quad9',
  opendns: 'OpenDNS',
}

/** What people read of each finding about name resolution. */
export const DNS_WORDS: FindingWords<DnsFindings> = {
  'resolvers-seen': {
    severity: 'fact',
    sentence: ({ method, serving, idle, mute }) =>
      [
        serving.length === 0
          ? t`No resolver was seen to serve the office’s lookups.`
          : t`${method === 'beacon' ? t`The beacon was` : t`Public whoami names were`} asked from ${listText(serving.map(resolverText(method)))}.`,
        method === 'beacon' || serving.length === 0
          ? ''
          : t`Without a beacon there is no time for a new name, and port 53 was not looked at.`,
        idle.length === 0 ? '' : t`Configured but not used: ${listText(idle.map(resolverText(method)))}.`,
        mute.length === 0
          ? ''
          : t`No answer from ${listText(mute.map(({ server, failure }) => `${outside(server)}: ${FAILURES[failure]}`))}.`,
      ]
        .filter((text) => text !== '')
        .join(' '),
    remedy: null,
    source: t`Microsoft 365 network connectivity test, 4 Dec 2024: a one-time name shows who asks`,
  },
  'client-subnet-leaked': {
    severity: 'warning',
    sentence: ({ resolvers }) =>
      t`Private prefixes are sent to authorities as client subnets: ${listText(
        resolvers.map(({ address, subnet }) => t`${outside(subnet)} by ${outside(address)}`),
      )}. Nobody can place an office by them.`,
    remedy: t`Let the resolver send no client subnet, or the public prefix that the office leaves from.`,
    source: t`RFC 7871 11.1: a resolver does not send prefixes that are not publicly routable`,
  },
  'port-53-intercepted': {
    severity: 'warning',
    sentence: ({ shownBy, asked, by, node }) =>
      [
        t`DNS to ${outside(asked)} is answered on the way: ${listText(shownBy.map((one) => SHOWN_BY[one]))}.`,
        by === null ? '' : t`The beacon was asked by ${outside(by)} instead.`,
        node === null ? '' : t`Who answers calls itself ${outside(node)}.`,
      ]
        .filter((text) => text !== '')
        .join(' '),
    remedy: t`Ask who runs the firewall or the line to let port 53 through, or to answer it at the office.`,
    source: t`RFC 1035 4.1.1: an authoritative server sets AA, and offers recursion only if it gives it`,
  },
  'nxdomain-rewritten': {
    severity: 'notice',
    sentence: ({ servers }) =>
      t`Names that do not exist get addresses: ${listText(
        servers.map(
          ({ server, addresses }) => t`${outside(server)} gives ${listText(addresses.map(outside))}`,
        ),
      )}.`,
    remedy: t`Turn the redirection of mistyped names off at the resolver, or use another one.`,
    source: t`RFC 2308: NXDOMAIN is the answer; asked for under the beacon’s own zone`,
  },
  'stray-dns-answers': {
    severity: 'warning',
    sentence: ({ servers }) =>
      t`Answers that belong to no question came in the name of ${listText(
        servers.map(({ server, count }) => `${outside(server)} (${count})`),
      )}. They were left aside.`,
    remedy: t`Look at who can send in the name of that server: somebody may be guessing answers, or it is broken.`,
    source: t`RFC 5452: an answer counts only with the question’s port, id, name and type`,
  },
  'resolver-nodes-seen': {
    severity: 'fact',
    sentence: ({ nodes }) =>
      t`${listText(
        nodes.map(({ server, service, node, code, km }) => {
          const where = `${outside(code)}${km === null ? '' : t`, ${kmText(km)} away`}`
          return t`${outside(server)} is answered by ${SERVICES[service]}’s node ${outside(node)} at ${where}`
        }),
      )}. This is shown, not judged.`,
    remedy: null,
    source: t`RFC 4892, and the names by which each service tells its node`,
  },
}
