import type { SampleLine } from '../../core/sampled.ts'
import { t } from '../../core/t.ts'
import { grouped, lookupLines, theirs, timesText } from '../shared/samples.ts'
import type { EgressResult } from './result.ts'

/** The address that each flow was seen to come from, then what the echo saw, then the lookups. */
export function egressSamples({
  target,
  system,
  answers,
  flows,
  noIpv6,
  echo,
}: EgressResult): readonly SampleLine[] {
  const seen = grouped(
    flows,
    (flow) => `${flow.to} ${'failure' in flow ? flow.failure : flow.from}`,
    (some): SampleLine => {
      const [first] = some
      const of = t`STUN, ${some.length} of ${flows.length} flows`
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
  return [
    ...seen,
    ...(noIpv6 === null ? [] : [{ of: 'IPv6', says: [t`no flow: ${noIpv6}`] }]),
    ...(echo === null
      ? []
      : [
          {
            of: t`Echo`,
            says: 'failure' in echo ? [echo.failure] : [theirs(echo.address), `: ${timesText([echo.ms])}`],
          },
        ]),
    { of: t`Host`, says: [theirs(target)] },
    ...lookupLines(target, system, answers),
  ]
}
