import type { SampleLine } from '../../core/sampled.ts'
import { t } from '../../core/t.ts'
import { failuresText, lookupLines, theirs, timesText } from '../shared/samples.ts'
import type { Series, ThroughputResult } from './result.ts'

/** The download, and the round trips before and during it. */
export function throughputSamples(result: ThroughputResult): readonly SampleLine[] {
  const { target, system, address, idle, loaded, download } = result
  return [
    {
      of: t`From`,
      says: [theirs(target), ...(address === null ? [t`, no public address`] : [t` at `, theirs(address)])],
    },
    ...(download === null ? [] : [{ of: t`Download`, says: [downloadText(download)] }]),
    ...(idle === null ? [] : [{ of: t`TCP before`, says: [seriesText(idle)] }]),
    ...(loaded === null ? [] : [{ of: t`TCP during`, says: [seriesText(loaded)] }]),
    ...lookupLines(target, [system]),
  ]
}

function downloadText(download: NonNullable<ThroughputResult['download']>): string {
  if ('failure' in download) return download.failure
  const { status, bytes, ms, ended } = download
  const end = { whole: 'whole', bytes: t`ended after enough bytes`, time: t`ended by time` }[ended]
  return t`HTTP ${status}, ${bytes} bytes in ${timesText([ms])}, ${end}`
}

function seriesText({ tcpMs, failures }: Series): string {
  const words = failuresText(failures)
  return `${timesText(tcpMs)}${words === '' ? '' : `; ${words}`}`
}
