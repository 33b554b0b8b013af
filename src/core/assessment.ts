/**
 * Microsoft's network assessment, 0 to 100, as far as it is published (office-365-network-mac-perf-score, 5 Apr 2024):
 * 80 meets recommendations, 60 is acceptable, at 40 users may have issues. Theirs is of the samples of three days and
 * counts Teams too, for which no mapping is published; so ours is an approximation, and is said to be one.
 */

/** What was measured; null: it was not. */
export interface Assessed {
  /** Median TCP round trip to the Exchange front door, ms. */
  readonly exchangeMs: number | null
  /** Download from SharePoint, MB/s. */
  readonly sharePointMBps: number | null
}

type Point = readonly [value: number, points: number]

/** TCP latency to points, linear between. */
const EXCHANGE: readonly Point[] = [
  [10, 100],
  [25, 80],
  [100, 60],
  [200, 40],
  [300, 20],
  [350, 0],
]

/** Download speed to points, linear between. */
const SHAREPOINT: readonly Point[] = [
  [0, 0],
  [2, 20],
  [4, 40],
  [8, 60],
  [14, 80],
  [20, 100],
]

/** Points for a round trip to Exchange in ms. */
export function exchangePoints(ms: number): number {
  return pointsOn(EXCHANGE, ms)
}

/** Points for a download from SharePoint in MB/s. */
export function sharePointPoints(mbps: number): number {
  return pointsOn(SHAREPOINT, mbps)
}

/** The average of what was measured, as a whole number; null when nothing was. */
export function assess({ exchangeMs, sharePointMBps }: Assessed): number | null {
  const points = [
    ...(exchangeMs === null ? [] : [exchangePoints(exchangeMs)]),
    ...(sharePointMBps === null ? [] : [sharePointPoints(sharePointMBps)]),
  ]
  return points.length === 0 ? null : Math.round(points.reduce((sum, one) => sum + one, 0) / points.length)
}

/** The value of a line through points in ascending order; beyond them, that of the nearest. */
function pointsOn(line: readonly Point[], value: number): number {
  let [beforeValue, beforePoints] = line[0] ?? [0, 0]
  if (value <= beforeValue) return beforePoints
  for (const [nextValue, nextPoints] of line) {
    if (value <= nextValue) {
      const share = (value - beforeValue) / (nextValue - beforeValue)
      return beforePoints + share * (nextPoints - beforePoints)
    }
    beforeValue = nextValue
    beforePoints = nextPoints
  }
  return beforePoints
}
