import { describe, expect, it } from 'vitest'
import { done, failed } from '../../src/core/failure.ts'
import { atOnceFor, series, warmed } from '../../src/probes/shared/steps.ts'

const NEVER = new AbortController().signal

/** Tries that take a turn of the loop each; `most` is how many were in flight together. */
const counted = (ms: number) => {
  let now = 0
  let most = 0
  let tried = 0
  const attempt = async () => {
    tried += 1
    now += 1
    most = Math.max(most, now)
    await new Promise((soon) => setImmediate(soon))
    now -= 1
    return done({ ms })
  }
  return { attempt, most: () => most, tried: () => tried }
}

describe('a warmed series', () => {
  it.each([
    [5, 1],
    [100, 1],
    [101, 4],
  ])('on a path of %d ms has %d in flight', async (ms, atOnce) => {
    const { attempt, most, tried } = counted(ms)
    const { first, tried: kept } = await warmed(7, NEVER, attempt, (one) => one.ms)
    expect([most(), tried(), kept.length, first !== undefined]).toEqual([atOnce, 8, 7, true])
  })

  it('ends after two timeouts, the first try counted', async () => {
    let asked = 0
    const silent = async () => {
      asked += 1
      return failed<{ ms: number }>('timeout')
    }
    await warmed(7, NEVER, silent, (one) => one.ms)
    expect(asked).toBe(2)
  })

  it('goes one at a time where nothing is known', () => {
    expect(atOnceFor(null)).toBe(1)
  })
})

describe('a series of several at once', () => {
  it('keeps the order and the number', async () => {
    const tried = await series(6, NEVER, async (index) => done(index), { atOnce: 4 })
    expect(tried).toEqual([0, 1, 2, 3, 4, 5].map((ok) => ({ ok })))
  })
})
