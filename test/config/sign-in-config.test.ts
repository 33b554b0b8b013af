import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config/config-error.ts'
import { type HubConfig, readHubConfig } from '../../src/config/hub-config.ts'
import type { SignIn } from '../../src/core/sign-in.ts'

const APP = '5d0c7f9a-7d0c-4b8e-8d31-3f1b6f2a9c01'
const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db40'
const OTHER = '72f988bf-86f1-41af-91ab-2d7cd011db41'
/** A value that must never be seen again. */
const CANARY = 'hunter2~canary'

const BASE = {
  DOORSTEP_APP_ID: APP,
  DOORSTEP_TENANT: TENANT,
  DOORSTEP_ORIGIN: 'https://doorstep.example',
}
const SECRET = { ...BASE, DOORSTEP_APP_TYPE: 'SingleTenant', DOORSTEP_APP_SECRET: CANARY }
const IDENTITY = { ...BASE, DOORSTEP_APP_TYPE: 'UserAssignedMSI' }

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readHubConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}
const keysOf = (env: Record<string, string>) => problemsOf(env).map((problem) => problem.split(':')[0])

/** The configuration, when it has sign-in. */
function signInOf(env: Record<string, string>): SignIn & { readonly config: HubConfig } {
  const config = readHubConfig(env)
  if (config.signIn === 'off') throw new Error('sign-in is off')
  return { ...config.signIn, config }
}

describe('sign-in', () => {
  it('is required as soon as an app id is given, and serves the public name and this machine', () => {
    const { config, ...signIn } = signInOf(SECRET)
    expect(signIn).toMatchObject({ appId: APP, tenants: [TENANT], cloud: 'public' })
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 3978,
      origin: 'https://doorstep.example',
      hosts: ['doorstep.example', '127.0.0.1:3978', 'localhost:3978'],
      warnings: [],
    })
  })

  it('is as well when it is said', () => {
    expect(signInOf({ ...SECRET, DOORSTEP_SIGN_IN: 'required' }).appId).toBe(APP)
  })

  it.each([
    ['nothing at all', {}, ['DOORSTEP_SIGN_IN']],
    [
      'an empty app id',
      { DOORSTEP_APP_ID: '' },
      ['DOORSTEP_APP_ID', 'DOORSTEP_TENANT', 'DOORSTEP_APP_TYPE', 'DOORSTEP_ORIGIN'],
    ],
    ['an app id that was never filled in', { ...SECRET, DOORSTEP_APP_ID: '<app-id>' }, ['DOORSTEP_APP_ID']],
    [
      'an app id of zeros',
      { ...SECRET, DOORSTEP_APP_ID: APP.replace(/[0-9a-f]/g, '0') },
      ['DOORSTEP_APP_ID'],
    ],
    [
      'the word alone',
      { DOORSTEP_SIGN_IN: 'required' },
      ['DOORSTEP_APP_ID', 'DOORSTEP_TENANT', 'DOORSTEP_APP_TYPE', 'DOORSTEP_ORIGIN'],
    ],
    ['a misspelt word', { ...SECRET, DOORSTEP_SIGN_IN: 'of' }, ['DOORSTEP_SIGN_IN']],
    ['an empty word', { ...SECRET, DOORSTEP_SIGN_IN: '' }, ['DOORSTEP_SIGN_IN']],
  ])('is never off by accident: %s is refused', (_name, env, keys) => {
    expect(keysOf(env)).toEqual(keys)
  })

  it('is off only by its word, and then this machine alone is served, whatever else is said', () => {
    const env = {
      ...SECRET,
      DOORSTEP_SIGN_IN: 'off',
      DOORSTEP_HOSTS: 'evil.example',
      DOORSTEP_HOST: 'localhost',
    }
    const config = readHubConfig(env)
    expect(config).toMatchObject({ signIn: 'off', host: '127.0.0.1', hosts: 'loopback' })
    expect(config.warnings).toContain('DOORSTEP_APP_ID is not used while sign-in is off')
    expect(keysOf({ ...env, DOORSTEP_HOST: '0.0.0.0' })).toEqual(['DOORSTEP_HOST'])
  })

  it('takes tenants in a list, the first being its own, each once', () => {
    const env = { ...SECRET, DOORSTEP_TENANT: ` ${TENANT.toUpperCase()} , ${OTHER},${TENANT}` }
    expect(signInOf(env).tenants).toEqual([TENANT, OTHER])
  })

  it.each([
    '',
    'common',
    'organizations',
    '*',
    'contoso.onmicrosoft.com',
    `${TENANT},*`,
    `${TENANT},`,
    CANARY,
  ])('does not take %j for a tenant', (value) => {
    expect(keysOf({ ...SECRET, DOORSTEP_TENANT: value })).toEqual(['DOORSTEP_TENANT'])
  })

  it.each([
    ['public', 'public'],
    ['GCC', 'gcc'],
    ['GCCHigh', 'gcchigh'],
  ])('knows the cloud %s', (value, expected) => {
    expect(signInOf({ ...SECRET, DOORSTEP_CLOUD: value }).cloud).toBe(expected)
  })

  it.each(['dod', 'china', 'https://evil.example', 'USGovGCCHigh'])('knows no cloud %s', (value) => {
    expect(keysOf({ ...SECRET, DOORSTEP_CLOUD: value })).toEqual(['DOORSTEP_CLOUD'])
  })

  it.each(['MultiTenant', 'ServicePrincipal', ''])('knows no app type %j', (value) => {
    expect(keysOf({ ...SECRET, DOORSTEP_APP_TYPE: value })).toEqual(['DOORSTEP_APP_TYPE'])
  })
})

