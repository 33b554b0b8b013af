import { describe, expect, it } from 'vitest'
import { networkOf, rateLimit } from '../../src/beacon/rate-limit.ts'
import { keepSightings, MOST_PER_NONCE, SIGHTING_MS } from '../../src/beacon/sightings.ts'
import { handClock } from './support.ts'

const take = (limit: ReturnType<typeof rateLimit>, address: string, times: number) =>
  Array.from({ length: times }, () => limit.take(address))

describe('the rate limit', () => {
  it('lets a burst of five seconds through, then drops and slips in turn', () => {
    const limit = rateLimit(2, handClock())
    expect(take(limit, '203.0.113.1', 14)).toEqual([
      ...Array.from({ length: 10 }, () => 'answer'),
      'drop',
      'slip',
      'drop',
      'slip',
    ])
  })

  it('fills again with time', () => {
    const clock = handClock()
    const limit = rateLimit(2, clock)
    take(limit, '203.0.113.1', 10)
    clock.move(1000)
    expect(take(limit, '203.0.113.1', 3)).toEqual(['answer', 'answer', 'drop'])
  })

  it.each([
    ['203.0.113.1', '203.0.113.254', true],
    ['203.0.113.1', '203.0.114.1', false],
    ['2001:db8:0:1::1', '2001:db8:0:ff::2', true],
    ['2001:db8:0:1::1', '2001:db8:0:100::1', false],
  ])('counts %s and %s as one network: %s', (one, other, same) => {
    expect(networkOf(one) === networkOf(other)).toBe(same)
    const limit = rateLimit(1, handClock())
    take(limit, one, 5)
    expect(limit.take(other)).toBe(same ? 'drop' : 'answer')
  })

  it('remembers a bounded number of networks, and forgets the quietest', () => {
    const limit = rateLimit(1, handClock(), 2)
    take(limit, '192.0.2.1', 5)
    take(limit, '198.51.100.1', 5)
    expect(limit.take('192.0.2.1')).toBe('drop')
    limit.take('203.0.113.1')
    expect(limit.take('192.0.2.1')).toBe('slip')
    expect(limit.take('198.51.100.1')).toBe('answer')
  })
})

describe('sightings', () => {
  const sighting = (type: string) => ({ strings: [], type })
  const types = (sightings: readonly { readonly type: string }[]) => sightings.map(({ type }) => type)

  it('keep the first of one nonce', () => {
    const seen = keepSightings(handClock())
    for (let index = 0; index < MOST_PER_NONCE + 3; index++) seen.record('n', sighting(`${index}`))
    expect(types(seen.read('n'))).toEqual(Array.from({ length: MOST_PER_NONCE }, (_, index) => `${index}`))
  })

  it('are bounded in number: the nonce that was asked for longest ago goes', () => {
    const seen = keepSightings(handClock(), 3)
    for (const nonce of ['a', 'b', 'a', 'c', 'd']) seen.record(nonce, sighting('A'))
    expect(['a', 'b', 'c', 'd'].map((nonce) => seen.read(nonce).length)).toEqual([0, 0, 1, 1])
  })

  it('are forgotten one by one', () => {
    const clock = handClock()
    const seen = keepSightings(clock)
    seen.record('n', sighting('A'))
    clock.move(SIGHTING_MS / 2)
    seen.record('n', sighting('AAAA'))
    clock.move(SIGHTING_MS / 2)
    expect(types(seen.read('n'))).toEqual(['AAAA'])
    clock.move(SIGHTING_MS / 2)
    expect(seen.read('n')).toEqual([])
  })
})
