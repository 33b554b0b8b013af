import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RateLimit, RateWindows } from '../../src/core/rate-windows.ts'

const limit = fc.record({ count: fc.integer({ min: 1, max: 60 }), ms: fc.integer({ min: 1, max: 30_000 }) })

/** The most starts in any stretch of `ms`; a stretch that holds the most begins at a start. */
function most(starts: readonly number[], ms: number): number {
  return Math.max(0, ...starts.map((at, first) => starts.filter((s, i) => i >= first && s < at + ms).length))
}

describe('limits on a stream of work', () => {
  it('are never exceeded, in no stretch of time, whenever the work comes', () => {
    fc.assert(
      fc.property(
        fc.array(limit, { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 150, size: 'max' }),
        (limits: RateLimit[], pauses) => {
          const windows = new RateWindows(limits)
          const starts: number[] = []
          let now = 0
          for (const pause of pauses) {
            now = windows.openAt(now + pause)
            windows.take(now)
            starts.push(now)
          }
          for (const { count, ms } of limits) expect(most(starts, ms)).toBeLessThanOrEqual(count)
        },
      ),
    )
  })

  it('hold nothing up that they allow: one start earlier would be one too many', () => {
    fc.assert(
      fc.property(
        fc.array(limit, { minLength: 1, maxLength: 4 }),
        fc.integer({ max: 120, min: 1 }),
        (limits, n) => {
          const windows = new RateWindows(limits)
          const starts: number[] = []
          let now = 0
          for (let i = 0; i < n; i++) {
            const at = windows.openAt(now)
            if (at > now) {
              const sooner = [...starts, at - 1]
              expect(limits.some(({ count, ms }) => most(sooner, ms) > count)).toBe(true)
            }
            windows.take(at)
            starts.push(at)
            now = at
          }
        },
      ),
    )
  })

  it('are forgotten once no start counts any more', () => {
    const windows = new RateWindows([
      { count: 2, ms: 1_000 },
      { count: 3, ms: 5_000 },
    ])
    expect(windows.isFresh(0)).toBe(true)
    windows.take(0)
    expect(windows.isFresh(4_999)).toBe(false)
    expect(windows.isFresh(5_000)).toBe(true)
  })
})
