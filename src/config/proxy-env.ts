import { MAX_BYPASS, type ProxySetting, plainProxyUrl } from '../core/proxy-setting.ts'
import type { Env } from './env-reader.ts'

/**
 * The proxy that the environment names for https, as command-line programs read it: `HTTPS_PROXY` before `ALL_PROXY`,
 * lower case before upper; null when none is named. A value that is no proxy counts as none: it is not ours to judge.
 */
export function readProxyEnv(env: Env): ProxySetting | null {
  const named = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'].flatMap((key) => env[key] ?? [])
  const [url] = named.flatMap((text) => plainProxyUrl(text) ?? [])
  if (url === undefined) return null
  const bypass = (env['no_proxy'] ?? env['NO_PROXY'] ?? '').split(/[\s,]+/).filter((entry) => entry !== '')
  return { from: 'environment', url, bypass: bypass.slice(0, MAX_BYPASS), pac: null }
}
