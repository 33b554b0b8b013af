import { isIP } from 'node:net'
import type { Authority, Grant, Role } from '../core/authority.ts'
import { type Instance, readInstance } from '../core/instance.ts'
import type { SignIn } from '../core/sign-in.ts'
import type { StoreChoice } from '../core/store-choice.ts'
import { PERSON_PER_MINUTE } from '../core/turn-limits.ts'
import { CRITERIA, type CriterionId } from '../core/verdict.ts'
import { CONFIRM, type ConfirmRule } from '../core/watch.ts'
import { ConfigError } from './config-error.ts'
import { type Env, EnvReader } from './env-reader.ts'
import { INSTANCE_EXPECTED } from './instance.ts'
import { readProxies, readSelfCheck, type SelfCheckConfig } from './self-check-config.ts'
import { readSignIn } from './sign-in-config.ts'

/** Everything that the hub is told from outside. */
export interface HubConfig {
  /** The address to listen on; 127.0.0.1 while sign-in is off. */
  readonly host: string
  readonly port: number
  /** The origin that runners sign for, without a path. */
  readonly origin: string
  /** Host headers that are answered, with a port where it is not the scheme's own; `loopback`: this machine's names. */
  readonly hosts: 'loopback' | readonly string[]
  readonly store: StoreChoice
  /** `off`: nobody signs in, and only this machine is served. */
  readonly signIn: 'off' | SignIn
  readonly authority: Authority
  /** Messages and clicks of one person in a minute. */
  readonly asksPerMinute: number
  /** CSV of ranges and their places; null: none. */
  readonly places: string | null
  /** City databases in MaxMind's format (`.mmdb`), at most one per family; none: places come from `places` alone. */
  readonly geo: readonly string[]
  /** ASN database or CSV of who owns addresses; null: none. */
  readonly owners: string | null
  /** Where the endpoint web service answers; null: Microsoft's. */
  readonly endpoints: string | null
  /** Criteria that count as required here besides Microsoft's. */
  readonly requiredToo: readonly CriterionId[]
  /** How many judgements make a changed verdict certain. */
  readonly confirm: ConfirmRule
  /** Which of Microsoft's clouds the offices use. */
  readonly instance: Instance
  /** The world that `places` and `endpoints` describe; null: they are about the real Internet. */
  readonly world: string | null
  /** Self-checks of people. */
  readonly selfCheck: SelfCheckConfig
  /** CIDRs of the proxies before the hub, which say who asks; none: nobody's word counts. */
  readonly trustedProxies: readonly string[]
  /** All times are multiplied by this; 1 outside tests. */
  readonly timeScale: number
  readonly warnings: readonly string[]
}

/** The Bot Framework's customary port, which Microsoft's emulators call by default. */
const DEFAULT_PORT = 3978

const LOOPBACK = ['127.0.0.1', 'localhost'] as const

/** More than a hub ever has names. */
const MOST_HOSTS = 20

