import { FAILURES } from '../../core/failure.ts'
import type { MediaFindings, MediaSeen } from '../../core/findings/media.ts'
import { t } from '../../core/t.ts'
import { countText, listText, msText } from '../formats.ts'
import { outside } from '../text.ts'
import type { FindingWords } from './words.ts'

/** What people read of each finding about the path of Teams media. */
export const MEDIA_WORDS: FindingWords<MediaFindings> = {
  'media-seen': {
    severity: 'fact',
    sentence: ({ destinations, hops }) =>
      t`Media over UDP: ${listText(destinations.map(seenText))}.${
        hops === null ? '' : t` The relay is ${countText(hops, 'hop')} away.`
      }`,
    remedy: null,
    source: t`RFC 3550 6.4.1 and A.8 (jitter, on round trips); Microsoft Teams, prepare your network, 25 Mar 2019`,
  },
}

function seenText({ to, failure, sent, lost, medianMs, jitterMs, reordered }: MediaSeen): string {
  const where = outside(to)
  if (failure !== null) return t`nothing was sent to ${where} (${FAILURES[failure]})`
  if (medianMs === null) return t`none of ${countText(sent, 'datagram')} to ${where} was answered`
  const jitter = jitterMs === null ? '' : t`, jitter ${msText(jitterMs)}`
  const order = reordered === 0 ? '' : t`, ${reordered} out of order`
  return t`${lost} of ${countText(sent, 'datagram')} to ${where} lost, ${msText(medianMs)} round trip${jitter}${order}`
}
