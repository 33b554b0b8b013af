import { Secret } from '../core/secret.ts'
import { type BotCredential, CLOUD_NAMES, type SignIn } from '../core/sign-in.ts'
import type { Env, EnvReader } from './env-reader.ts'

const APP_TYPES = ['UserAssignedMSI', 'SingleTenant'] as const
type AppType = (typeof APP_TYPES)[number]

/** Entra's secrets have 40 characters; more than this is a file pasted by mistake. */
const MAX_SECRET = 500

/** Settings that only sign-in reads. */
const ONLY_WITH_SIGN_IN = [
  'DOORSTEP_APP_ID',
  'DOORSTEP_APP_TYPE',
  'DOORSTEP_APP_SECRET',
  'DOORSTEP_APP_CERTIFICATE',
  'DOORSTEP_APP_KEY',
  'DOORSTEP_TENANT',
  'DOORSTEP_CLOUD',
  'DOORSTEP_HOSTS',
]

const SIGN_IN =
  'must be required (with DOORSTEP_APP_ID and its fellows), or off: then only this machine is served'
const APP_ID = 'must be the application id (a GUID) of the bot'
const APP_TYPE = 'must be UserAssignedMSI or SingleTenant'
const TENANT =
  'must be tenant ids (GUIDs) separated by commas, the first being that of the bot; names and wildcards are refused'
const ONE_PROOF = 'or DOORSTEP_APP_CERTIFICATE must be given for a SingleTenant app'
const NO_PROOF = 'must not be given for a UserAssignedMSI app: its platform proves who it is'

/** What the settings say about sign-in. */
export interface SignInRead {
  /** null: that was not said in a usable way, and a problem is noted. */
  readonly mode: 'off' | 'required' | null
  /** null unless sign-in is required and everything that it needs is there. */
  readonly signIn: SignIn | null
  /** Settings that were given and do nothing while sign-in is off. */
  readonly unused: readonly string[]
}

/**
 * Reads sign-in. It is required as soon as an app id is given, even an empty one: nothing but the word `off` turns it
 * off.
 */
export function readSignIn(env: Env, reader: EnvReader): SignInRead {
  const said = reader.optional('DOORSTEP_SIGN_IN', readMode, SIGN_IN)
  if (said === 'off') {
    reader.know(ONLY_WITH_SIGN_IN)
    return { mode: 'off', signIn: null, unused: ONLY_WITH_SIGN_IN.filter((key) => env[key] !== undefined) }
  }
  const wanted = said === 'required' || env['DOORSTEP_APP_ID'] !== undefined
  if (!wanted && env['DOORSTEP_SIGN_IN'] === undefined) reader.problem('DOORSTEP_SIGN_IN', SIGN_IN)
  const appId = given(env, reader, wanted, 'DOORSTEP_APP_ID', readGuid, APP_ID)
  const tenants = given(env, reader, wanted, 'DOORSTEP_TENANT', readTenants, TENANT)
  const type = given(env, reader, wanted, 'DOORSTEP_APP_TYPE', readType, APP_TYPE)
  const cloud = reader.optional('DOORSTEP_CLOUD', readCloud, `must be one of ${CLOUD_NAMES.join(', ')}`)
  const credential = readCredential(env, reader, type)
  const signIn =
    appId && tenants && credential ? { appId, tenants, cloud: cloud ?? 'public', credential } : null
  return { mode: wanted ? 'required' : null, signIn, unused: [] }
}

/** A setting that sign-in cannot do without: missing is a problem of its own. */
function given<T>(
  env: Env,
  reader: EnvReader,
  wanted: boolean,
  key: string,
  read: (value: string) => T | null,
  expected: string,
): T | null {
  if (wanted && env[key] === undefined) reader.problem(key, expected)
  return reader.optional(key, read, expected)
}

function readCredential(env: Env, reader: EnvReader, type: AppType | null): BotCredential | null {
  const secret = reader.optional(
    'DOORSTEP_APP_SECRET',
    readSecret,
    'must be the secret itself, without spaces',
  )
  const certificate = reader.optional('DOORSTEP_APP_CERTIFICATE', asIs, 'must be the path of a PEM file')
  const key = reader.optional('DOORSTEP_APP_KEY', asIs, 'must be the path of a PEM file')
  if (type === null) return null
  if (type === 'UserAssignedMSI') return managedIdentity(env, reader)
  if (env['DOORSTEP_APP_SECRET'] !== undefined && env['DOORSTEP_APP_CERTIFICATE'] !== undefined) {
    reader.problem('DOORSTEP_APP_SECRET', 'must not be given together with DOORSTEP_APP_CERTIFICATE')
    return null
  }
  if (env['DOORSTEP_APP_KEY'] !== undefined && env['DOORSTEP_APP_CERTIFICATE'] === undefined) {
    reader.problem('DOORSTEP_APP_CERTIFICATE', 'must be given with DOORSTEP_APP_KEY')
    return null
  }
  if (secret !== null) return { kind: 'secret', secret }
  if (certificate !== null) {
    return { kind: 'certificate', certificateFile: certificate, keyFile: key ?? certificate }
  }
  if (env['DOORSTEP_APP_SECRET'] === undefined && env['DOORSTEP_APP_CERTIFICATE'] === undefined) {
    reader.problem('DOORSTEP_APP_SECRET', ONE_PROOF)
  }
  return null
}

/** The two variables are Azure's own, set by App Service and Container Apps. */
function managedIdentity(env: Env, reader: EnvReader): BotCredential | null {
  const proofs = ['DOORSTEP_APP_SECRET', 'DOORSTEP_APP_CERTIFICATE', 'DOORSTEP_APP_KEY']
  for (const key of proofs) if (env[key] !== undefined) reader.problem(key, NO_PROOF)
  const url = reader.optional('IDENTITY_ENDPOINT', readHttpUrl, 'must be the URL that Azure sets')
  const header = reader.optional('IDENTITY_HEADER', readSecret, 'must be the value that Azure sets')
  if (url === null && header === null) return { kind: 'managed-identity', endpoint: null }
  if (url !== null && header !== null) return { kind: 'managed-identity', endpoint: { url, header } }
  for (const key of ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER']) {
    if (env[key] === undefined) reader.problem(key, 'must be set, as Azure sets both or none')
  }
  return null
}

function readMode(value: string): 'off' | 'required' | null {
  return value === 'off' || value === 'required' ? value : null
}

function readGuid(value: string): string | null {
  const id = value.toLowerCase()
  const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
  return isGuid && /[1-9a-f]/.test(id) ? id : null
}

function readTenants(value: string): readonly string[] | null {
  const ids = value.split(',').map((part) => readGuid(part.trim()))
  const tenants = ids.filter((id) => id !== null)
  return tenants.length === ids.length ? [...new Set(tenants)] : null
}

function readType(value: string): AppType | null {
  return APP_TYPES.find((type) => type.toLowerCase() === value.toLowerCase()) ?? null
}

function readCloud(value: string): SignIn['cloud'] | null {
  return CLOUD_NAMES.find((name) => name === value.toLowerCase()) ?? null
}

function readSecret(value: string): Secret | null {
  return value.length <= MAX_SECRET && /^[\x21-\x7e]+$/.test(value) ? new Secret(value) : null
}

function readHttpUrl(value: string): string | null {
  if (!URL.canParse(value)) return null
  const url = new URL(value)
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  return isPlain && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : null
}

function asIs(value: string): string {
  return value
}
