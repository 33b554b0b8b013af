import { FAILURES } from '../../core/failure.ts'
import type { ResolverPlace, ResolverSeen } from '../../core/finding.ts'
import type { DnsFindings } from '../../core/findings/dns.ts'
import { countText, listText, msText } from '../formats.ts'
import { outside } from '../text.ts'
import { locatedText } from './located-text.ts'
import type { FindingWords } from './words.ts'

const RESOLVER_PLACES: Readonly<Record<ResolverPlace, string>> = {
  registered: 'registered for the office',
  near: 'near',
  bounded: 'near by time',
  far: 'far',
  unlocated: 'at an unknown place',
  disputed: 'at a disputed place',
}

function resolverText(seen: ResolverSeen): string {
  const times = [
    seen.cachedMs === null ? '' : `${msText(seen.cachedMs)} for a known name`,
    seen.uncachedMs === null ? '' : `${msText(seen.uncachedMs)} for a new one`,
  ].filter((text) => text !== '')
  const parts = [locatedText(seen)]
  if (!seen.registered && seen.km === null) parts.push(RESOLVER_PLACES[seen.place])
  else if (seen.place === 'bounded' || seen.place === 'disputed') parts.push(RESOLVER_PLACES[seen.place])
  if (seen.nonces > 0) parts.push(countText(seen.nonces, 'one-time name'))
  if (times.length > 0) parts.push(listText(times))
  if (seen.clientSubnet !== null) parts.push(`client subnet ${outside(seen.clientSubnet)}`)
  return parts.join(', ')
}

/** What people read of each finding about name resolution. */
export const DNS_WORDS: FindingWords<DnsFindings> = {
  'resolvers-seen': {
    severity: 'fact',
    sentence: ({ method, serving, idle, mute }) =>
      [
        serving.length === 0
          ? 'No resolver was seen to serve the office’s lookups.'
          : `${method === 'beacon' ? 'The beacon was' : 'Public whoami names were'} asked from ${listText(serving.map(resolverText))}.`,
        idle.length === 0 ? '' : `Configured but not used: ${listText(idle.map(resolverText))}.`,
        mute.length === 0
          ? ''
          : `No answer from ${listText(mute.map(({ server, failure }) => `${outside(server)}: ${FAILURES[failure]}`))}.`,
      ]
        .filter((text) => text !== '')
        .join(' '),
    remedy: null,
    source: 'Microsoft 365 network connectivity test, 4 Dec 2024: a one-time name shows who asks',
  },
}
