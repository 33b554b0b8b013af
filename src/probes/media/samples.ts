import type { SampleLine } from '../../core/sampled.ts'
import { t } from '../../core/t.ts'
import { least, median } from '../shared/numbers.ts'
import { lookupLines, theirs, timesText } from '../shared/samples.ts'
import type { MediaResult, Train } from './result.ts'

/** Places in the train of lost packets that are named; the rest is counted. */
const PLACES_MAX = 12

/** The counts of every train, with the first of its times as they came, then the hops and the lookups. */
export function mediaSamples({ target, system, trains, hops }: MediaResult): readonly SampleLine[] {
  return [
    ...trains.flatMap(trainLines),
    ...(hops === null ? [] : [{ of: t`Hops`, says: ['failure' in hops ? hops.failure : String(hops.hops)] }]),
    { of: t`Host`, says: [theirs(target)] },
    ...lookupLines(target, system),
  ]
}

function trainLines(train: Train): readonly SampleLine[] {
  const of = theirs(train.to)
  if ('failure' in train) return [{ of, says: [train.failure] }]
  const { packets, blurred, reordered, duplicates } = train
  const times = packets.flatMap((ms) => ms ?? [])
  const lost = packets.flatMap((ms, index) => (ms === null ? [index + 1] : []))
  const more = lost.length > PLACES_MAX ? t` +${lost.length - PLACES_MAX} more` : ''
  const where = lost.length === 0 ? '' : t` (number ${lost.slice(0, PLACES_MAX).join(', ')}${more})`
  const counts = [
    t`${packets.length + blurred} sent`,
    t`${times.length + blurred} answered`,
    t`${lost.length} lost${where}`,
    t`${reordered} reordered`,
    t`${duplicates} doubled`,
    ...(blurred === 0 ? [] : [t`${blurred} not timed, for the runner was busy`]),
  ]
  const summary =
    times.length === 0
      ? []
      : [
          {
            of,
            says: [
              t`least ${least(times) ?? ''} ms, median ${median(times) ?? ''} ms, most ${Math.max(...times)} ms`,
            ],
          },
          { of, says: [timesText(times)] },
        ]
  return [{ of, says: [counts.join(', ')] }, ...summary]
}
