const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Where answers may go: only this machine while sign-in is off, else the origins of the cloud's connectors. */
export type ServiceUrls = 'off' | readonly string[]

/** Longer than any that Teams has sent (about 80 characters), and short enough to be compared for nothing. */
const MAX_LENGTH = 500

/**
 * Reports whether answers may go to this address. Without sign-in only this machine's own, since anybody could have
 * named it; with sign-in only Teams' own origins, so that no token of ours goes anywhere else.
 */
export function isServiceUrlAllowed(serviceUrl: string, allowed: ServiceUrls): boolean {
  if (serviceUrl.length > MAX_LENGTH || !URL.canParse(serviceUrl)) return false
  const url = new URL(serviceUrl)
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false
  if (allowed === 'off') return url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname)
  // An origin holds scheme, host and port: none of them can differ.
  return allowed.includes(url.origin)
}
