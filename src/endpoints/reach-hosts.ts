/**
 * Concrete hosts of sets whose own plain names are none, or are such that answer no web request: one table, consulted
 * before a list's own plain names, and only where the list's patterns still match. Names that Microsoft has documented
 * and kept for years; a set of wildcards for which none is known (66 and 158: names of single customers) is missing.
 */
export const REACH_HOSTS: readonly (readonly [set: number, hosts: readonly string[]])[] = [
  [8, ['autodiscover.outlook.com']],
  // Microsoft's connectivity test traces this one where it is told of no tenant.
  [31, ['{tenant}.sharepoint.com', 'microsoft.sharepoint.com']],
  [39, ['southcentralus1-mediap.svc.ms']],
  [47, ['res.cdn.office.net']],
  [49, ['www.onenote.com']],
  [51, ['cdn.onenote.net']],
  [69, ['browser.events.data.microsoft.com']],
  [71, ['www.office365.com']],
  // The first plain ones are revocation servers, which speak on port 80 alone.
  [125, ['www.digicert.com']],
  [127, ['www.skype.com']],
  [153, ['make.powerapps.com']],
  [184, ['m365.cloud.microsoft']],
]
