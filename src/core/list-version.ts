const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** The month of an endpoint list's version `YYYYMMDDNN`, e.g. `April 2024`; null when it has none. */
export function listMonth(version: string): string | null {
  const month = /^20\d{4}/.test(version) ? MONTHS[Number(version.slice(4, 6)) - 1] : undefined
  return month === undefined ? null : `${month} ${version.slice(0, 4)}`
}

/**
 * An endpoint list as cards name it: its version, and where it was never fetched (`refreshedAt` null) that it is the
 * snapshot that came with the program, by its month, or no list at all.
 */
export function listShown(list: { readonly hub: string; readonly refreshedAt: number | null }): string {
  if (list.refreshedAt !== null) return list.hub
  const month = listMonth(list.hub)
  return month === null ? 'none yet' : `${list.hub}, snapshot of ${month}, never refreshed`
}
