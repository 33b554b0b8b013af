import type { SampleLine, SamplePiece } from '../../core/sampled.ts'
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
    { of: 'Method', says: [result.method] },
    ...systemLines(result.system),
    ...result.readBacks.map(readBackLine),
    ...result.direct.flatMap(directLines),
    ...(result.port53 === null ? [] : port53Lines(result.port53)),
    ...result.nodes.map(
      ({ server, service, node, code }): SampleLine => ({
        of: theirs(server),
        says: [`${service} node `, theirs(node), ` at ${code}`],
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
      const of = `System, ${samples.length} of ${system.length} names`
      if ('failure' in first) return { of, says: [first.failure] }
      const via = first.server === null ? [] : [' through ', theirs(first.server)]
      return { of, says: [theirs(first.address), ' asked', ...via, `: ${timesText(timesOf(samples))}`] }
    },
  )
}

function readBackLine({ address, sightings }: ReadBack): SampleLine {
  const subnets = sightings.flatMap(({ ecs }) => ecs ?? [])
  return {
    of: 'Read back',
    says: [
      ...(address === null ? ['a name without an address'] : [theirs(address)]),
      ...(sightings.length === 0
        ? [', seen by nobody']
        : [', asked for by ', ...theirList(sightings.map(({ ns }) => ns))]),
      ...(subnets.length === 0 ? [] : [', client subnet ', ...theirList(subnets)]),
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
      const sent: readonly SamplePiece[] = first.ecs === null ? [] : [', client subnet ', theirs(first.ecs)]
      const times = `: ${timesText(timesOf(samples))}`
      return {
        of,
        says: ['asked as ', theirs(first.ns), ...sent, ` over ${first.transport.toUpperCase()}`, times],
      }
    },
  )
  const scope = subnet?.scope ?? null
  return [
    ...named,
    ...(cachedMs.length === 0 ? [] : [{ of, says: [`a known name: ${timesText(cachedMs)}`] }]),
    ...(subnet === null
      ? []
      : [
          {
            of,
            says: ['sends subnet ', theirs(subnet.sent), scope === null ? ', no scope' : `, scope ${scope}`],
          },
        ]),
    ...(invented.length === 0
      ? []
      : [{ of, says: ['invents ', ...theirList(invented), ' for no such name'] }]),
    ...(strays === 0 ? [] : [{ of, says: [`answers that belong to no question: ${strays}`] }]),
  ]
}

function port53Lines({ beacon, silent }: Port53): readonly SampleLine[] {
  const of = 'Beacon, asked directly'
  const straight: SampleLine =
    'failure' in beacon
      ? { of, says: [beacon.failure] }
      : {
          of,
          says: [
            theirs(beacon.address),
            beacon.authoritative ? ', authoritative' : ', not authoritative',
            beacon.recursionAvailable ? ', offers recursion' : '',
            ...(beacon.ns === null ? [', saw nobody'] : [', saw ', theirs(beacon.ns)]),
          ],
        }
  if (silent === null) return [straight]
  const node = silent.node === null ? [] : [' as ', theirs(silent.node)]
  const answered = silent.answered ? ' answered' : ' was silent, as it should be'
  return [straight, { of: 'An address without DNS', says: [theirs(silent.address), answered, ...node] }]
}
