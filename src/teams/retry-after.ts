/** Longer waits are a mistake on the other side; an hour is the window of Teams' slowest limit. */
const MAX_WAIT_MS = 3_600_000

/** The wait in ms that a Retry-After header names, in seconds or as a date (RFC 9110 10.2.3); null for anything else. */
export function parseRetryAfter(header: string | string[] | undefined, now: number): number | null {
  const value = Array.isArray(header) ? header[0] : header
  if (value === undefined) return null
  const seconds = /^\d{1,9}$/.test(value)
  // Date.parse reads almost anything; the header's dates all end in GMT.
  if (!seconds && !value.endsWith(' GMT')) return null
  const ms = seconds ? Number(value) * 1_000 : Date.parse(value) - now
  return Number.isFinite(ms) ? Math.min(MAX_WAIT_MS, Math.max(0, ms)) : null
}
