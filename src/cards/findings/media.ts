import { FAILURES } from '../../core/failure.ts'
import type { MediaFindings, MediaSeen } from '../../core/findings/media.ts'
import { countText, listText, msText } from '../formats.ts'
import { outside } from '../text.ts'
import type { FindingWords } from './words.ts'

/** What people read of each finding about the path of Teams media. */
export const MEDIA_WORDS: FindingWords<MediaFindings> = {
  'media-seen': {
    severity: 'fact',
    sentence: ({ destinations, hops }) =>
      `Media over UDP: ${listText(destinations.map(seenText))}.${
        hops === null ? '' : ` The relay is ${countText(hops, 'hop')} away.`
      }`,
    remedy: null,
    source:
      'RFC 3550 6.4.1 and A.8 (jitter, on round trips); Microsoft Teams, prepare your network, 25 Mar 2019',
  },
}

function seenText({ to, failure, sent, lost, medianMs, jitterMs, reordered }: MediaSeen): string {
  const where = outside(to)
  if (failure !== null) return `nothing was sent to ${where} (${FAILURES[failure]})`
  if (medianMs === null) return `none of ${countText(sent, 'datagram')} to ${where} was answered`
  const jitter = jitterMs === null ? '' : `, jitter ${msText(jitterMs)}`
  const order = reordered === 0 ? '' : `, ${reordered} out of order`
  return `${lost} of ${countText(sent, 'datagram')} to ${where} lost, ${msText(medianMs)} round trip${jitter}${order}`
}
