import { isLoopback, type RunnerConfig } from '../config/runner-config.ts'
import type { ProbeSettings } from '../core/ports.ts'
import { type ProxySetting, plainPacUrl, plainProxyUrl } from '../core/proxy-setting.ts'
import type { World } from '../net/world-file.ts'
import { ROUTES } from '../wire/routes.ts'

/**
 * What the probes are told: in a world its file decides, and what it leaves out is the real host's. `store` reads what the
 * machine's own store adds to the public roots; it is asked when that is first wanted, and in a world never.
 */
export function probeSettings(
  config: RunnerConfig,
  world: World | null,
  hub: string,
  cleanRoots: readonly string[],
  told: Pick<ProbeSettings, 'proxies' | 'clockOffsetMs'>,
  store: () => string | null,
): ProbeSettings {
  let read: string | null | undefined
  return {
    beacon: world?.beacon === undefined ? config.beacon : world.beacon,
    echo: world === null ? hubEcho(hub) : (world.echo ?? null),
    tenant: world?.tenant === undefined ? config.tenant : world.tenant,
    mediaSeconds: config.mediaSeconds,
    download: config.download,
    get systemRoots() {
      if (world !== null) return world.systemRoots ?? null
      if (read === undefined) read = store()
      return read
    },
    cleanRoots,
    ...told,
  }
}

/**
 * What the host says about proxies, the system's setting before the environment: the world's file where it says so, else
 * the real host. `system` reads the latter; null: it could not be read.
 */
export async function proxySettings(
  config: Pick<RunnerConfig, 'proxyEnv'>,
  world: World | null,
  system: () => Promise<ProxySetting | null | undefined>,
): Promise<readonly ProxySetting[] | null> {
  if (world?.proxy !== undefined) {
    const { proxy } = world
    if (proxy === null) return []
    const url = proxy.url === null ? null : plainProxyUrl(proxy.url)
    const pac = proxy.pac === null ? null : plainPacUrl(proxy.pac)
    return [{ from: 'system', url, bypass: proxy.bypass, pac }]
  }
  const own = await system()
  if (own === undefined) return config.proxyEnv === null ? null : [config.proxyEnv]
  return [own, config.proxyEnv].filter((setting) => setting !== null)
}

/** The proxies that may be private addresses: the runner's own way to its hub, and those that the host is set to. */
export function proxiesOf(
  config: Pick<RunnerConfig, 'proxy'>,
  world: World | null,
  settings: Pick<ProbeSettings, 'proxies'>,
): readonly string[] {
  const set = (settings.proxies ?? []).flatMap(({ url }) => url ?? [])
  return world?.proxy === undefined && config.proxy !== null ? [config.proxy, ...set] : set
}

/** A hub on this very machine sees this machine's own address and nothing of the way out. */
function hubEcho(hub: string): string | null {
  return isLoopback(new URL(hub).hostname) ? null : hub + ROUTES.echo
}
