import type { ConcreteHost } from './hosts.ts'
import type { EndpointList } from './list.ts'
import { allowsPort, highest } from './match.ts'

/**
 * Concrete hosts of the other instances, by names that Microsoft has documented for them: Exchange, SharePoint, Teams and
 * sign-in. Set ids mean other things there, so the list says which set a host is in. None of them is in Worldwide's list.
 */
const HOSTS: readonly string[] = [
  // USGovGCCHigh
  'outlook.office365.us',
  '{tenant}.sharepoint.us',
  '{tenant}-my.sharepoint.us',
  'gov.teams.microsoft.us',
  // USGovDoD
  'outlook-dod.office365.us',
  'webmail.apps.mil',
  '{tenant}.sharepoint-mil.us',
  'dod.teams.microsoft.us',
  // Both of these
  'login.microsoftonline.us',
  // China, operated by 21Vianet
  'partner.outlook.cn',
  '{tenant}.sharepoint.cn',
  'login.partner.microsoftonline.cn',
]

/**
 * Those of them that a list names and allows on 443, in the set of the highest category that has them. Which doors
 * these instances have is not published, so no door of theirs can be called near or far.
 */
export function governmentAndChinaHosts(list: EndpointList): readonly ConcreteHost[] {
  return HOSTS.flatMap((host): readonly ConcreteHost[] => {
    // Named as itself: a wildcard as wide as `*.office365.us` also holds the host of another instance.
    const named = host.replace(/^\{tenant\}(-my)?\./, '*.')
    const sets = list.sets.filter(({ id, urls }) => urls.includes(named) && allowsPort(list, id, 'tcp', 443))
    const category = highest(sets)
    const set = sets.find((one) => one.category === category)
    return set === undefined || category === null ? [] : [{ set: set.id, host, category, transport: 'tcp' }]
  })
}
