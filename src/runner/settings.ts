import { isLoopback, type RunnerConfig } from '../config/runner-config.ts'
import type { ProbeSettings } from '../core/ports.ts'
import type { World } from '../net/world-file.ts'
import { ROUTES } from '../wire/routes.ts'

/** What the probes are told: in a world its file decides, and what it leaves out is the real host's. */
export function probeSettings(
  config: RunnerConfig,
  world: World | null,
  hub: string,
  cleanRoots: readonly string[],
): ProbeSettings {
  return {
    beacon: world?.beacon === undefined ? config.beacon : world.beacon,
    echo: world === null ? hubEcho(hub) : (world.echo ?? null),
    tenant: world?.tenant === undefined ? config.tenant : world.tenant,
    mediaSeconds: config.mediaSeconds,
    // Outside a world nothing reads the machine's own store yet: not known.
    systemRoots: world?.systemRoots ?? null,
    cleanRoots,
  }
}

/** The proxies that may be private addresses. */
export function proxiesOf(config: RunnerConfig, world: World | null): readonly string[] {
  const url = world?.proxy === undefined ? config.proxy : (world.proxy?.url ?? null)
  return url === null ? [] : [url]
}

/** A hub on this very machine sees this machine's own address and nothing of the way out. */
function hubEcho(hub: string): string | null {
  return isLoopback(new URL(hub).hostname) ? null : hub + ROUTES.echo
}
