import type { LatestStore } from '../store/latest.ts'

/** Tells of each verdict once it is stored. */
export function toldAfter(latest: LatestStore, tell: () => readonly { changed(): void }[]): LatestStore {
  return {
    ...latest,
    async put(entry) {
      await latest.put(entry)
      for (const one of tell()) one.changed()
    },
  }
}
