import { monitorEventLoopDelay } from 'node:perf_hooks'

/** How often the loop is looked at while a probe runs, ms. Node counts this interval as delay: it is taken off again. */
const RESOLUTION_MS = 2

/** A window in which the event loop is watched. */
export interface LoopWatch {
  /** Ends the window: the longest time in ms for which the loop was busy in it, which times may be wrong by. */
  stop(): Promise<number>
}

/** Starts watching this thread's event loop; what is busy from then on is seen. */
export async function watchLoop(): Promise<LoopWatch> {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  // Only the time between two looks is known, so the first must have been taken.
  await look()
  return {
    stop: async () => {
      // A busy stretch is only seen at the first look after it.
      await look()
      histogram.disable()
      return Math.max(0, histogram.max / 1e6 - RESOLUTION_MS)
    },
  }
}

function look(): Promise<void> {
  return new Promise((seen) => setTimeout(seen, 2 * RESOLUTION_MS))
}
