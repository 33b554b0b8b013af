import { MAX_BYPASS, type ProxySetting, plainPacUrl, plainProxyUrl } from '../core/proxy-setting.ts'

/** Registry key of what Windows applications read, of the user that the runner runs as. */
export const INTERNET_SETTINGS = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings'

/** Reads what `reg query` prints of Internet Settings; null when neither a proxy nor a script is set. */
export function parseRegQuery(text: string): ProxySetting | null {
  const values = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^\s+(\S+)\s+REG_[A-Z_]+\s+(.*)$/.exec(line) ?? []
    if (name !== undefined) values.set(name, (value ?? '').trim())
  }
  const enabled = Number(values.get('ProxyEnable') ?? '0') !== 0
  const url = enabled ? httpsProxyOf(values.get('ProxyServer') ?? '') : null
  const pac = plainPacUrl(values.get('AutoConfigURL') ?? '')
  return settingOf(url, (values.get('ProxyOverride') ?? '').split(';'), pac)
}

/** `host:port` for everything, or `http=host:port;https=host:port` by protocol. */
function httpsProxyOf(server: string): string | null {
  if (!server.includes('=')) return plainProxyUrl(server)
  const own = server.split(';').find((part) => part.trim().toLowerCase().startsWith('https='))
  return own === undefined ? null : plainProxyUrl(own.slice(own.indexOf('=') + 1).trim())
}

/** Reads what `scutil --proxy` prints; null when neither an https proxy nor a script is set. */
export function parseScutil(text: string): ProxySetting | null {
  const values = new Map<string, string>()
  const bypass: string[] = []
  let inExceptions = false
  for (const line of text.split(/\r?\n/)) {
    const [, name = '', value = ''] = /^\s*(\S+) : (.*)$/.exec(line) ?? []
    if (name === 'ExceptionsList') inExceptions = true
    else if (line.trim() === '}') inExceptions = false
    else if (inExceptions && /^\d+$/.test(name)) bypass.push(value.trim())
    else if (name !== '') values.set(name, value.trim())
  }
  const port = values.get('HTTPSPort')
  const host = values.get('HTTPSProxy') ?? ''
  const named = values.get('HTTPSEnable') === '1' && host !== ''
  const url = named ? plainProxyUrl(port === undefined ? host : `${host}:${port}`) : null
  const script = values.get('ProxyAutoConfigEnable') === '1'
  return settingOf(url, bypass, script ? plainPacUrl(values.get('ProxyAutoConfigURLString') ?? '') : null)
}

function settingOf(url: string | null, bypass: readonly string[], pac: string | null): ProxySetting | null {
  if (url === null && pac === null) return null
  const entries = bypass.map((entry) => entry.trim()).filter((entry) => entry !== '')
  return { from: 'system', url, bypass: entries.slice(0, MAX_BYPASS), pac }
}
