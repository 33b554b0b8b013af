import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config/config-error.ts'
import { readHubConfig, readStoreChoice } from '../../src/config/hub-config.ts'
import { CRITERIA } from '../../src/core/verdict.ts'
import { scratch } from '../support/scratch.ts'

const GUID = '7a1f0a52-3b1c-4d8e-9a46-2c5d1e0f8b01'
const OK = { DOORSTEP_SIGN_IN: 'off' }
/** A program that does not end by itself is killed then, and has no code: sooner than its test gives up. */
const KILL_MS = 50_000
/** A value that must never be seen again. */
const CANARY = 'hunter2-canary'

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readHubConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

const SIGN_IN =
  'must be required (with DOORSTEP_APP_ID and its fellows), or off: then only this machine is served'
const HOST = 'must be 127.0.0.1 while sign-in is off: anybody who reaches the hub may command it'
const PORT = 'must be a port from 1 to 65535'
const ORIGIN = 'must be an https origin (http only to this machine)'
const SERVICE = 'must be an https URL (http only to this machine)'
const IDS = 'must be object ids (GUIDs) separated by commas; names and mail addresses are not identities'
const SCALE = 'must be a number from 0.001 to 10'
const STORE =
  'must be embedded, embedded:<folder>, a storage connection string, or the https URL of a table service'
const got = (value: string) =>
  value.trim() === '' ? '(got nothing but white space)' : `(got ${value.length} characters)`

/** Key, what is wrong with it, a value that is wrong so. */
const BAD: readonly (readonly [string, string, readonly string[]])[] = [
  ['DOORSTEP_SIGN_IN', SIGN_IN, ['', ' ', 'on', 'REQUIRED', 'OFF', 'flase', 'true', '<off>', 'changeme']],
  [
    'DOORSTEP_HOST',
    HOST,
    ['', '0.0.0.0', '::', '::1', '10.0.0.5', 'hub.example', '127.0.0.1:80', '*', '127.0.0.2'],
  ],
  [
    'DOORSTEP_PORT',
    PORT,
    ['', '0', '-1', '70000', '65536', '80a', '1e3', '80.5', 'NaN', '0x50', '3978 3979'],
  ],
  [
    'DOORSTEP_ORIGIN',
    ORIGIN,
    [
      ...['', 'hub.example', 'http://hub.example', 'http://10.0.0.1', 'https://hub.example/path'],
      ...[
        'https://user@hub.example',
        'https://hub.example?x=1',
        'https://hub.example#f',
        'ftp://hub.example',
      ],
      ...['http://127.0.0.1.evil.example', '<https://hub>', 'https://', 'javascript:alert(1)'],
    ],
  ],
  [
    'DOORSTEP_ENDPOINTS',
    SERVICE,
    ['', 'http://endpoints.office.com', 'https://u:p@x.example', 'file:///etc/x'],
  ],
  [
    'DOORSTEP_STORE',
    STORE,
    ['', 'sqlite', 'embedded:', 'http://x.table.core.windows.net', 'https://u@x.example', '<store>'],
  ],
  ['DOORSTEP_DATA', 'must be a path', ['', '  ', '<folder>', 'changeme']],
  ['DOORSTEP_PLACES', 'must be a path', ['', 'todo']],
  ['DOORSTEP_GEO', 'must be a path, or two with a comma between them', ['', ',', 'a.mmdb,', 'a,b,c', 'todo']],
  ['DOORSTEP_OWNERS', 'must be a path', ['', '<file>']],
  [
    'DOORSTEP_M365_INSTANCE',
    'must be one of Worldwide, China, USGovDoD, USGovGCCHigh',
    ['', 'Germany', 'GCC', 'USGov'],
  ],
  ['DOORSTEP_LOCAL_WORLD', 'must be the name of a world', ['', ' ']],
  [
    'DOORSTEP_ADMINS',
    IDS,
    ['', ',', 'ana@contoso.example', 'Ana Diaz', 'common', GUID.slice(1), `${GUID},`, `${GUID};${GUID}`, '*'],
  ],
  ['DOORSTEP_OPERATORS', IDS, ['', 'everyone', `${GUID},ana`]],
  ['DOORSTEP_VIEWERS', IDS, ['', `{${GUID}}`]],
  ['DOORSTEP_GUESTS', IDS, ['', '*', 'guest@contoso.example', `${GUID} ${GUID}`]],
  [
    'DOORSTEP_ASKS_PER_MINUTE',
    'must be a whole number from 6 to 1000',
    ['', '5', '1001', '20.5', 'many', '-20'],
  ],
  [
    'DOORSTEP_REQUIRED',
    `must be some of ${CRITERIA.join(', ')}`,
    ['', 'hairpin', 'No-Hairpin', 'no-hairpin;tcp-tuned', 'no-hairpin,'],
  ],
  ['DOORSTEP_EVERYONE', 'must be one of member, viewer, operator', ['', 'admin', 'Viewer', 'nobody', '*']],
  ['DOORSTEP_TIME_SCALE', SCALE, ['', '0', '-1', '1e9', 'NaN', 'Infinity', '11', '0.0001', '1,5', '5s']],
]

