import { type Instance, readInstance } from '../core/instance.ts'
import type { DownloadFile } from '../core/ports.ts'
import type { ProxySetting } from '../core/proxy-setting.ts'
import { type Env, EnvReader } from './env-reader.ts'
import { INSTANCE_EXPECTED } from './instance.ts'
import { readProxyEnv } from './proxy-env.ts'

/** What the machine's owner has decided about a runner. Nothing of it can be set by the hub. */
export interface RunnerConfig {
  /** Origin of the hub, e.g. `https://doorstep.example`; null: as fixed at enrolment. */
  readonly hub: string | null
  /** Folder of the key and what else must outlive a restart. */
  readonly home: string
  /** World file; null: the real Internet. */
  readonly world: string | null
  /** `contoso` in `contoso.sharepoint.com`; null: SharePoint is not looked at. */
  readonly tenant: string | null
  /** Which of Microsoft's clouds this office uses; decides which endpoint list is fetched. */
  readonly instance: Instance
  /** The beacon's zone; null: public whoami names serve. */
  readonly beacon: string | null
  /** `http:` URL of the proxy to the hub; null: direct. May hold a password: never logged. */
  readonly proxy: string | null
  /** What the environment says about a proxy for https, as other programs read it; null: nothing. */
  readonly proxyEnv: ProxySetting | null
  /** PEM file of roots to trust for the hub besides the usual ones; null: none. */
  readonly caFile: string | null
  /** How long media is measured, in s: 1 to 10. */
  readonly mediaSeconds: number
  /** The file on the tenant's SharePoint that a download takes when somebody asks for one; null: none is taken. */
  readonly download: DownloadFile | null
  /** PEM file of roots by which probes judge chains, besides the public ones; null: none. */
  readonly probeRoots: string | null
  readonly logLevel: LogLevel
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** As long as the test call of Microsoft's connectivity test: 500 datagrams, so that 1 % of them is five. */
const MEDIA_SECONDS = 10

/** The configuration, or everything that is wrong with it. `warnings` name settings that nobody reads. */
export type ConfigRead =
  | { readonly ok: true; readonly config: RunnerConfig; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] }

/** What the command line says; it wins over the environment. */
export interface RunnerFlags {
  readonly hub?: string
  readonly home?: string
}

