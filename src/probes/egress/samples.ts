import type { SampleLine } from '../../core/sampled.ts'
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
      const of = `STUN, ${some.length} of ${flows.length} flows`
      const times = some.flatMap(({ ms }) => ms ?? [])
      if ('failure' in first) {
        const after = times.length === 0 ? '' : ` after ${timesText(times)}`
        return { of, says: ['to ', theirs(first.to), `: ${first.failure}${after}`] }
      }
      const ports = some.flatMap((flow) => ('port' in flow ? [flow.port] : []))
      return {
        of,
        says: [
          'to ',
          theirs(first.to),
          ' from ',
          theirs(first.from),
          `, ports ${ports.join(', ')}: ${timesText(times)}`,
        ],
      }
    },
  )
  return [
    ...seen,
    ...(noIpv6 === null ? [] : [{ of: 'IPv6', says: [`no flow: ${noIpv6}`] }]),
    ...(echo === null
      ? []
      : [
          {
            of: 'Echo',
            says: 'failure' in echo ? [echo.failure] : [theirs(echo.address), `: ${timesText([echo.ms])}`],
          },
        ]),
    { of: 'Host', says: [theirs(target)] },
    ...lookupLines(target, system, answers),
  ]
}
