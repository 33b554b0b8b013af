import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readHubOrigin, readRunnerConfig } from '../../src/config/runner-config.ts'

const problemsOf = (env: Record<string, string>) => {
  const read = readRunnerConfig(env, {}, '/home/x')
  return read.ok ? [] : read.problems
}

describe('the runner’s configuration', () => {
  it('needs nothing', () => {
    expect(readRunnerConfig({}, {}, '/home/x')).toEqual({
      ok: true,
      warnings: [],
      config: {
        hub: null,
        home: '/home/x',
        world: null,
        tenant: null,
        instance: 'Worldwide',
        beacon: null,
        proxy: null,
        proxyEnv: null,
        caFile: null,
        mediaSeconds: 10,
        download: null,
        probeRoots: null,
        logLevel: 'info',
      },
    })
  })

  it('takes what is set, and the command line before the environment', () => {
    const env = {
      DOORSTEP_HUB: 'https://a.example/',
      DOORSTEP_HOME: '/srv/a',
      DOORSTEP_WORLD: 'world.json',
      DOORSTEP_M365_TENANT: 'Contoso',
      DOORSTEP_M365_INSTANCE: 'usgovgcchigh',
      DOORSTEP_BEACON: 'B.example.com.',
      DOORSTEP_PROXY: 'http://user:secret@proxy.example:3128',
      DOORSTEP_CA_FILE: 'ca.pem',
      DOORSTEP_MEDIA_SECONDS: '1',
      DOORSTEP_DOWNLOAD: 'https://Contoso.sharepoint.com/sites/net/15mb.bin?download=1',
      DOORSTEP_PROBE_ROOTS: 'microsoft-g2.pem',
      DOORSTEP_LOG_LEVEL: 'debug',
    }
    const read = readRunnerConfig(env, { hub: 'http://127.0.0.1:3978', home: '/srv/b' }, '/home/x')
    expect(read.ok && read.config).toEqual({
      hub: 'http://127.0.0.1:3978',
      home: '/srv/b',
      world: 'world.json',
      tenant: 'contoso',
      instance: 'USGovGCCHigh',
      beacon: 'b.example.com',
      proxy: env.DOORSTEP_PROXY,
      proxyEnv: null,
      caFile: 'ca.pem',
      mediaSeconds: 1,
      download: { host: 'contoso.sharepoint.com', path: '/sites/net/15mb.bin?download=1' },
      probeRoots: 'microsoft-g2.pem',
      logLevel: 'debug',
    })
  })

  it('names every problem at once, and no value', () => {
    const env = {
      DOORSTEP_HUB: 'https://hunter2.example/path',
      DOORSTEP_HOME: ' ',
      DOORSTEP_M365_TENANT: 'hunter2.sharepoint.com',
      DOORSTEP_M365_INSTANCE: 'hunter2',
      DOORSTEP_BEACON: 'hunter2',
      DOORSTEP_PROXY: 'hunter2',
      DOORSTEP_WORLD: '<world-file>',
      DOORSTEP_CA_FILE: '',
      DOORSTEP_MEDIA_SECONDS: '11',
      DOORSTEP_DOWNLOAD: 'http://hunter2.sharepoint.com/f',
      DOORSTEP_PROBE_ROOTS: ' ',
      DOORSTEP_LOG_LEVEL: 'hunter2',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      NODE_OPTIONS: '--inspect=0.0.0.0',
    }
    const problems = problemsOf(env)
    expect(problems.map((problem) => problem.split(':')[0]).toSorted()).toEqual(Object.keys(env).toSorted())
    expect(problems.join()).not.toContain('hunter2')
  })

  it.each([
    'http://contoso.sharepoint.com/f',
    'https://contoso.sharepoint.com:8443/f',
    'https://ana@contoso.sharepoint.com/f',
    'https://contoso.sharepoint.com/',
    'https://contoso.sharepoint.com.evil.example/f',
    'https://a.contoso.sharepoint.com/f',
    'https://fabrikam.sharepoint.com/f',
    'https://127.0.0.1/f',
  ])('takes no download from %s', (url) => {
    expect(problemsOf({ DOORSTEP_M365_TENANT: 'contoso', DOORSTEP_DOWNLOAD: url })).toHaveLength(1)
  })

  it('takes a download only with the tenant that it is of', () => {
    expect(problemsOf({ DOORSTEP_DOWNLOAD: 'https://contoso.sharepoint.com/f' })).toHaveLength(1)
  })

  it('warns of settings that nobody reads', () => {
    const read = readRunnerConfig({ DOORSTEP_HOEM: 'x', doorstep_hub: 'y' }, {}, '/home/x')
    expect(read.ok && read.warnings).toEqual(['DOORSTEP_HOEM', 'doorstep_hub'])
  })

  it('is read or refused whatever the environment holds', () => {
    const key = fc.constantFrom(
      'DOORSTEP_HUB',
      'DOORSTEP_PROXY',
      'DOORSTEP_BEACON',
      'DOORSTEP_M365_TENANT',
      'DOORSTEP_DOWNLOAD',
    )
    fc.assert(
      fc.property(fc.dictionary(key, fc.string()), (env) => {
        expect(typeof readRunnerConfig(env, {}, '/home/x').ok).toBe('boolean')
      }),
    )
  })
})

describe('a hub’s origin', () => {
  it.each([
    ['https://hub.example', 'https://hub.example'],
    ['https://hub.example:8443/', 'https://hub.example:8443'],
    ['http://127.0.0.1:3978', 'http://127.0.0.1:3978'],
    ['http://localhost:3978', 'http://localhost:3978'],
    ['http://[::1]:3978', 'http://[::1]:3978'],
  ])('is read from %s', (text, origin) => {
    expect(readHubOrigin(text)).toBe(origin)
  })

  it.each([
    'hub.example',
    'http://hub.example',
    'http://127.0.0.1.evil.example',
    'http://10.0.0.1',
    'https://user@hub.example',
    'https://hub.example/path',
    'https://hub.example/?x',
    'https://hub.example/#x',
    'ftp://hub.example',
  ])('is not read from %s', (text) => {
    expect(readHubOrigin(text)).toBeNull()
  })
})