/** Reads a runner's settings. `defaultHome` is used when nothing names one. */
export function readRunnerConfig(env: Env, flags: RunnerFlags, defaultHome: string): ConfigRead {
  const reader = new EnvReader(env)
  const hub = reader.optional('DOORSTEP_HUB', readHubOrigin, HUB_EXPECTED)
  const home = reader.optional('DOORSTEP_HOME', readPath, PATH_EXPECTED)
  const world = reader.optional('DOORSTEP_WORLD', readPath, PATH_EXPECTED)
  const tenant = reader.optional(
    'DOORSTEP_M365_TENANT',
    (value) => (/^[a-z0-9][a-z0-9-]{0,62}$/i.test(value) ? value.toLowerCase() : null),
    'must be the first word of your SharePoint address, e.g. contoso',
  )
  const instance = reader.optional('DOORSTEP_M365_INSTANCE', readInstance, INSTANCE_EXPECTED)
  const beacon = reader.optional('DOORSTEP_BEACON', readZone, 'must be a DNS name, e.g. b.example.com')
  const proxy = reader.optional('DOORSTEP_PROXY', readProxy, 'must be a URL like http://proxy.example:3128')
  const caFile = reader.optional('DOORSTEP_CA_FILE', readPath, PATH_EXPECTED)
  const mediaSeconds = reader.optional(
    'DOORSTEP_MEDIA_SECONDS',
    (value) => (/^([1-9]|10)$/.test(value) ? Number(value) : null),
    `must be a whole number of seconds from 1 to ${MEDIA_SECONDS}`,
  )
  const download = reader.optional('DOORSTEP_DOWNLOAD', readDownload, DOWNLOAD_EXPECTED)
  const probeRoots = reader.optional('DOORSTEP_PROBE_ROOTS', readPath, PATH_EXPECTED)
  const logLevel = reader.optional(
    'DOORSTEP_LOG_LEVEL',
    (value) => LOG_LEVELS.find((level) => level === value) ?? null,
    `must be one of ${LOG_LEVELS.join(', ')}`,
  )
  // A world's file may name its own tenant; the probe compares once more.
  if (
    download !== null &&
    (tenant !== null || world === null) &&
    download.host !== `${tenant}.sharepoint.com`
  ) {
    reader.problem('DOORSTEP_DOWNLOAD', 'must be on the host that DOORSTEP_M365_TENANT names')
  }
  const flagHub = flags.hub === undefined ? null : readHubOrigin(flags.hub)
  if (flags.hub !== undefined && flagHub === null) reader.problem('--hub', HUB_EXPECTED, flags.hub)
  if (flags.home?.trim() === '') reader.problem('--home', PATH_EXPECTED, flags.home)
  forbidUnsafe(env, reader)
  if (reader.problems.length > 0) return { ok: false, problems: reader.problems }
  const config = {
    hub: flagHub ?? hub,
    home: flags.home ?? home ?? defaultHome,
    world,
    tenant,
    instance: instance ?? 'Worldwide',
    beacon,
    proxy,
    proxyEnv: readProxyEnv(env),
    caFile,
    mediaSeconds: mediaSeconds ?? MEDIA_SECONDS,
    download,
    probeRoots,
    logLevel: logLevel ?? 'info',
  }
  return { ok: true, config, warnings: reader.strangers('DOORSTEP_') }
}

const HUB_EXPECTED =
  'must be an origin like https://doorstep.example, without path, user or query; http:// only to this machine'
const DOWNLOAD_EXPECTED = 'must be a URL like https://contoso.sharepoint.com/sites/net/15mb.bin'
const PATH_EXPECTED = 'must be a path'

/**
 * An origin that requests may be signed for; null for anything else. Without TLS only this machine itself is spoken
 * to: elsewhere anybody on the way could answer in the hub's name.
 */
export function readHubOrigin(text: string): string | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const bare = url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (!bare || url.pathname !== '/') return null
  if (url.protocol === 'https:') return url.origin
  return url.protocol === 'http:' && isLoopback(url.hostname) ? url.origin : null
}

/** Reports whether a URL's host is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

function readPath(value: string): string | null {
  return value.includes('\0') ? null : value
}

/** The file of a URL on somebody's SharePoint; null for anything else, a user or another port. */
function readDownload(value: string): DownloadFile | null {
  if (!URL.canParse(value)) return null
  const url = new URL(value)
  const plain = url.protocol === 'https:' && url.port === '' && url.username === '' && url.password === ''
  if (!plain || url.pathname === '/' || !/^[a-z0-9][a-z0-9-]*\.sharepoint\.com$/.test(url.hostname))
    return null
  return { host: url.hostname, path: url.pathname + url.search }
}

function readZone(value: string): string | null {
  const zone = value.toLowerCase().replace(/\.$/, '')
  // A nonce and a prefix must still fit before it.
  return zone.length <= 180 && /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/.test(zone) ? zone : null
}

function readProxy(value: string): string | null {
  if (!URL.canParse(value)) return null
  const url = new URL(value)
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '' ? value : null
}

/** Node's own switches that would take away what the rest relies on. */
function forbidUnsafe(env: Env, reader: EnvReader): void {
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    reader.problem('NODE_TLS_REJECT_UNAUTHORIZED', 'must not be 0: it turns TLS verification off')
  }
  if (/--inspect/.test(env['NODE_OPTIONS'] ?? '')) {
    reader.problem('NODE_OPTIONS', 'must not hold --inspect: it opens a debugger port')
  }
}
