import { describe, expect, it } from 'vitest'
import { atlasOf } from '../../../src/local/world/atlas.ts'
import { refuseContradictions } from '../../../src/local/world/contradictions.ts'
import type { WorldSpec } from '../../../src/local/world/spec.ts'
import { office, smallWorld } from './support.ts'

const check = (changes: Partial<WorldSpec>): (() => void) => {
  const spec = smallWorld(changes)
  return () => refuseContradictions(spec, atlasOf(spec))
}

describe('a spec', () => {
  it('is accepted when it agrees with itself', () => {
    expect(check({})).not.toThrow()
  })

  it.each<[string, Partial<WorldSpec>, RegExp]>([
    [
      'a backhaul to nowhere',
      { offices: [office({ backhaul: { via: 'Atlantis', rttMs: 1 } })] },
      /no place called Atlantis/,
    ],
    [
      'a hijacker that is not there',
      { offices: [office({ hijackedBy: '192.0.2.1' })] },
      /no resolver at 192\.0\.2\.1/,
    ],
    ['a lookup elsewhere', { offices: [office({ systemLookup: ['192.0.2.1'] })] }, /not among its resolvers/],
    [
      'a forwarder to nowhere',
      { resolvers: [{ address: '192.0.2.2', place: 'Seattle', forwardsTo: '192.0.2.3' }] },
      /no resolver at 192\.0\.2\.3/,
    ],
    [
      'an unknown door',
      { resolvers: [{ address: '192.0.2.2', place: 'Seattle', doors: ['QQQ'] }] },
      /no place called QQQ/,
    ],
    [
      'two runners of one name',
      { offices: [office({}, { runners: [{ name: 'a' }, { name: 'a' }] })] },
      /one name/,
    ],
  ])('is refused for %s', (_what, changes, message) => {
    expect(check(changes)).toThrow(message)
  })
})
