import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config/config-error.ts'
import { readHubConfig } from '../../src/config/hub-config.ts'

const OK = { DOORSTEP_SIGN_IN: 'off' }

function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    readHubConfig({ ...OK, ...env })
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('the settings of self-checks', () => {
  it('are Microsoft’s three doors and a day where none is given', () => {
    const { selfCheck, trustedProxies } = readHubConfig(OK)
    expect(selfCheck).toMatchObject({ hours: 24, v4: null, v6: null, beacon: null })
    expect(selfCheck.doors.map(({ name, url }) => `${name} ${new URL(url).hostname}`)).toEqual([
      'exchange outlook.office365.com',
      'sharepoint microsoft.sharepoint.com',
      'teams teams.microsoft.com',
    ])
    expect(trustedProxies).toEqual([])
    expect(readHubConfig({ ...OK, DOORSTEP_M365_INSTANCE: 'China' }).selfCheck.doors).toEqual([])
    const own = readHubConfig({ ...OK, DOORSTEP_M365_TENANT: 'Contoso' }).selfCheck.doors
    expect(own[1]?.url).toMatch(/^https:\/\/contoso\.sharepoint\.com\//)
  })

  it('are read whole, and the names of one family are served', () => {
    const config = readHubConfig({
      DOORSTEP_APP_ID: '5d0c7f9a-1111-4222-8333-444455556666',
      DOORSTEP_APP_TYPE: 'UserAssignedMSI',
      DOORSTEP_TENANT: '72f988bf-1111-4222-8333-444455556666',
      IDENTITY_ENDPOINT: 'http://127.0.0.1:1/token',
      IDENTITY_HEADER: 'x',
      DOORSTEP_ORIGIN: 'https://doorstep.example',
      DOORSTEP_SELF_CHECK_HOURS: '48',
      DOORSTEP_SELF_CHECK_V4: 'https://v4.doorstep.example',
      DOORSTEP_SELF_CHECK_V6: 'https://v6.doorstep.example/',
      DOORSTEP_SELF_CHECK_DOORS: 'teams=https://teams.example/a.png , exchange=https://mail.example/b.gif',
      DOORSTEP_BEACON: 'B.Example.',
      DOORSTEP_BEACON_AT: '[2001:db8::53]:5353',
      DOORSTEP_TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::1',
    })
    expect(config.selfCheck).toEqual({
      hours: 48,
      v4: 'https://v4.doorstep.example',
      v6: 'https://v6.doorstep.example',
      doors: [
        { name: 'teams', url: 'https://teams.example/a.png' },
        { name: 'exchange', url: 'https://mail.example/b.gif' },
      ],
      beacon: { zone: 'b.example', at: { address: '2001:db8::53', port: 5353 } },
    })
    expect(config.hosts).toEqual(expect.arrayContaining(['v4.doorstep.example', 'v6.doorstep.example']))
    expect(config.trustedProxies).toEqual(['10.0.0.0/8', '2001:db8::1'])
  })

  it.each([
    ['DOORSTEP_SELF_CHECK_HOURS', '0'],
    ['DOORSTEP_SELF_CHECK_HOURS', '721'],
    ['DOORSTEP_SELF_CHECK_HOURS', '1d'],
    ['DOORSTEP_SELF_CHECK_V4', 'http://v4.doorstep.example'],
    ['DOORSTEP_SELF_CHECK_V6', 'https://v6.doorstep.example/me'],
    ['DOORSTEP_SELF_CHECK_DOORS', 'mail=https://mail.example/'],
    ['DOORSTEP_SELF_CHECK_DOORS', 'exchange=http://mail.example/'],
    ['DOORSTEP_SELF_CHECK_DOORS', 'exchange=https://a.example/,exchange=https://b.example/'],
    ['DOORSTEP_SELF_CHECK_DOORS', "exchange=https://a.example/;script-src 'self'"],
    ['DOORSTEP_BEACON', 'localhost'],
    ['DOORSTEP_BEACON_AT', '127.0.0.1:53'],
    ['DOORSTEP_TRUSTED_PROXIES', '0.0.0.0/0'],
    ['DOORSTEP_TRUSTED_PROXIES', 'proxy.example'],
  ])('%s=%s is refused by name', (key, value) => {
    const problems = problemsOf({ [key]: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^${key}: must `))
  })

  it('never let a word into the page’s policy that is no origin', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ validSchemes: ['https'], withQueryParameters: false }),
        fc.string(),
        (url, tail) => {
          const env = { DOORSTEP_SELF_CHECK_DOORS: `exchange=${url}${tail}` }
          if (problemsOf(env).length > 0) return
          for (const door of readHubConfig({ ...OK, ...env }).selfCheck.doors) {
            expect(new URL(door.url).origin).toMatch(/^https?:\/\/[^\s;,'"]+$/)
          }
        },
      ),
    )
  })
})
