import { FAILURES, type Failure } from '../../core/failure.ts'
import type { ReachFindings, ReachSeen } from '../../core/findings/reach.ts'
import { t } from '../../core/t.ts'
import { countText, listText } from '../formats.ts'
import { outside } from '../text.ts'
import type { FindingWords } from './words.ts'

const SOURCE = t`Microsoft 365 network connectivity test, 4 Dec 2024: required endpoints`

function hostText({ host, port, address, hidden, status, failure, proxy }: ReachSeen): string {
  const name = port === 443 ? outside(host) : t`${outside(host)} port ${port}`
  if (hidden) return t`${name} leads to ${outside(address ?? '')}, no public address`
  if (proxy !== null)
    return t`${name}: a proxy ${proxy === 'refuses' ? t`refuses (403)` : t`asks for a sign-in (407)`}`
  if (failure !== null) return `${name}: ${FAILURES[failure]}`
  return t`${name} answers${status === null ? '' : ` (${status})`}`
}

function why(failure: Failure | null): string {
  return failure === null ? t`a proxy answers in its place` : FAILURES[failure]
}

/** What people read of each finding about reaching required names. */
export const REACH_WORDS: FindingWords<ReachFindings> = {
  'reach-seen': {
    severity: 'fact',
    sentence: ({ set, category, hosts }) =>
      t`Set ${set}, ${outside(category)}: ${hosts.length === 0 ? t`nothing was asked` : listText(hosts.map(hostText))}.`,
    remedy: null,
    source: SOURCE,
  },
  'reach-fails-here': {
    severity: 'warning',
    sentence: ({ set, host, failure, offices }) =>
      t`${outside(host)} of set ${set} does not answer here (${why(failure)}); it answers ${countText(offices, 'other office')}.`,
    remedy: t`Let this office reach every name that Microsoft requires, on the ports of its set.`,
    source: SOURCE,
  },
  'reach-fails-everywhere': {
    severity: 'notice',
    sentence: ({ hosts, offices }) =>
      t`${listText(hosts.map(outside))} ${hosts.length === 1 ? t`answers` : t`answer`} neither this office nor ${countText(offices, 'other')} that asked. This is held against none.`,
    remedy: null,
    source: SOURCE,
  },
}
