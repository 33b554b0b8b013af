import { FAILURES } from '../../core/failure.ts'
import type { EgressFindings } from '../../core/findings/egress.ts'
import { t } from '../../core/t.ts'
import { kmText, listText } from '../formats.ts'
import { outside } from '../text.ts'
import { locatedText } from './located-text.ts'
import type { FindingWords } from './words.ts'

/** What people read of each finding about ways out to the Internet. */
export const EGRESS_WORDS: FindingWords<EgressFindings> = {
  'relay-egress-seen': {
    severity: 'fact',
    sentence: ({ flows, region }) =>
      `${
        flows.length === 0
          ? t`No flow was sent to the Teams relay`
          : t`The Teams relay saw ${listText([
              ...new Set(
                flows.map(({ to, from, failure }) =>
                  from === null
                    ? `nothing at ${outside(to)}: ${FAILURES[failure ?? 'timeout']}`
                    : locatedText(from),
                ),
              ),
            ])}`
      }.${region === null ? '' : t` Its region is ${outside(region)}.`}`,
    remedy: null,
    source: t`RFC 8489: the relay answers with the address it sees`,
  },
  'relay-region-seen': {
    severity: 'fact',
    sentence: ({ host, region, label, km, nearest }) =>
      t`${outside(host)} leads to the region ${[
        outside(region),
        label === null ? '' : outside(label),
        km === null ? '' : t`${kmText(km)} away`,
      ]
        .filter((text) => text !== '')
        .join(', ')}.${
        nearest === null
          ? ''
          : t` The nearest known region is ${outside(nearest.code)}, ${kmText(nearest.km)} away.`
      }`,
    remedy: null,
    source: t`Recorded CNAMEs of Teams relays, 2020 to 2024; Azure geographies`,
  },
  'default-egress-seen': {
    severity: 'fact',
    sentence: ({ from }) => t`Other traffic leaves from ${locatedText(from)}. This is shown, not judged.`,
    remedy: null,
    source: t`The address that the hub, or an echo, sees`,
  },
  'beacon-egress-seen': {
    severity: 'fact',
    sentence: ({ from }) =>
      t`The beacon saw UDP leave from ${listText(from.map(locatedText))}. This is shown, not judged.`,
    remedy: null,
    source: t`RFC 8489: the beacon answers with the address it sees`,
  },
}