describe('the hub’s configuration', () => {
  it('needs one setting, and everything else has its default', () => {
    expect(readHubConfig(OK)).toEqual({
      host: '127.0.0.1',
      port: 3978,
      origin: 'http://127.0.0.1:3978',
      hosts: 'loopback',
      store: { kind: 'embedded', folder: '.doorstep' },
      signIn: 'off',
      authority: { grants: [], everyone: 'member', guests: [] },
      asksPerMinute: 20,
      places: null,
      geo: [],
      owners: null,
      endpoints: null,
      requiredToo: [],
      confirm: { needed: 2, of: 3 },
      instance: 'Worldwide',
      world: null,
      selfCheck: readHubConfig(OK).selfCheck,
      trustedProxies: [],
      timeScale: 1,
      warnings: [],
    })
  })

  it('takes what is set, with white space, line ends and marks around it', () => {
    const read = readHubConfig({
      DOORSTEP_SIGN_IN: 'off\r',
      DOORSTEP_HOST: ' localhost ',
      DOORSTEP_PORT: '\ufeff8080\n',
      DOORSTEP_ORIGIN: 'https://hub.example:8443/',
      DOORSTEP_ADMINS: ` ${GUID.toUpperCase()} , ${GUID.replace('7', '8')}`,
      DOORSTEP_EVERYONE: 'viewer',
      DOORSTEP_REQUIRED: 'no-hairpin, tcp-tuned',
      DOORSTEP_GUESTS: ` ${GUID.toUpperCase()}`,
      DOORSTEP_ASKS_PER_MINUTE: '6',
      DOORSTEP_ENDPOINTS: 'http://127.0.0.1:8081',
      DOORSTEP_M365_INSTANCE: 'china',
      DOORSTEP_GEO: ' city-4.mmdb , city-6.mmdb',
      DOORSTEP_OWNERS: 'asn.mmdb',
      DOORSTEP_TIME_SCALE: '0.05',
    })
    expect(read).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      origin: 'https://hub.example:8443',
      authority: {
        grants: [
          { objectId: GUID, role: 'admin', tag: null },
          { objectId: GUID.replace('7', '8'), role: 'admin', tag: null },
        ],
        everyone: 'viewer',
        guests: [GUID],
      },
      requiredToo: ['no-hairpin', 'tcp-tuned'],
      asksPerMinute: 6,
      endpoints: 'http://127.0.0.1:8081/',
      instance: 'China',
      geo: ['city-4.mmdb', 'city-6.mmdb'],
      owners: 'asn.mmdb',
      timeScale: 0.05,
    })
  })

  it.each([
    ['embedded', { kind: 'embedded', folder: 'data' }],
    ['embedded:/srv/x', { kind: 'embedded', folder: '/srv/x' }],
    ['https://x.table.core.windows.net', { kind: 'azure', url: 'https://x.table.core.windows.net' }],
    ['UseDevelopmentStorage=true', { kind: 'azure', connectionString: 'UseDevelopmentStorage=true' }],
    ['A=b;AccountName=x;AccountKey=y', { kind: 'azure', connectionString: 'A=b;AccountName=x;AccountKey=y' }],
  ])('finds the store in %s', (value, expected) => {
    expect(readHubConfig({ ...OK, DOORSTEP_DATA: 'data', DOORSTEP_STORE: value }).store).toEqual(expected)
    expect(readStoreChoice({ DOORSTEP_DATA: 'data', DOORSTEP_STORE: value }, 'elsewhere')).toEqual(expected)
  })

  it.each(BAD.flatMap(([key, reason, values]) => values.map((value) => [key, value, reason] as const)))(
    'refuses %s=%j',
    (key, value, reason) => {
      expect(problemsOf({ ...OK, [key]: value })).toEqual([`${key}: ${reason} ${got(value)}`])
    },
  )

  it('refuses to go without a word on sign-in', () => {
    expect(problemsOf({})).toEqual([`DOORSTEP_SIGN_IN: ${SIGN_IN}`])
  })

  it.each([
    ['NODE_TLS_REJECT_UNAUTHORIZED', '0', 'must not be 0: no certificate would be checked'],
    ['NODE_OPTIONS', '--inspect', 'must not hold --inspect: a debugger may read every secret'],
    [
      'NODE_OPTIONS',
      '--max-old-space-size=512 --inspect-brk=0.0.0.0:9229',
      'must not hold --inspect: a debugger may read every secret',
    ],
  ])('refuses %s=%s, which takes its protection away', (key, value, reason) => {
    expect(problemsOf({ ...OK, [key]: value })).toEqual([`${key}: ${reason}`])
  })

  it('names every problem in one message and repeats no value', () => {
    const bad = Object.fromEntries(BAD.map(([key]) => [key, key === 'DOORSTEP_DATA' ? ' ' : CANARY]))
    const free = ['DOORSTEP_PLACES', 'DOORSTEP_GEO', 'DOORSTEP_OWNERS', 'DOORSTEP_LOCAL_WORLD']
    const env = { ...bad, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_OPTIONS: `--inspect=${CANARY}` }
    expect(() => readHubConfig(env)).toThrow(ConfigError)
    try {
      readHubConfig(env)
    } catch (error) {
      const { message } = error as ConfigError
      expect(message).toMatch(/^configuration: DOORSTEP_SIGN_IN: /)
      expect(message).not.toContain('\n')
      expect(message).not.toContain(CANARY)
      for (const key of Object.keys(env)) {
        if (!free.includes(key)) expect(message).toContain(`${key}: `)
      }
    }
  })

  it('warns of settings that nobody reads, and reads none in another case', () => {
    const env = { ...OK, DOORSTEP_PROT: '1', doorstep_port: '8080', CNO_PORT: '1', DOORSTEP_BOT: CANARY }
    const { warnings, port } = readHubConfig(env)
    expect(warnings).toEqual([
      'DOORSTEP_PROT is not a setting of the hub',
      'doorstep_port is not a setting of the hub',
      'DOORSTEP_BOT is not a setting of the hub',
    ])
    expect(port).toBe(3978)
  })

  it('is read or refused with a ConfigError, whatever the environment holds', () => {
    const key = fc.constantFrom(...BAD.map(([name]) => name))
    fc.assert(
      fc.property(fc.dictionary(key, fc.string({ unit: 'binary' })), (env) => {
        expect(Array.isArray(problemsOf(env))).toBe(true)
      }),
    )
  })
})