describe('the proof of the bot', () => {
  it('is a secret, which is shown nowhere', () => {
    const { credential, config } = signInOf(SECRET)
    expect(credential.kind === 'secret' && credential.secret.reveal()).toBe(CANARY)
    expect(JSON.stringify(config)).not.toContain(CANARY)
  })

  it('is a certificate, with its key in the same file or another', () => {
    const env = { ...BASE, DOORSTEP_APP_TYPE: 'singletenant', DOORSTEP_APP_CERTIFICATE: '/run/bot.pem' }
    expect(signInOf(env).credential).toEqual({
      kind: 'certificate',
      certificateFile: '/run/bot.pem',
      keyFile: '/run/bot.pem',
    })
    expect(signInOf({ ...env, DOORSTEP_APP_KEY: '/run/bot.key' }).credential).toMatchObject({
      keyFile: '/run/bot.key',
    })
  })

  it('is an identity of the platform, of a virtual machine or of App Service', () => {
    expect(signInOf(IDENTITY).credential).toEqual({ kind: 'managed-identity', endpoint: null })
    const env = {
      ...IDENTITY,
      IDENTITY_ENDPOINT: 'http://localhost:42356/msi/token/',
      IDENTITY_HEADER: CANARY,
    }
    const { credential } = signInOf(env)
    const endpoint = credential.kind === 'managed-identity' ? credential.endpoint : null
    expect([endpoint?.url, endpoint?.header.reveal()]).toEqual([env.IDENTITY_ENDPOINT, CANARY])
  })

  it.each<[string, Record<string, string>, readonly string[]]>([
    ['none', { ...BASE, DOORSTEP_APP_TYPE: 'SingleTenant' }, ['DOORSTEP_APP_SECRET']],
    ['two', { ...SECRET, DOORSTEP_APP_CERTIFICATE: 'bot.pem' }, ['DOORSTEP_APP_SECRET']],
    [
      'a key without a certificate',
      { ...BASE, DOORSTEP_APP_TYPE: 'SingleTenant', DOORSTEP_APP_KEY: 'k' },
      ['DOORSTEP_APP_CERTIFICATE'],
    ],
    ['an empty secret', { ...SECRET, DOORSTEP_APP_SECRET: '' }, ['DOORSTEP_APP_SECRET']],
    [
      'a secret that was never filled in',
      { ...SECRET, DOORSTEP_APP_SECRET: 'changeme' },
      ['DOORSTEP_APP_SECRET'],
    ],
    ['a secret with a line break', { ...SECRET, DOORSTEP_APP_SECRET: 'a\nb' }, ['DOORSTEP_APP_SECRET']],
    [
      'a secret of 501 characters',
      { ...SECRET, DOORSTEP_APP_SECRET: 'x'.repeat(501) },
      ['DOORSTEP_APP_SECRET'],
    ],
    ['a secret beside an identity', { ...IDENTITY, DOORSTEP_APP_SECRET: CANARY }, ['DOORSTEP_APP_SECRET']],
    [
      'a certificate beside an identity',
      { ...IDENTITY, DOORSTEP_APP_CERTIFICATE: CANARY, DOORSTEP_APP_KEY: CANARY },
      ['DOORSTEP_APP_CERTIFICATE', 'DOORSTEP_APP_KEY'],
    ],
    ['half an identity', { ...IDENTITY, IDENTITY_ENDPOINT: 'http://localhost:1/' }, ['IDENTITY_HEADER']],
    ['the other half', { ...IDENTITY, IDENTITY_HEADER: CANARY }, ['IDENTITY_ENDPOINT']],
    [
      'an identity in a file',
      { ...IDENTITY, IDENTITY_ENDPOINT: 'file:///x', IDENTITY_HEADER: CANARY },
      ['IDENTITY_ENDPOINT'],
    ],
  ])('is refused when it is %s, without repeating it', (_name, env, keys) => {
    expect(keysOf(env)).toEqual(expect.arrayContaining([...keys]))
    expect(problemsOf(env).join()).not.toContain(CANARY)
  })
})

