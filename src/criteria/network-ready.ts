import type { Criterion, Evidence } from '../core/evidence.ts'
import type { DoorTimed } from '../core/finding.ts'
import type { Limit, Remedy } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import { timedDoors } from './door-times.ts'
import { judgeDownload } from './download-evidence.ts'
import { judgeMedia, open, type Weighed } from './media-evidence.ts'
import { provedProxy } from './proxy-evidence.ts'
import { type Judged, limitOf, missing, ruleByRunner, unlearned } from './shared.ts'
import { limitText, msText } from './words.ts'

/** Microsoft's assessment gives 80 of 100, "meets recommendations", up to a median of 25 ms. */
const RECOMMENDED_MS = 25
const ASSESSMENT = t`Microsoft 365 network assessment, 5 Apr 2024`

const REMEDY: Remedy = {
  order: 3,
  act: t`Shorten the way to Microsoft, or state the target that fits the office`,
  how: t`Compare the access line with its contract; far places need a target of their own.`,
  mendedBy: ['local-egress', 'local-dns', 'no-hairpin', 'no-proxy-or-inspection'],
}

/**
 * Required, step 1: the round trip meets the office's own target, and a Teams call would be good. Where a proxy ends TCP
 * the round trip says nothing, but media goes by UDP past it: it still fails, and cannot make a pass.
 */
export const networkReady: Criterion = {
  id: 'network-ready',
  version: 4,
  level: 'required',
  title: t`Network ready`,
  step: t`step 1`,
  rule:
    t`Passes when the median round trip to the worst door that applications get meets the office's target, or 25 ms ` +
    t`without one, and media to the Teams relays loses less than 1 %, takes less than 100 ms there and back and has ` +
    t`less than 30 ms of jitter. Fails above a target, and when media to every relay asked is over a limit or two do ` +
    t`not answer; without a target more than 25 ms is unproven. A download, ` +
    t`where one was asked for and measured, fails below the office's target, or 1 MB/s without one.`,
  restsOn: ['rtt', 'tls', 'resolver', 'reach', 'media', 'throughput', 'buffer-bloat'],
  judge: (evidence) =>
    ruleByRunner(evidence, networkReady, REMEDY, (runnerId) => judgeReady(evidence, runnerId)),
}

/** What fails decides, the number farthest over its limit first; then what is unproven; a pass needs every part. */
function judgeReady(evidence: Evidence, runnerId: string): Judged {
  const download = judgeDownload(evidence, runnerId)
  const parts: [Weighed, ...Weighed[]] = [
    judgeRoundTrip(evidence, runnerId),
    judgeMedia(evidence, runnerId),
    ...(download.part === null ? [] : [download.part]),
  ]
  const signals = [...parts.flatMap((part) => part.signals ?? []), ...download.signals]
  const failing = parts.filter(({ verdict }) => verdict === 'fail').toSorted((a, b) => b.factor - a.factor)
  const { factor: _, ...decides } =
    failing[0] ?? parts.find(({ verdict }) => verdict === 'unproven') ?? passing(parts)
  return { ...decides, signals }
}

function passing(parts: readonly [Weighed, ...Weighed[]]): Weighed {
  return { ...parts[0], because: parts.map(({ because }) => because).join(' ') }
}

function judgeRoundTrip(evidence: Evidence, runnerId: string): Weighed {
  const { limit, value, isTarget } = targetOf(evidence)
  if (provedProxy(evidence, runnerId)) {
    return open(t`A proxy ends the connections, so round trips say nothing about the way beyond it.`, {
      limit,
    })
  }
  const { certain, possible } = timedDoors(evidence, runnerId)
  const worst = worstOf(certain)
  const word = isTarget ? t`target\u00a0${msText(value)}` : limitText(msText(value))
  if (isTarget && worst !== null && worst.medianMs > value) {
    return { verdict: 'fail', because: `${says(worst)}, ${word}.`, limit, factor: worst.medianMs / value }
  }
  const gap =
    unlearned(evidence, runnerId, 'rtt', t`The round trip`) ??
    missing(evidence, runnerId, ['rtt', 'tls', 'resolver', 'reach'])
  if (gap !== null) return open(gap, { limit })
  const doors = [...certain, ...possible]
  const worstOfAll = worstOf(doors)
  if (worstOfAll === null) return open(t`No front door that applications get was timed.`, { limit })
  if (doors.some((door) => door.medianMs === null)) {
    return open(t`A front door that applications get did not answer in time.`, { limit })
  }
  const because = `${says(worstOfAll)}, ${word}.`
  if (worstOfAll.medianMs <= value) return { verdict: 'pass', because, limit, factor: 0 }
  return open(because, { limit, offer: 'set-target' })
}

/** The office's own target, an override of the limit, or Microsoft's recommendation, which is no target. */
function targetOf(evidence: Evidence): {
  readonly limit: Limit
  readonly value: number
  readonly isTarget: boolean
} {
  const { rttMs } = evidence.office.targets
  if (rttMs !== undefined) {
    return {
      limit: { text: msText(rttMs), source: t`the office's own target` },
      value: rttMs,
      isTarget: true,
    }
  }
  const applied = limitOf(evidence, 'network-ready', RECOMMENDED_MS, ASSESSMENT)
  return { limit: applied.limit(msText(applied.value)), value: applied.value, isTarget: applied.overridden }
}

type Answered = DoorTimed & { readonly medianMs: number }

function worstOf(doors: readonly DoorTimed[]): Answered | null {
  const answered = doors.filter((door): door is Answered => door.medianMs !== null)
  const [first, ...rest] = answered
  return first === undefined
    ? null
    : rest.reduce((worst, door) => (door.medianMs > worst.medianMs ? door : worst), first)
}

function says(door: Answered): string {
  return t`${msText(door.medianMs)} to ${door.code ?? t`the door`}`
}
