import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readBeaconConfig } from '../../src/config/beacon-config.ts'
import { ConfigError } from '../../src/config/config-error.ts'

const GOOD = { DOORSTEP_BEACON_ZONE: 'b.example.com', DOORSTEP_BEACON_ADDRESSES: '192.0.2.53' }

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readBeaconConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('the beacon’s configuration', () => {
  it('needs the zone and its addresses alone', () => {
    expect(readBeaconConfig(GOOD)).toEqual({
      zone: 'b.example.com',
      addresses: ['192.0.2.53'],
      silent: [],
      listen: [{ address: '0.0.0.0', port: 53 }],
      stunPort: 3478,
      perSecond: 400,
      logLevel: 'info',
      warnings: [],
    })
  })

  it('takes what is set', () => {
    const config = readBeaconConfig({
      DOORSTEP_BEACON_ZONE: 'B.Example.COM.',
      DOORSTEP_BEACON_ADDRESSES: '192.0.2.53, 2001:DB8::53',
      DOORSTEP_BEACON_SILENT: '192.0.2.99',
      DOORSTEP_BEACON_LISTEN: '192.0.2.53:53,[2001:db8::53]:5353',
      DOORSTEP_BEACON_STUN_PORT: 'off',
      DOORSTEP_BEACON_RATE: '20',
      DOORSTEP_LOG_LEVEL: 'debug',
    })
    expect(config).toEqual({
      zone: 'b.example.com',
      addresses: ['192.0.2.53', '2001:db8::53'],
      silent: ['192.0.2.99'],
      listen: [
        { address: '192.0.2.53', port: 53 },
        { address: '2001:db8::53', port: 5353 },
      ],
      stunPort: null,
      perSecond: 20,
      logLevel: 'debug',
      warnings: [],
    })
  })

  it('names every problem at once, and no value', () => {
    const problems = problemsOf({
      DOORSTEP_BEACON_ADDRESSES: 'secret.example',
      DOORSTEP_BEACON_SILENT: '999.1.1.1',
      DOORSTEP_BEACON_LISTEN: '53',
      DOORSTEP_BEACON_STUN_PORT: '70000',
      DOORSTEP_BEACON_RATE: '0',
      DOORSTEP_LOG_LEVEL: 'loud',
    })
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'DOORSTEP_BEACON_ZONE',
      'DOORSTEP_BEACON_ADDRESSES',
      'DOORSTEP_BEACON_SILENT',
      'DOORSTEP_BEACON_LISTEN',
      'DOORSTEP_BEACON_STUN_PORT',
      'DOORSTEP_BEACON_RATE',
      'DOORSTEP_LOG_LEVEL',
    ])
    expect(problems.join()).not.toContain('secret')
  })

  it.each([
    ['DOORSTEP_BEACON_ZONE', 'example'],
    ['DOORSTEP_BEACON_ZONE', 'beacon.test'],
    ['DOORSTEP_BEACON_ZONE', 'b.localhost'],
    ['DOORSTEP_BEACON_ZONE', `${'a'.repeat(64)}.example.com`],
    ['DOORSTEP_BEACON_ZONE', `${'a.'.repeat(90)}example`],
    ['DOORSTEP_BEACON_ZONE', '<zone>'],
    ['DOORSTEP_BEACON_ADDRESSES', ''],
    ['DOORSTEP_BEACON_ADDRESSES', '192.0.2.1,192.0.2.1'],
    ['DOORSTEP_BEACON_ADDRESSES', '192.0.2.1,192.0.2.2,192.0.2.3,192.0.2.4,192.0.2.5'],
    ['DOORSTEP_BEACON_ADDRESSES', 'fe80::1%eth0'],
    ['DOORSTEP_BEACON_SILENT', '192.0.2.53'],
    ['DOORSTEP_BEACON_LISTEN', '2001:db8::53:53'],
    ['DOORSTEP_BEACON_LISTEN', '[192.0.2.1]:53'],
    ['DOORSTEP_BEACON_LISTEN', 'localhost:53'],
    ['DOORSTEP_BEACON_LISTEN', '192.0.2.1:53,'],
    ['DOORSTEP_BEACON_LISTEN', '192.0.2.1:53,192.0.2.1:53'],
    ['DOORSTEP_BEACON_STUN_PORT', '80a'],
    ['DOORSTEP_BEACON_RATE', '1e9'],
  ])('refuses %s=%s', (key, value) => {
    expect(problemsOf({ ...GOOD, [key]: value })).toEqual([expect.stringContaining(`${key}: must`)])
  })

  it('warns of a setting that nobody reads, and knows the runner’s', () => {
    const env = { ...GOOD, DOORSTEP_BEACON_ADRESSES: '192.0.2.1', DOORSTEP_BEACON: 'b.example.com' }
    expect(readBeaconConfig(env).warnings).toEqual(['DOORSTEP_BEACON_ADRESSES'])
  })

  it('never throws anything but its own error', () => {
    const keys = ['ZONE', 'ADDRESSES', 'SILENT', 'LISTEN', 'STUN_PORT', 'RATE'].map(
      (key) => `DOORSTEP_BEACON_${key}`,
    )
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.string()), (env) => {
        problemsOf(env)
      }),
    )
  })
})