/** Reads the hub's configuration. Throws one `ConfigError` that names every problem. */
export function readHubConfig(env: Env): HubConfig {
  const reader = new EnvReader(env)
  const { mode, signIn, unused } = readSignIn(env, reader)
  const isOff = mode === 'off'
  const host = isOff
    ? reader.optional('DOORSTEP_HOST', readLoopback, LOOPBACK_ONLY)
    : reader.optional('DOORSTEP_HOST', readAddress, ADDRESS)
  const port = reader.optional('DOORSTEP_PORT', readPort, 'must be a port from 1 to 65535') ?? DEFAULT_PORT
  if (mode === 'required' && env['DOORSTEP_ORIGIN'] === undefined) {
    reader.problem('DOORSTEP_ORIGIN', ORIGIN_NEEDED)
  }
  const origin =
    reader.optional('DOORSTEP_ORIGIN', readOrigin, 'must be an https origin (http only to this machine)') ??
    `http://127.0.0.1:${port}`
  const hosts = isOff ? null : reader.optional('DOORSTEP_HOSTS', readHosts, HOSTS)
  const store = readStore(reader)
  const authority = readAuthority(reader)
  const asks = reader.optional('DOORSTEP_ASKS_PER_MINUTE', readAsks, 'must be a whole number from 6 to 1000')
  const places = reader.optional('DOORSTEP_PLACES', (value) => value, 'must be a path')
  const geo = reader.optional('DOORSTEP_GEO', readPaths, 'must be a path, or two with a comma between them')
  const owners = reader.optional('DOORSTEP_OWNERS', (value) => value, 'must be a path')
  const endpoints = reader.optional(
    'DOORSTEP_ENDPOINTS',
    readServiceUrl,
    'must be an https URL (http only to this machine)',
  )
  const confirm = reader.optional(
    'DOORSTEP_CONFIRM',
    readConfirm,
    'must be as 2/3: two of three judgements, at most 9',
  )
  const requiredToo = readRequired(reader)
  const instance = reader.optional('DOORSTEP_M365_INSTANCE', readInstance, INSTANCE_EXPECTED)
  const world = reader.optional('DOORSTEP_LOCAL_WORLD', (value) => value, 'must be the name of a world')
  const selfCheck = readSelfCheck(reader, instance ?? 'Worldwide')
  const trustedProxies = reader.optional('DOORSTEP_TRUSTED_PROXIES', readProxies, PROXIES)
  const timeScale = reader.optional('DOORSTEP_TIME_SCALE', readScale, 'must be a number from 0.001 to 10')
  refuseUnsafeNode(env, reader)
  // Nothing but the word itself means off: without it and without all that sign-in needs there is no hub.
  const required = isOff ? 'off' : signIn
  if (reader.problems.length > 0 || required === null) throw new ConfigError(reader.problems)
  return {
    host: host ?? LOOPBACK[0],
    port,
    origin,
    hosts: isOff ? 'loopback' : servedHosts(origin, port, [...(hosts ?? []), ...familyHosts(selfCheck)]),
    store,
    signIn: required,
    authority,
    asksPerMinute: asks ?? PERSON_PER_MINUTE,
    places,
    geo: geo ?? [],
    owners,
    endpoints,
    requiredToo,
    confirm: confirm ?? CONFIRM,
    instance: instance ?? 'Worldwide',
    world,
    selfCheck,
    trustedProxies: trustedProxies ?? [],
    timeScale: timeScale ?? 1,
    warnings: [
      ...reader.strangers('DOORSTEP_').map((key) => `${key} is not a setting of the hub`),
      ...unused.map((key) => `${key} is not used while sign-in is off`),
    ],
  }
}

const LOOPBACK_ONLY = 'must be 127.0.0.1 while sign-in is off: anybody who reaches the hub may command it'
const ADDRESS = 'must be a literal address to listen on, e.g. 0.0.0.0'
const ORIGIN_NEEDED =
  'must be given with sign-in: runners sign for it, and its host is the one that is served'
const HOSTS = 'must be host names, with a port where it is not the usual one, separated by commas'
const PROXIES = 'must be addresses or CIDRs of the proxies before the hub, separated by commas'
const STORE =
  'must be embedded, embedded:<folder>, a storage connection string, or the https URL of a table service'
const IDS = 'must be object ids (GUIDs) separated by commas; names and mail addresses are not identities'

/** One path, or two: makers who split their database have one file per family. */
function readPaths(value: string): readonly string[] | null {
  const paths = value.split(',').map((path) => path.trim())
  return paths.length <= 2 && paths.every((path) => path !== '') ? paths : null
}

/** All of 127.0.0.1's names mean the address. */
function readLoopback(value: string): string | null {
  return LOOPBACK.some((name) => name === value) ? LOOPBACK[0] : null
}

function readAddress(value: string): string | null {
  return readLoopback(value) ?? (isIP(value) !== 0 && !value.includes('%') ? value : null)
}

function readHosts(value: string): readonly string[] | null {
  const names = value.split(',').map((part) => part.trim().toLowerCase())
  const good = names.every(
    (name) => /^[a-z0-9_-]+(\.[a-z0-9_-]+)*(:\d{1,5})?$/.test(name) && name.length <= 260,
  )
  return good && names.length <= MOST_HOSTS ? names : null
}

/** The public name, those that a proxy in between may say instead, and this machine's own for whoever looks after it. */
function servedHosts(origin: string, port: number, more: readonly string[]): readonly string[] {
  return [...new Set([new URL(origin).host, ...more, ...LOOPBACK.map((name) => `${name}:${port}`)])]
}

/** The names of one family are this hub's too. */
function familyHosts({ v4, v6 }: SelfCheckConfig): readonly string[] {
  return [v4, v6].flatMap((origin) => (origin === null ? [] : [new URL(origin).host]))
}

function readPort(value: string): number | null {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : 0
  return port >= 1 && port <= 65_535 ? port : null
}

/** `m/n`: m of at most n judgements in a row. */
function readConfirm(value: string): ConfirmRule | null {
  const [, needed, of] = /^([1-9])\/([1-9])$/.exec(value) ?? []
  const rule = { needed: Number(needed), of: Number(of) }
  return rule.needed >= 1 && rule.needed <= rule.of ? rule : null
}

