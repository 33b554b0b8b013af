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
