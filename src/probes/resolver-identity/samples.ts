import type { SampleLine, SamplePiece } from '../../core/sampled.ts'
import { t } from '../../core/t.ts'
import {
  failuresOf,
  failuresText,
  grouped,
  theirList,
  theirs,
  timesOf,
  timesText,
} from '../shared/samples.ts'
import type { Direct, Port53, ReadBack, ResolverIdentityResult, SystemNonce } from './result.ts'

/** Who was seen to ask for each one-time name: through the system, through each server, and straight. */
export function resolverSamples(result: ResolverIdentityResult): readonly SampleLine[] {
  return [
    { of: t`Method`, says: [result.method] },
    ...systemLines(result.system),
    ...result.readBacks.map(readBackLine),
    ...result.direct.flatMap(directLines),
    ...(result.port53 === null ? [] : port53Lines(result.port53)),
    ...result.nodes.map(
      ({ server, service, node, code }): SampleLine => ({
        of: theirs(server),
        says: [t`${service} node `, theirs(node), t` at ${code}`],
      }),
    ),
  ]
}

function systemLines(system: readonly SystemNonce[]): readonly SampleLine[] {
  return grouped(
    system,
    (one) => ('failure' in one ? one.failure : `${one.address} ${one.server}`),
    (samples) => {
      const [first] = samples
      const isText = 'byText' in first
      const of = isText
        ? t`System, by ${samples.length} of ${system.length} texts of its only server`
        : t`System, ${samples.length} of ${system.length} names`
      if ('failure' in first) return { of, says: [first.failure] }
      const via = first.server === null ? [] : [t` through `, theirs(first.server)]
      return { of, says: [theirs(first.address), ' asked', ...via, `: ${timesText(timesOf(samples))}`] }
    },
  )
}

function readBackLine({ address, sightings }: ReadBack): SampleLine {
  const subnets = sightings.flatMap(({ ecs }) => ecs ?? [])
  return {
    of: t`Read back`,
    says: [
      ...(address === null ? [t`a name without an address`] : [theirs(address)]),
      ...(sightings.length === 0
        ? [t`, seen by nobody`]
        : [t`, asked for by `, ...theirList(sightings.map(({ ns }) => ns))]),
      ...(subnets.length === 0 ? [] : [t`, client subnet `, ...theirList(subnets)]),
    ],
  }
}

function directLines({ server, asked, cachedMs, subnet, invented, strays }: Direct): readonly SampleLine[] {
  const of = theirs(server)
  const named = grouped(
    asked,
    (one) => ('failure' in one ? one.failure : `${one.ns} ${one.ecs} ${one.transport}`),
    (samples): SampleLine => {
      const [first] = samples
      if ('failure' in first) return { of, says: [failuresText(failuresOf(samples))] }
      const sent: readonly SamplePiece[] = first.ecs === null ? [] : [t`, client subnet `, theirs(first.ecs)]
      const times = `: ${timesText(timesOf(samples))}`
      return {
        of,
        says: [t`asked as `, theirs(first.ns), ...sent, t` over ${first.transport.toUpperCase()}`, times],
      }
    },
  )
  const scope = subnet?.scope ?? null
  return [
    ...named,
    ...(cachedMs.length === 0 ? [] : [{ of, says: [t`a known name: ${timesText(cachedMs)}`] }]),
    ...(subnet === null
      ? []
      : [
          {
            of,
            says: [
              t`sends subnet `,
              theirs(subnet.sent),
              scope === null ? t`, no scope` : t`, scope ${scope}`,
            ],
          },
        ]),
    ...(invented.length === 0
      ? []
      : [{ of, says: [t`invents `, ...theirList(invented), t` for no such name`] }]),
    ...(strays === 0 ? [] : [{ of, says: [t`answers that belong to no question: ${strays}`] }]),
  ]
}

function port53Lines({ beacon, silent }: Port53): readonly SampleLine[] {
  const of = t`Beacon, asked directly`
  const straight: SampleLine =
    'failure' in beacon
      ? { of, says: [beacon.failure] }
      : {
          of,
          says: [
            theirs(beacon.address),
            beacon.authoritative ? ', authoritative' : t`, not authoritative`,
            beacon.recursionAvailable ? t`, offers recursion` : '',
            ...(beacon.ns === null ? [t`, saw nobody`] : [t`, saw `, theirs(beacon.ns)]),
          ],
        }
  if (silent === null) return [straight]
  const node = silent.node === null ? [] : [t` as `, theirs(silent.node)]
  const answered = silent.answered ? ' answered' : t` was silent, as it should be`
  return [straight, { of: t`An address without DNS`, says: [theirs(silent.address), answered, ...node] }]
}