describe('where the hub is', () => {
  it.each(['0.0.0.0', '::', '10.0.0.5', 'localhost'])('may be %s with sign-in', (value) => {
    const { host } = readHubConfig({ ...SECRET, DOORSTEP_HOST: value })
    expect(host).toBe(value === 'localhost' ? '127.0.0.1' : value)
  })

  it.each(['', '*', 'hub.example', '0.0.0.0:80', 'fe80::1%eth0'])('may not be %j', (value) => {
    expect(keysOf({ ...SECRET, DOORSTEP_HOST: value })).toEqual(['DOORSTEP_HOST'])
  })

  it('has names: the public one, those that a proxy says, and those of this machine', () => {
    const env = { ...SECRET, DOORSTEP_PORT: '8080', DOORSTEP_ORIGIN: 'https://Doorstep.example:8443' }
    expect(readHubConfig({ ...env, DOORSTEP_HOSTS: 'Hub.internal , hub.internal:8080' }).hosts).toEqual([
      'doorstep.example:8443',
      'hub.internal',
      'hub.internal:8080',
      '127.0.0.1:8080',
      'localhost:8080',
    ])
  })

  it.each(['', '*', 'a b', 'https://hub', 'hub/', 'hub,', 'a..b', `${'a'.repeat(300)}`, 'ü.example'])(
    'has no name %j',
    (value) => {
      expect(keysOf({ ...SECRET, DOORSTEP_HOSTS: value })).toEqual(['DOORSTEP_HOSTS'])
    },
  )

  it('has to be told its public name', () => {
    const { DOORSTEP_ORIGIN: _gone, ...rest } = SECRET
    expect(problemsOf(rest)).toEqual([
      'DOORSTEP_ORIGIN: must be given with sign-in: runners sign for it, and its host is the one that is served',
    ])
  })
})

it('whatever is said, sign-in is off only by its word, and then never beyond this machine', () => {
  const key = fc.constantFrom(...Object.keys(SECRET), 'DOORSTEP_SIGN_IN', 'DOORSTEP_HOST', 'DOORSTEP_HOSTS')
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('off', 'required', '', APP, 'SingleTenant', '0.0.0.0', 'https://a.example'),
  )
  fc.assert(
    fc.property(fc.boolean(), fc.dictionary(key, value), (full, over) => {
      const env: Record<string, string> = { ...(full ? SECRET : {}), ...over }
      let config: HubConfig
      try {
        config = readHubConfig(env)
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError)
        return
      }
      if (config.signIn === 'off') {
        expect(env['DOORSTEP_SIGN_IN']?.trim()).toBe('off')
        expect([config.host, config.hosts]).toEqual(['127.0.0.1', 'loopback'])
      } else expect(config.signIn.appId).toMatch(/^[0-9a-f-]{36}$/)
    }),
    { numRuns: 1_000 },
  )
})
