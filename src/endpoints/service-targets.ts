import type { Target } from '../core/measurement.ts'
import { governmentAndChinaHosts } from './instance-hosts.ts'
import type { EndpointList } from './list.ts'
import { TEAMS_RELAY } from './match.ts'

/**
 * The hosts by which the three services are looked at. Null: the list is another instance's, and for that one no such host
 * is published, so what rests on it stays unproven.
 */
export interface ServiceTargets {
  /** What Outlook looks up first. */
  readonly exchange: Target | null
  /** The tenant's hosts, whose edge tells where Microsoft took the traffic in; none where no edge is known to tell. */
  readonly sharePoint: readonly Target[]
  /** Where Teams media goes. */
  readonly relay: Target | null
}

/** Worldwide's: of Exchange the host whose CNAME chain holds the door's code; a runner that knows its tenant names the others. */
export const WORLDWIDE: ServiceTargets = {
  exchange: { set: 1, host: 'outlook.office365.com' },
  sharePoint: [
    { set: 31, host: '{tenant}.sharepoint.com' },
    // OneDrive's host of the same tenant: the same network, and one more name by which its edge may be learned.
    { set: 31, host: '{tenant}-my.sharepoint.com' },
  ],
  relay: TEAMS_RELAY,
}

/** Exchange's hosts of the other instances, as Microsoft has documented them. */
const OTHER_EXCHANGE: readonly string[] = [
  'outlook.office365.us',
  'outlook-dod.office365.us',
  'webmail.apps.mil',
  'partner.outlook.cn',
]

/**
 * By what a list names. Another instance's list names hosts that Worldwide's never does; of these Exchange's alone can
 * stand for its service: the others' edges and relays are not published. A list that names neither is taken for
 * Worldwide's, and whoever holds it refuses what it does not have.
 */
export function serviceTargets(list: EndpointList): ServiceTargets {
  const others = governmentAndChinaHosts(list)
  if (others.length === 0) return WORLDWIDE
  const found = OTHER_EXCHANGE.flatMap((host) => others.filter((one) => one.host === host))[0]
  const exchange = found === undefined ? null : { set: found.set, host: found.host }
  return { exchange, sharePoint: [], relay: null }
}
