import { assess } from '../core/assessment.ts'
import { type Evidence, findingsOf, runnersOf } from '../core/evidence.ts'
import { timedDoors } from './door-times.ts'
import { provedProxy } from './proxy-evidence.ts'

/**
 * The approximate network assessment of an office: the median over the doors that applications get, of all runners. A
 * runner behind a proxy that ends connections measured the way to the proxy, and a file may come from its store, so it
 * does not count. The speed counts where somebody asked for a download. Null: nothing counts.
 */
export function assessmentOf(evidence: Evidence): number | null {
  const direct = runnersOf(evidence).filter((runnerId) => !provedProxy(evidence, runnerId))
  const times = direct.flatMap((runnerId) =>
    timedDoors(evidence, runnerId).certain.flatMap(({ medianMs }) => medianMs ?? []),
  )
  const speeds = direct.flatMap((runnerId) =>
    findingsOf(evidence, 'throughput-seen', runnerId).map(({ args }) => args.wholeMBps),
  )
  return assess({ exchangeMs: middleOf(times), sharePointMBps: middleSpeed(speeds) })
}

/** The median; of an even number the greater of the middle two, which flatters nobody. */
function middleOf(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? null
}

/** The median; of an even number the lesser of the middle two. */
function middleSpeed(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? null
}
