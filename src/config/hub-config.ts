import type { StoreChoice } from '../core/store-choice.ts'
import type { Authority, Grant, Role } from '../core/authority.ts'
import { type Env, EnvReader } from './env-reader.ts'

/** Everything that the hub is told from outside. */
export interface HubConfig {
  readonly host: string
  readonly port: number
  /** The origin that runners sign for, without a path. */
  readonly origin: string
  readonly store: StoreChoice
  readonly signIn: 'off'
  readonly authority: Authority
  /** CSV of ranges and their places; null: none. */
  readonly places: string | null
  /** Where the endpoint web service answers; null: Microsoft's. */
  readonly endpoints: string | null
  /** The world that `places` and `endpoints` describe; null: they are about the real Internet. */
  readonly world: string | null
  /** All times are multiplied by this; 1 outside tests. */
  readonly timeScale: number
  readonly warnings: readonly string[]
}

/** The Bot Framework's customary port, which Microsoft's emulators call by default. */
const DEFAULT_PORT = 3978

const LOOPBACK = ['127.0.0.1', 'localhost']

/** Reads the hub's configuration. Throws one `ConfigError` that names every problem. */
export function readHubConfig(env: Env): HubConfig {
  const reader = new EnvReader(env)
  const signIn = reader.oneOf('DOORSTEP_SIGN_IN', ['off'] as const)
  if (env['DOORSTEP_SIGN_IN'] === undefined) {
    reader.problem(
      'DOORSTEP_SIGN_IN',
      'must be set to off: this version signs nobody in and serves this machine only',
    )
  }
  const host = reader.text('DOORSTEP_HOST') ?? '127.0.0.1'
  if (!LOOPBACK.includes(host)) {
    reader.problem(
      'DOORSTEP_HOST',
      'must be 127.0.0.1 while sign-in is off: anybody who reaches the hub may command it',
    )
  }
  const port = reader.integer('DOORSTEP_PORT', 1, 65_535) ?? DEFAULT_PORT
  const origin = reader.url('DOORSTEP_ORIGIN', 'loopback')
  if (origin && origin.pathname !== '/') reader.problem('DOORSTEP_ORIGIN', 'must be a URL without a path')
  const store = readStore(reader)
  const authority = readAuthority(reader)
  const places = reader.text('DOORSTEP_PLACES') ?? null
  const endpoints = reader.url('DOORSTEP_ENDPOINTS', 'loopback')
  const world = reader.text('DOORSTEP_LOCAL_WORLD') ?? null
  const timeScale = reader.number('DOORSTEP_TIME_SCALE', 0.001, 10) ?? 1
  refuseUnsafeNode(env, reader)
  const unknown = reader.unknown('DOORSTEP_').map((key) => `${key} is not a setting of the hub`)
  reader.done()
  return {
    host: '127.0.0.1',
    port,
    origin: origin?.origin ?? `http://127.0.0.1:${port}`,
    store,
    signIn: signIn ?? 'off',
    authority,
    places,
    endpoints: endpoints?.href ?? null,
    world,
    timeScale,
    warnings: unknown,
  }
}

/** `embedded`, `embedded:<folder>`, a connection string, or the https URL of an account's table service. */
function readStore(reader: EnvReader): StoreChoice {
  const folder = reader.text('DOORSTEP_DATA') ?? '.doorstep'
  const value = reader.text('DOORSTEP_STORE') ?? 'embedded'
  if (value === 'embedded') return { kind: 'embedded', folder }
  if (value.startsWith('embedded:') && value.length > 'embedded:'.length) {
    return { kind: 'embedded', folder: value.slice('embedded:'.length) }
  }
  if (/^https:\/\/[^/]+\/?$/.test(value)) return { kind: 'azure', url: value }
  if (/(^|;)(TableEndpoint|AccountName|UseDevelopmentStorage)=/i.test(value)) {
    return { kind: 'azure', connectionString: value }
  }
  reader.problem(
    'DOORSTEP_STORE',
    'must be embedded, embedded:<folder>, a storage connection string, or the https URL of a table service',
  )
  return { kind: 'embedded', folder }
}

function readAuthority(reader: EnvReader): Authority {
  const grant = (key: string, role: Role): readonly Grant[] =>
    reader.guids(key).map((objectId) => ({ objectId, role, tag: null }))
  const grants = [
    ...grant('DOORSTEP_ADMINS', 'admin'),
    ...grant('DOORSTEP_OPERATORS', 'operator'),
    ...grant('DOORSTEP_VIEWERS', 'viewer'),
  ]
  const everyone = reader.oneOf('DOORSTEP_EVERYONE', ['member', 'viewer', 'operator'] as const) ?? 'member'
  return { grants, everyone }
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
