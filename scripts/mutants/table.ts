/** A limit in `src`, and what it is changed to. */
export interface Mutant {
  readonly file: string
  /** As it stands in the source, once. */
  readonly line: string
  readonly changed: readonly string[]
}

const constant = (file: string, line: string, value: string, ...changed: readonly string[]): Mutant => ({
  file,
  line: `${line} = ${value}`,
  changed: changed.map((other) => `${line} = ${other}`),
})

/** Each a little lower and a little higher, where a case stands on either side. */
export const MUTANTS: readonly Mutant[] = [
  constant('criteria/shared.ts', 'LOCAL_KM', '800', '700', '900'),
  constant('probes/resolver-identity/evaluate.ts', 'LOCAL_KM', '800', '700', '900'),
  constant('criteria/door-distance.ts', 'NEAREST_FACTOR', '1.5', '1.4', '1.6'),
  constant('criteria/network-ready.ts', 'RECOMMENDED_MS', '25', '20', '30'),
  constant('criteria/proxy-evidence.ts', 'SLOW_MS', '20', '15', '25'),
  constant(
    'criteria/endpoint-changes.ts',
    'ON_TIME_MS',
    '24 * 3_600_000',
    '20 * 3_600_000',
    '28 * 3_600_000',
  ),
  constant('core/geography.ts', 'POSITION_SLACK_KM', '100', '40', '400'),
  constant('core/geography.ts', 'FIBRE_KM_PER_RTT_MS', '100', '90', '110'),
  constant('core/geography.ts', 'VACUUM_KM_PER_RTT_MS', '150', '140', '160'),
  constant('criteria/download-evidence.ts', 'LEAST_MBPS', '1', '0.95', '1.05'),
  constant('criteria/media-evidence.ts', 'LOSS_PERCENT', '1', '0.7', '1.3'),
  constant('criteria/media-evidence.ts', 'ROUND_TRIP_MS', '100', '95', '105'),
  constant('criteria/media-evidence.ts', 'JITTER_MS', '30', '25', '35'),
  {
    file: 'core/geography.ts',
    line: 'km / 50 + 15',
    changed: ['km / 50 + 12', 'km / 50 + 18', 'km / 70 + 15', 'km / 40 + 15'],
  },
  {
    file: 'criteria/proxy-evidence.ts',
    line: 'Math.max(SLOW_MS, tcpMs / 2)',
    changed: ['Math.max(SLOW_MS, tcpMs / 3)', 'Math.max(SLOW_MS, tcpMs / 1.5)'],
  },
]
