import type { SampleLine } from '../../core/sampled.ts'
import { t } from '../../core/t.ts'
import { grouped, lookupLines, theirs, timesText } from '../shared/samples.ts'
import type { EgressResult, Flow } from './result.ts'

/** The address that each flow was seen to come from, then what echo and beacon saw, then the lookups. */
export function egressSamples({
  target,
  system,
  answers,
  flows,
  noIpv6,
  echo,
  beacon,
}: EgressResult): readonly SampleLine[] {
  return [
    ...flowLines(flows, (some) => t`STUN, ${some} of ${flows.length} flows`),
    ...(noIpv6 === null ? [] : [{ of: 'IPv6', says: [t`no flow: ${noIpv6}`] }]),
    ...(echo === null
      ? []
      : [
          {
            of: t`Echo`,
            says: 'failure' in echo ? [echo.failure] : [theirs(echo.address), `: ${timesText([echo.ms])}`],
          },
        ]),
    ...beaconLines(beacon),
    { of: t`Host`, says: [theirs(target)] },
    ...lookupLines(target, system, answers),
  ]
}

function beaconLines(beacon: EgressResult['beacon']): readonly SampleLine[] {
  if (beacon === null) return []
  if ('failure' in beacon) return [{ of: t`Beacon`, says: [beacon.failure] }]
  const { flows } = beacon
  return flowLines(flows, (some) => t`Beacon, ${some} of ${flows.length} flows`)
}

/** Flows that went and ended alike are one line, named by how many they are. */
function flowLines(flows: readonly Flow[], name: (some: number) => string): readonly SampleLine[] {
  return grouped(
    flows,
    (flow) => `${flow.to} ${'failure' in flow ? flow.failure : flow.from}`,
    (some): SampleLine => {
      const [first] = some
      const of = name(some.length)
      const times = some.flatMap(({ ms }) => ms ?? [])
      if ('failure' in first) {
        const after = times.length === 0 ? '' : t` after ${timesText(times)}`
        return { of, says: [t`to `, theirs(first.to), `: ${first.failure}${after}`] }
      }
      const ports = some.flatMap((flow) => ('port' in flow ? [flow.port] : []))
      return {
        of,
        says: [
          t`to `,
          theirs(first.to),
          t` from `,
          theirs(first.from),
          t`, ports ${ports.join(', ')}: ${timesText(times)}`,
        ],
      }
    },
  )
}
