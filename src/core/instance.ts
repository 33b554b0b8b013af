/**
 * The separate clouds of Microsoft 365, as Microsoft's endpoint web service names them. Worldwide holds GCC too.
 * Source: Microsoft 365 IP address and URL web service, 8 Jan 2025.
 */
export const INSTANCES = ['Worldwide', 'China', 'USGovDoD', 'USGovGCCHigh'] as const

/** One of them. */
export type Instance = (typeof INSTANCES)[number]

/** The instance that a text names, in any case; null when it names none. */
export function readInstance(text: string): Instance | null {
  return INSTANCES.find((instance) => instance.toLowerCase() === text.toLowerCase()) ?? null
}

/** Exchange's hosts in Worldwide. Of their doors codes and places were recorded; of no other instance's. */
const WORLDWIDE_EXCHANGE: readonly string[] = [
  'outlook.office365.com',
  'outlook.office.com',
  'outlook.cloud.microsoft',
]

/** Reports whether the doors behind an Exchange host are known, so that one can be called near or far. */
export function hasKnownDoors(host: string): boolean {
  return WORLDWIDE_EXCHANGE.includes(host.toLowerCase())
}
