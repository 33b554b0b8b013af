import type { LatestStore } from '../store/latest.ts'

/** Tells of each verdict once it is stored. */
export function toldAfter(latest: LatestStore, tell: () => void): LatestStore {
  return {
    ...latest,
    async put(entry) {
      await latest.put(entry)
      tell()
    },
  }
}