describe('doorstep hub as a program', () => {
  const folders = scratch('doorstep-config-')
  let folder = ''
  beforeAll(async () => {
    folder = await folders.make()
  })
  afterAll(() => folders.remove())

  async function start(env: Record<string, string>) {
    const main = resolve(import.meta.dirname, '../../src/main.ts')
    const child = spawn(process.execPath, [main, 'hub'], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: KILL_MS,
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, said }
  }

  it('ends with 78 by itself, names every key in one line and repeats no secret', async () => {
    const { code, said } = await start({
      DOORSTEP_HOST: '0.0.0.0',
      DOORSTEP_PORT: CANARY,
      DOORSTEP_STORE: `Account=${CANARY}`,
      DOORSTEP_ADMINS: `${CANARY}@contoso.example`,
    })
    expect(code).toBe(78)
    expect(said.trim().split('\n')).toHaveLength(1)
    for (const key of ['SIGN_IN', 'PORT', 'STORE', 'ADMINS']) expect(said).toContain(`DOORSTEP_${key}: `)
    expect(said).not.toContain(CANARY)
  })

  it.each([
    ['without a word on sign-in', {}, `DOORSTEP_SIGN_IN: ${SIGN_IN}`],
    ['with sign-in and nothing that it needs', { DOORSTEP_SIGN_IN: 'required' }, 'DOORSTEP_APP_ID: '],
    [
      'with an empty app id, which is not a word on sign-in',
      { DOORSTEP_APP_ID: '' },
      'DOORSTEP_APP_ID: must be the application id (a GUID) of the bot',
    ],
    [
      'with a certificate that is not there',
      {
        DOORSTEP_APP_ID: GUID,
        DOORSTEP_TENANT: GUID,
        DOORSTEP_APP_TYPE: 'SingleTenant',
        DOORSTEP_APP_CERTIFICATE: 'nowhere.pem',
        DOORSTEP_ORIGIN: 'https://doorstep.example',
        DOORSTEP_PLACES: 'nowhere.csv',
      },
      'DOORSTEP_APP_CERTIFICATE: the file cannot be read (ENOENT); DOORSTEP_PLACES: the file cannot be read',
    ],
    ['for others than this machine', { ...OK, DOORSTEP_HOST: '0.0.0.0' }, `DOORSTEP_HOST: ${HOST}`],
    [
      'with a file of places that is not there',
      { ...OK, DOORSTEP_PLACES: 'nowhere.csv' },
      'DOORSTEP_PLACES: the file cannot be read (ENOENT)',
    ],
    [
      'with a city database that is not there',
      { ...OK, DOORSTEP_GEO: 'nowhere.mmdb' },
      'DOORSTEP_GEO: the file cannot be read (ENOENT)',
    ],
    [
      'with a city database that is something else',
      { ...OK, DOORSTEP_GEO: import.meta.filename },
      "DOORSTEP_GEO: the file is no database in MaxMind's format, or is damaged",
    ],
    [
      'with a folder for a file of owners',
      { ...OK, DOORSTEP_OWNERS: '.' },
      'DOORSTEP_OWNERS: the file cannot be read (EISDIR)',
    ],
    [
      'with a file of owners that is something else',
      { ...OK, DOORSTEP_OWNERS: import.meta.filename },
      'DOORSTEP_OWNERS: the file is no database',
    ],
  ])('does not start %s', async (_name, env, expected) => {
    const { code, said } = await start(env)
    expect({ code, named: said.includes(expected) }, said).toEqual({ code: 78, named: true })
    expect(said).not.toContain('ready')
  })

  it('does not start on a folder that another hub has open', async () => {
    const { openEmbeddedStore } = await import('../../src/store/embedded.ts')
    const data = join(folder, 'data')
    const store = await openEmbeddedStore(data, { random: { hex: (bytes) => '0'.repeat(2 * bytes) } })
    const { code, said } = await start({ ...OK, DOORSTEP_DATA: data })
    await store.close()
    expect(code, said).toBe(78)
  })
})
