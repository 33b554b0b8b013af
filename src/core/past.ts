import type { Ruling } from './ruling.ts'
import type { CriterionId, Readiness, Verdict } from './verdict.ts'

/** A closed check of an office as history tells it. */
export interface PastCheck {
  readonly checkId: string
  /** When it was closed, epoch ms. */
  readonly at: number
  readonly readiness: Readiness
  /** Criteria that were not judged then are missing. */
  readonly verdicts: Readonly<Partial<Record<CriterionId, Verdict>>>
  /** Median round trip in ms to the worst door that was timed; null: not measured, or stored before it was kept. */
  readonly roundTripMs: number | null
}

/** A closed check with what each of its verdicts rests on. */
export interface PastRulings extends PastCheck {
  readonly rulings: readonly Ruling[]
}

/**
 * The worst median round trip (ms) among the timed doors that the system's own lookup led to. Null when none was timed,
 * and where a proxy or an inspection was found: then the time may be that of the proxy.
 */
export function roundTripOf(rulings: readonly Ruling[]): number | null {
  const straight = rulings.find(({ criterion }) => criterion === 'no-proxy-or-inspection')
  if (straight?.verdict === 'fail') return null
  const ready = rulings.find(({ criterion }) => criterion === 'network-ready')
  const times = (ready?.findings ?? []).flatMap((finding) =>
    finding.code === 'door-timed'
      ? finding.args.doors.flatMap(({ bySystem, medianMs }) =>
          bySystem && medianMs !== null ? [medianMs] : [],
        )
      : [],
  )
  return times.length === 0 ? null : Math.max(...times)
}
