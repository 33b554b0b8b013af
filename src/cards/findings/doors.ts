import { FAILURES } from '../../core/failure.ts'
import type { DoorSeen, DoorTimed } from '../../core/finding.ts'
import type { DoorFindings } from '../../core/findings/doors.ts'
import { t } from '../../core/t.ts'
import { countText, kmText, listText, msText } from '../formats.ts'
import { outside } from '../text.ts'
import type { FindingWords } from './words.ts'

function doorText(door: DoorSeen): string {
  const code = door.header ?? door.named
  const km = door.header === null ? door.namedKm : door.headerKm
  const parts = [code === null ? t`a door with no name` : outside(code)]
  if (km !== null) parts.push(t`${kmText(km)} away`)
  if (door.named !== null && door.header !== null && door.named !== door.header)
    parts.push(t`though DNS named ${outside(door.named)}`)
  if (!door.reached)
    parts.push(door.failure === null ? t`not reached` : t`not reached: ${FAILURES[door.failure]}`)
  if (door.servers.length > 0) parts.push(t`by the word of ${listText(door.servers.map(outside))}`)
  return parts.join(', ')
}

function timedText(door: DoorTimed): string {
  const name =
    door.code === null ? outside(door.address) : t`${outside(door.code)} at ${outside(door.address)}`
  if (door.minMs === null) return t`${name} gave no time: ${FAILURES[door.failure ?? 'timeout']}`
  const median = door.medianMs === null ? '' : t`, ${msText(door.medianMs)} usually`
  const km = door.km === null ? '' : t`, ${kmText(door.km)} away`
  return t`${name}${km}: ${msText(door.minMs)} at best${median}`
}

/** What people read of each finding about front doors and edges. */
export const DOOR_WORDS: FindingWords<DoorFindings> = {
  'doors-seen': {
    severity: 'fact',
    sentence: ({ host, doors, nearest }) =>
      t`${outside(host)} leads to ${doors.length === 0 ? t`no door` : listText(doors.map(doorText))}.${
        nearest === null
          ? ''
          : t` The nearest known door is ${outside(nearest.code)}, ${kmText(nearest.km)} away.`
      }`,
    remedy: null,
    source: t`Recorded CNAME chains and first-hop headers, 2017 to 2026`,
  },
  'edge-seen': {
    severity: 'fact',
    sentence: ({ host, code, km, label, minMs }) =>
      t`${outside(host)} takes the traffic in at ${[
        code === null ? t`an edge that gives no name` : outside(code),
        label === null ? '' : outside(label),
        km === null ? '' : t`${kmText(km)} away`,
        minMs === null ? '' : t`${msText(minMs)} at best`,
      ]
        .filter((text) => text !== '')
        .join(', ')}.`,
    remedy: null,
    source: t`Recorded X-MSEdge-Ref headers, 2018 to 2026`,
  },
  'door-timed': {
    severity: 'fact',
    sentence: ({ host, doors }) =>
      doors.length === 0
        ? t`No door of ${outside(host)} was timed.`
        : t`Round trips to ${outside(host)}: ${listText(doors.map(timedText))}.`,
    remedy: null,
    source: t`Microsoft performance baselines, 15 Aug 2023: TCP, not ICMP`,
  },
  'ipv6-unanswered': {
    severity: 'warning',
    sentence: ({ host, source, addresses, attempts, over4Ms }) =>
      t`IPv6 is given out here and leads nowhere: ${countText(attempts, 'connect')} from ${outside(source)} to ${outside(host)} at ${listText(addresses.map(outside))} had no answer, while IPv4 answers in ${msText(over4Ms)}. Applications that try IPv6 first wait before they fall back.`,
    remedy: t`Carry IPv6 to the Internet as IPv4 is carried, and let it through to Microsoft’s published IPv6 ranges; else do not announce it to the office.`,
    source: t`RFC 8305: applications try IPv6 first, and fall back after a wait`,
  },
}
