import { assess } from '../core/assessment.ts'
import { type Evidence, runnersOf } from '../core/evidence.ts'
import { timedDoors } from './door-times.ts'
import { provedProxy } from './proxy-evidence.ts'

/**
 * The approximate network assessment of an office: the median over the doors that applications get, of all runners. A
 * runner behind a proxy that ends connections measured the way to the proxy, so it does not count. Null: nothing counts.
 */
export function assessmentOf(evidence: Evidence): number | null {
  const times = runnersOf(evidence)
    .filter((runnerId) => !provedProxy(evidence, runnerId))
    .flatMap((runnerId) => timedDoors(evidence, runnerId).certain.flatMap(({ medianMs }) => medianMs ?? []))
  return assess({ exchangeMs: middleOf(times), sharePointMBps: null })
}

/** The median; of an even number the greater of the middle two, which flatters nobody. */
function middleOf(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? null
}