/** Below six a form that was filled in wrongly could not be sent again in its minute. */
function readAsks(value: string): number | null {
  const asks = /^\d{1,4}$/.test(value) ? Number(value) : 0
  return asks >= 6 && asks <= 1_000 ? asks : null
}

function readScale(value: string): number | null {
  const scale = /^\d{1,3}(\.\d{1,6})?$/.test(value) ? Number(value) : 0
  return scale >= 0.001 && scale <= 10 ? scale : null
}

/** An https URL, or http to this machine, without user, query or fragment. */
function readServiceUrl(value: string): string | null {
  if (!URL.canParse(value)) return null
  const url = new URL(value)
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return null
  const loopback =
    url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(url.hostname)
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback) ? url.href : null
}

function readOrigin(value: string): string | null {
  const href = readServiceUrl(value)
  return href !== null && new URL(href).pathname === '/' ? new URL(href).origin : null
}

/** Only the choice of the store, for programs that start a hub. Throws a `ConfigError`. */
export function readStoreChoice(env: Env, defaultFolder: string): StoreChoice {
  const reader = new EnvReader(env)
  const choice = readStore(reader, defaultFolder)
  if (reader.problems.length > 0) throw new ConfigError(reader.problems)
  return choice
}

/** `embedded`, `embedded:<folder>`, a connection string, or the https URL of an account's table service. */
function readStore(reader: EnvReader, defaultFolder = '.doorstep'): StoreChoice {
  const folder = reader.optional('DOORSTEP_DATA', (value) => value, 'must be a path') ?? defaultFolder
  const read = (value: string): StoreChoice | null => {
    if (value === 'embedded') return { kind: 'embedded', folder }
    if (/^embedded:./.test(value)) return { kind: 'embedded', folder: value.slice('embedded:'.length) }
    if (/^https:\/\/[^/@]+\/?$/.test(value)) return { kind: 'azure', url: value }
    return /(^|;)(TableEndpoint|AccountName|UseDevelopmentStorage)=/i.test(value)
      ? { kind: 'azure', connectionString: value }
      : null
  }
  return reader.optional('DOORSTEP_STORE', read, STORE) ?? { kind: 'embedded', folder }
}

function readAuthority(reader: EnvReader): Authority {
  const grants = (key: string, role: Role): readonly Grant[] =>
    (reader.optional(key, readGuids, IDS) ?? []).map((objectId) => ({ objectId, role, tag: null }))
  const everyone = reader.optional(
    'DOORSTEP_EVERYONE',
    (value) => EVERYONE.find((role) => role === value) ?? null,
    `must be one of ${EVERYONE.join(', ')}`,
  )
  return {
    grants: [
      ...grants('DOORSTEP_ADMINS', 'admin'),
      ...grants('DOORSTEP_OPERATORS', 'operator'),
      ...grants('DOORSTEP_VIEWERS', 'viewer'),
    ],
    everyone: everyone ?? 'member',
    guests: reader.optional('DOORSTEP_GUESTS', readGuids, IDS) ?? [],
  }
}

/** `no-hairpin`, say, which Microsoft lists as optional and calls required on its own page. */
function readRequired(reader: EnvReader): readonly CriterionId[] {
  const read = (value: string): readonly CriterionId[] | null => {
    const ids = value.split(',').map((part) => part.trim())
    const known = ids.flatMap((id) => CRITERIA.find((criterion) => criterion === id) ?? [])
    return known.length === ids.length ? known : null
  }
  return reader.optional('DOORSTEP_REQUIRED', read, `must be some of ${CRITERIA.join(', ')}`) ?? []
}

/** An admin is always named; everybody else may be given less than that. */
const EVERYONE = ['member', 'viewer', 'operator'] as const

function readGuids(value: string): readonly string[] | null {
  const ids = value.split(',').map((part) => part.trim().toLowerCase())
  return ids.every((id) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) ? ids : null
}

/** Settings of Node itself that take the hub's protection away. */
function refuseUnsafeNode(env: Env, reader: EnvReader): void {
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    reader.problem('NODE_TLS_REJECT_UNAUTHORIZED', 'must not be 0: no certificate would be checked')
  }
  if (/--inspect/.test(env['NODE_OPTIONS'] ?? '')) {
    reader.problem('NODE_OPTIONS', 'must not hold --inspect: a debugger may read every secret')
  }
}
