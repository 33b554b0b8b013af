import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assess, exchangePoints, sharePointPoints } from '../../src/core/assessment.ts'

describe('the network assessment', () => {
  it.each([
    [0, 100],
    [8, 100],
    [10, 100],
    [17.5, 90],
    [25, 80],
    [40, 76],
    [62.5, 70],
    [100, 60],
    [150, 50],
    [250, 30],
    [325, 10],
    [350, 0],
    [400, 0],
  ])('gives Exchange at %d ms %d points', (ms, points) => {
    expect(exchangePoints(ms)).toBeCloseTo(points, 9)
  })

  it.each([
    [0, 0],
    [1, 10],
    [3, 30],
    [6, 50],
    [8, 60],
    [11, 70],
    [17, 90],
    [20, 100],
    [25, 100],
  ])('gives SharePoint at %d MB/s %d points', (mbps, points) => {
    expect(sharePointPoints(mbps)).toBeCloseTo(points, 9)
  })

  it('is the average of what was measured, and nothing when nothing was', () => {
    expect(assess({ exchangeMs: 40, sharePointMBps: null })).toBe(76)
    expect(assess({ exchangeMs: null, sharePointMBps: 6 })).toBe(50)
    expect(assess({ exchangeMs: 40, sharePointMBps: 6 })).toBe(63)
    expect(assess({ exchangeMs: null, sharePointMBps: null })).toBeNull()
  })

  it('never leaves 0 to 100, and never rises with the round trip or falls with the speed', () => {
    const value = fc.double({ min: 0, max: 10_000, noNaN: true })
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a]
        expect(exchangePoints(low)).toBeGreaterThanOrEqual(exchangePoints(high))
        expect(sharePointPoints(low)).toBeLessThanOrEqual(sharePointPoints(high))
        for (const points of [exchangePoints(low), sharePointPoints(low)]) {
          expect(points).toBeGreaterThanOrEqual(0)
          expect(points).toBeLessThanOrEqual(100)
        }
      }),
    )
  })
})
