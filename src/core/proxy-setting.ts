/** What one place of a host says about a proxy. It never holds a password: `plainProxyUrl` takes them off. */
export interface ProxySetting {
  /** `system`: what applications read. `environment`: what command-line programs read, and browsers on Linux. */
  readonly from: 'system' | 'environment'
  /** `http://host:port` without user and password; null: none is named. */
  readonly url: string | null
  /** Entries as written, at most {@link MAX_BYPASS}. */
  readonly bypass: readonly string[]
  /** Address of a script that chooses proxies, without user, password and query; null: none. It is never executed. */
  readonly pac: string | null
}

/** Windows takes about two thousand characters of bypass entries; a longer list is a mistake. */
export const MAX_BYPASS = 500

/** Longer than any host and port. */
const LONGEST_URL = 300

/** A proxy's URL without user, password and path; null for what is no http or https proxy. A bare `host:port` is http. */
export function plainProxyUrl(text: string): string | null {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  if (text.trim() === '' || full.length > LONGEST_URL || !URL.canParse(full)) return null
  const { protocol, host, hostname } = new URL(full)
  const spoken = protocol === 'http:' || protocol === 'https:'
  return spoken && hostname !== '' ? `${protocol}//${host}` : null
}

/** A script's address without user, password and query; null for what is no address. */
export function plainPacUrl(text: string): string | null {
  if (text.trim() === '' || text.length > LONGEST_URL || !URL.canParse(text)) return null
  const { protocol, host, pathname } = new URL(text)
  return `${protocol}//${host}${pathname}`
}

/**
 * Reports whether a setting sends a host through its proxy on port 443. Entries compare without case. `*` alone exempts
 * everything, `*` inside an entry stands for any characters, a leading dot for any name below. A plain domain exempts
 * the names below it too where programs read it from the environment, and only itself where the system is asked, as
 * each of them does.
 */
export function proxyTakes(setting: ProxySetting, host: string): boolean {
  if (setting.url === null) return false
  const plain = host.toLowerCase()
  return !setting.bypass.some((entry) => exempts(entry, plain, setting.from))
}

function exempts(entry: string, host: string, from: ProxySetting['from']): boolean {
  const bare = entry
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(bare) ?? []
  if (name === '' || (port !== undefined && port !== '443')) return false
  if (name.includes('*')) return matches(name.split('*'), host)
  if (name.startsWith('.')) return host.endsWith(name) || (from === 'environment' && host === name.slice(1))
  return host === name || (from === 'environment' && host.endsWith(`.${name}`))
}

/** First piece first, last piece last, the others in order between: linear, whatever somebody wrote. */
function matches(pieces: readonly string[], host: string): boolean {
  const head = pieces[0] ?? ''
  const tail = pieces.at(-1) ?? ''
  if (!host.startsWith(head) || !host.endsWith(tail) || host.length < head.length + tail.length) return false
  let rest = host.slice(head.length, host.length - tail.length)
  for (const piece of pieces.slice(1, -1)) {
    const at = rest.indexOf(piece)
    if (at < 0) return false
    rest = rest.slice(at + piece.length)
  }
  return true
}
