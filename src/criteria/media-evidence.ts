import type { Evidence } from '../core/evidence.ts'
import { findingsOf } from '../core/evidence.ts'
import type { MediaSeen } from '../core/finding.ts'
import type { Remedy, Signal } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import { CONNECTIVITY_TEST, type Judged, unlearned, unproven } from './shared.ts'
import { limitText, msText, percentText } from './words.ts'

/** What Microsoft's test call must stay below: loss in percent, round trip and jitter in ms (4 Dec 2024; Teams' own page agrees). */
const LOSS_PERCENT = 1
const ROUND_TRIP_MS = 100
const JITTER_MS = 30

/** One or two lost datagrams are no rate: 1 % of the usual 500 is five, and of a short train not even one. */
const LEAST_LOST = 3

const OPEN_UDP: Remedy = {
  order: 3,
  act: t`Let UDP 3478 to 3481 out to Teams`,
  how: t`Allow it to the Optimize ranges of Teams on the firewall, past proxies and VPNs.`,
}

const MEND_PATH: Remedy = {
  order: 3,
  act: t`Find what delays or loses Teams media`,
  how: t`Compare with a wired device at the way out; look at the line’s load, queues and Wi-Fi.`,
  mendedBy: ['local-egress', 'no-hairpin'],
}

/** What one part of readiness says, and how far its number is over its limit; 0 where it does not fail. */
export type Weighed = Judged & { readonly factor: number }

/** Unproven, so over no limit. */
export function open(because: string, rest: Omit<Judged, 'verdict' | 'because'> = {}): Weighed {
  return { ...unproven(because, rest), factor: 0 }
}

/** A number of one destination that is over its limit, and by how much. */
interface Breach {
  readonly says: string
  readonly limit: string
  readonly factor: number
}

interface Judging {
  readonly seen: MediaSeen
  readonly state: 'good' | 'broken' | 'silent' | 'doubtful' | 'not-sent'
  readonly breach: Breach | null
}

/**
 * What a runner's trains say about media. It fails when every destination is over a limit or silent, and silence needs
 * two of them: a single relay may be at fault.
 */
export function judgeMedia(evidence: Evidence, runnerId: string): Weighed {
  const found = findingsOf(evidence, 'media-seen', runnerId)
  const gap = unlearned(evidence, runnerId, 'media', t`Media`)
  const all = found.flatMap(({ args }) => args.destinations).map(judged)
  const sent = all.filter(({ state }) => state !== 'not-sent')
  const signals = all.map(signalOf)
  const bad = sent.filter(({ state }) => state === 'broken' || state === 'silent')
  const worst = worstOf(bad)
  if (sent.length > 0 && bad.length === sent.length) {
    if (worst !== null) {
      const limit = { text: worst.limit, source: CONNECTIVITY_TEST }
      const because = t`Media ${worst.says}, ${limitText(worst.limit)}.`
      return { verdict: 'fail', because, limit, signals, remedy: MEND_PATH, factor: worst.factor }
    }
    if (new Set(sent.map(({ seen }) => seen.to)).size > 1) {
      const because = t`UDP 3478 is answered by none of ${sent.length} Teams relays, so media is blocked.`
      const limit = { text: t`an answer`, source: CONNECTIVITY_TEST }
      return { verdict: 'fail', because, limit, signals, remedy: OPEN_UDP, factor: Number.POSITIVE_INFINITY }
    }
  }
  if (gap !== null) return open(gap)
  if (all.length > 0 && all.every(({ state }) => state === 'good')) {
    const lost = sent.reduce((sum, { seen }) => sum + seen.lost, 0)
    const of = sent.reduce((sum, { seen }) => sum + seen.sent, 0)
    return {
      verdict: 'pass',
      because: t`Media is good: ${lost} of ${of} datagrams lost.`,
      signals,
      factor: 0,
    }
  }
  return open(doubt(all, worst), { signals, remedy: MEND_PATH })
}

function doubt(all: readonly Judging[], worst: Breach | null): string {
  if (worst !== null) return t`Media ${worst.says}, ${limitText(worst.limit)}, to one Teams relay alone.`
  if (all.some(({ state }) => state === 'silent'))
    return t`One Teams relay alone does not answer on UDP 3478.`
  const few = all.find(({ state }) => state === 'doubtful')?.seen
  if (few !== undefined) {
    return t`Media loses ${few.lost} of ${few.sent} datagrams, too few to tell ${percentText(LOSS_PERCENT)}.`
  }
  return t`Not every Teams relay could be asked for media.`
}

function judged(seen: MediaSeen): Judging {
  if (seen.failure !== null || seen.sent === 0) return { seen, state: 'not-sent', breach: null }
  if (seen.medianMs === null) return { seen, state: 'silent', breach: null }
  const percent = (100 * seen.lost) / seen.sent
  const breaches: Breach[] = []
  if (percent >= LOSS_PERCENT && seen.lost >= LEAST_LOST) {
    const says = t`loses ${percentText(percent)} of ${seen.sent} datagrams`
    breaches.push({ says, limit: percentText(LOSS_PERCENT), factor: percent / LOSS_PERCENT })
  }
  if (seen.medianMs >= ROUND_TRIP_MS) {
    const says = t`takes ${msText(seen.medianMs)} there and back`
    breaches.push({ says, limit: msText(ROUND_TRIP_MS), factor: seen.medianMs / ROUND_TRIP_MS })
  }
  if (seen.jitterMs !== null && seen.jitterMs >= JITTER_MS) {
    const says = t`has a jitter of ${msText(seen.jitterMs)}`
    breaches.push({ says, limit: msText(JITTER_MS), factor: seen.jitterMs / JITTER_MS })
  }
  const breach = greatest(breaches)
  if (breach !== null) return { seen, state: 'broken', breach }
  // Without a jitter there were too few answers to know one.
  const unsettled = percent >= LOSS_PERCENT || seen.jitterMs === null
  return { seen, state: unsettled ? 'doubtful' : 'good', breach: null }
}

function worstOf(all: readonly Judging[]): Breach | null {
  return greatest(all.flatMap(({ breach }) => breach ?? []))
}

function greatest(breaches: readonly Breach[]): Breach | null {
  const [first, ...rest] = breaches
  return first === undefined
    ? null
    : rest.reduce((worst, one) => (one.factor > worst.factor ? one : worst), first)
}

const WORDS: Readonly<Record<Judging['state'], string>> = {
  good: t`inside limits`,
  broken: t`outside limits`,
  silent: t`unanswered`,
  doubtful: t`not settled`,
  'not-sent': t`not observed`,
}

function signalOf({ seen, state, breach }: Judging): Signal {
  const numbers =
    seen.medianMs === null
      ? t`none of ${seen.sent} datagrams answered`
      : t`${seen.lost} of ${seen.sent} datagrams lost, ${msText(seen.medianMs)} there and back`
  const says = breach === null ? `${seen.to}: ${numbers}.` : `${seen.to}: ${breach.says}.`
  return { name: t`Media`, word: WORDS[state], says }
}
