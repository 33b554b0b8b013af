/** Teams' connector hosts: public cloud, GCC, GCC High. DoD has none that a bot of ours could use. */
const TEAMS_HOSTS = new Set([
  'smba.trafficmanager.net',
  'smba.infra.gcc.teams.microsoft.com',
  'smba.infra.gov.teams.microsoft.us',
])

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Reports whether answers may go to this address. Without sign-in only this machine's own, since anybody could have
 * named it; with sign-in only Teams' hosts over https, so that no token of ours goes anywhere else.
 */
export function isServiceUrlAllowed(serviceUrl: string, signIn: 'off' | 'required'): boolean {
  let url: URL
  try {
    url = new URL(serviceUrl)
  } catch {
    return false
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false
  if (signIn === 'off') return url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname)
  return url.protocol === 'https:' && url.port === '' && TEAMS_HOSTS.has(url.hostname)
}
