import { isIP } from 'node:net'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/os/clock.ts'
import { hostAddresses, resolverAddresses, systemResolvers } from '../../src/os/interfaces.ts'
import { watchLoop } from '../../src/os/loop-delay.ts'
import { systemRandom } from '../../src/os/random.ts'

describe('systemClock', () => {
  it('is wrong by the offset of its world', () => {
    expect(systemClock(90_000).now() - Date.now()).toBeGreaterThan(89_000)
  })

  it('runs forwards, with fractions', () => {
    const clock = systemClock()
    const first = clock.monotonic()
    expect(clock.monotonic()).toBeGreaterThan(first)
  })

  it('calls back once, unless it is told not to', async () => {
    const clock = systemClock()
    let calls = 0
    const cancel = clock.after(1, () => {
      calls += 100
    })
    cancel()
    await new Promise<void>((called) => clock.after(5, called))
    expect(calls).toBe(0)
  })
})

describe('systemRandom', () => {
  it('gives hex of the asked length, and numbers from 0 to below 1', () => {
    expect(systemRandom.hex(12)).toMatch(/^[0-9a-f]{24}$/)
    const numbers = Array.from({ length: 1000 }, () => systemRandom.unit())
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...numbers)).toBeLessThan(1)
    expect(new Set(numbers).size).toBe(1000)
  })
})

describe('interfaces', () => {
  it('takes ports off and drops what is no address', () => {
    const servers = [
      '192.0.2.53',
      '192.0.2.54:5353',
      '2001:db8::53',
      '[2001:db8::54]:5353',
      '192.0.2.53:99',
      'x',
    ]
    expect(resolverAddresses(servers)).toEqual(['192.0.2.53', '192.0.2.54', '2001:db8::53', '2001:db8::54'])
  })

  it('gives literal addresses', () => {
    const all = [...systemResolvers(), ...hostAddresses().map(({ address }) => address)]
    expect(all.filter((address) => isIP(address) === 0)).toEqual([])
  })
})

describe('watchLoop', () => {
  it('sees how long the loop was busy', async () => {
    const watch = await watchLoop()
    const end = performance.now() + 60
    while (performance.now() < end);
    expect(await watch.stop()).toBeGreaterThan(40)
  })
})
