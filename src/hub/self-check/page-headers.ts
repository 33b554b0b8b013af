import type { SelfCheckConfig } from '../../config/self-check-config.ts'

/** A year: whoever came by TLS once never comes without. */
const HSTS = 'max-age=31536000'

/**
 * Headers of everything below `/me`. The page may run its own scripts, and connect to this hub, the doors that it asks,
 * and names of the beacon: nothing else, and nobody may frame it. The list of doors is the configuration's.
 */
export function pageHeaders(
  origin: string,
  { doors, v4, v6, beacon }: SelfCheckConfig,
): Readonly<Record<string, string>> {
  const origins = [...doors.map(({ url }) => new URL(url).origin), v4, v6].filter((one) => one !== null)
  const zone = beacon === null ? [] : [`https://*.${beacon.zone}`]
  const connect = ["'self'", ...new Set([...origins, ...zone])]
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      `connect-src ${connect.join(' ')}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
    ...(origin.startsWith('https:') ? { 'strict-transport-security': HSTS } : {}),
  }
}
